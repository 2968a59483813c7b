/* Lets digit keys press the answer buttons, and shows the buttons that work only with a script. */
const answers = document.querySelector("[data-digits]");
if (answers) {
  const ready = performance.now() + 250;
  let sent = false;
  answers.addEventListener("keydown", (event) => {
    const button = answers.querySelectorAll("button")[event.key - 1];
    const plain = !(event.ctrlKey || event.altKey || event.metaKey || event.repeat);
    if (!/^[1-9]$/.test(event.key) || !button || !plain) return;
    event.preventDefault();
    if (sent || performance.now() < ready) return;
    sent = true;
    button.click();
  });
  /* The address moves the focus to the answers. After a reload or a step back, this code moves the focus again. */
  addEventListener("pageshow", (event) => {
    /* A page from the memory of the browser does not show the answer that was given on it. */
    if (event.persisted) location.reload();
    sent = false;
    if (document.activeElement === document.body) answers.focus({ preventScroll: true });
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}
/* After answers are deleted or forgotten, removes what the browser stores of them. */
const forgotten = document.querySelector("[data-forget]");
if (forgotten) {
  for (const store of [localStorage, sessionStorage]) {
    for (const key of Object.keys(store)) if (key.startsWith(forgotten.dataset.forget)) store.removeItem(key);
  }
}
