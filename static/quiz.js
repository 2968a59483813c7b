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
/* Returns pairs of a storage and a key. The browser can refuse storage. */
function findStored(prefix) {
  try {
    const listIn = (store) => Object.keys(store).map((key) => [store, key]);
    return [localStorage, sessionStorage].flatMap(listIn).filter(([, key]) => key.startsWith(prefix));
  } catch {
    return [];
  }
}
/* After answers are deleted or forgotten, removes these answers from the storage of the browser. */
for (const { dataset } of document.querySelectorAll("[data-forget]")) {
  for (const [store, key] of findStored(dataset.forget)) store.removeItem(key);
}
/* Shows what is only for a browser that stores answers. */
for (const part of document.querySelectorAll("[data-stored]")) {
  part.hidden = findStored(part.dataset.stored).length === 0;
}
