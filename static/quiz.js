/* Shows the buttons that work only with a script. */
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
/* The Back button must not open the address of an own link again. */
for (const form of document.querySelectorAll("form[data-hide-address]")) {
  form.addEventListener("submit", () => history.replaceState(null, "", form.dataset.hideAddress));
}
/* After answers are deleted or forgotten, removes these answers from the storage of the browser. */
const forgotten = document.querySelector("[data-forget]");
if (forgotten) {
  try {
    for (const store of [localStorage, sessionStorage]) {
      for (const key of Object.keys(store)) if (key.startsWith(forgotten.dataset.forget)) store.removeItem(key);
    }
  } catch {
    /* The browser refuses storage. */
  }
}
