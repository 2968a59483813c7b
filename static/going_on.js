/* On the start page, also counts the answers that wait in this browser. The server has not stored these answers yet. */

/* The browser can refuse storage. */
function isWaiting(handle, item) {
  try {
    return localStorage.getItem(`fitquiz-answers-${handle}.${item}`) !== null;
  } catch {
    return false;
  }
}

function listLeft(handle, { dataset }) {
  return dataset.left.split(" ").filter((item) => item && !isWaiting(handle, item));
}

/* Show the first chapter with something left, or else the last text: all is done. */
function tell(texts) {
  const { handle } = texts.dataset;
  const chapters = [...texts.querySelectorAll("[data-left]")];
  const shown = chapters.find((each) => listLeft(handle, each).length) ?? texts.lastElementChild;
  for (const each of texts.children) each.hidden = each !== shown;
  if (!("left" in shown.dataset)) return;
  const answered = shown.dataset.count - listLeft(handle, shown).length;
  if (answered) shown.textContent = shown.dataset.some.replace("{answered}", answered);
}

function tellAll() {
  for (const texts of document.querySelectorAll("[data-handle]")) tell(texts);
}

/* Back can bring back the page as it was left. The server knows more answers since then. */
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("storage", tellAll);
tellAll();
