/* Shows the buttons that work only with a script. */
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
/* The share sheet of a phone. */
for (const button of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.share({ title: document.title, url: document.getElementById(button.dataset.share).value });
    } catch {
      /* The person closed the share sheet. */
    }
  });
}
/* A screen reader reads the sentence again if the sentence was removed before. */
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    const said = button.nextElementSibling;
    said.textContent = "";
    setTimeout(() => (said.textContent = button.dataset.done), 50);
  });
}
/* Parts of a page that are open stay open when the person comes back to the page. On paper, all parts except the long ones
   are open. */
const folds = [...document.querySelectorAll("details[id]")];
const isOpen = new Set(history.state?.open);
for (const fold of folds) {
  if (isOpen.has(fold.id)) fold.open = true;
  fold.addEventListener("toggle", () => {
    history.replaceState({ ...history.state, open: folds.filter((each) => each.open).map((each) => each.id) }, "");
  });
}
let closed = [];
addEventListener("beforeprint", () => {
  closed = folds.filter((fold) => !fold.open && !("long" in fold.dataset));
  for (const fold of closed) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of closed) fold.open = false;
});
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
/* After answers are deleted or forgotten, removes these answers from the storage of the browser, and lets the other tabs
know (forgetting.js). The mark says nothing about an attempt. */
for (const { dataset } of document.querySelectorAll("[data-forget]")) {
  for (const [store, key] of findStored(dataset.forget)) store.removeItem(key);
  try {
    localStorage.setItem("fitquiz-forgotten", String(Date.now()));
  } catch {
    /* The browser refuses storage. */
  }
}
/* Shows what is only for a browser that stores answers. */
for (const part of document.querySelectorAll("[data-stored]")) {
  part.hidden = findStored(part.dataset.stored).length === 0;
}
