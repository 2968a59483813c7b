/* A shared tablet: after three minutes without use, ask whether somebody is there. If nobody answers within
30 seconds, finish for the next person. Finish empties the page in all tabs, also without a network. */
const IDLE_MS = 180000;
const ASK_MS = 30000;
const STEP_MS = 10000;
const REQUEST_MS = 10000;
const RETRY_MS = 2000;

const finish = document.getElementById("finish");
const dialog = document.getElementById("still-there");
const left = document.getElementById("time-left");
const channel = new BroadcastChannel(`fitquiz-${finish.dataset.handle}`);
/* "leaving" until the server has forgotten the attempt, then "left". */
const state = `fitquiz-finish-${finish.dataset.handle}`;

let usedAt = Date.now();
let isLeaving = false;

/* Compare times, because a timer stops while the tablet sleeps. The clock does not stop. */
function watch() {
  const rest = usedAt + IDLE_MS + ASK_MS - Date.now();
  if (rest <= 0) {
    clearInterval(watching);
    /* Old tablets have no `requestSubmit`. */
    dialog.querySelector("[type=submit]").click();
  } else if (rest <= ASK_MS) {
    ask(Math.ceil(rest / STEP_MS) * (STEP_MS / 1000));
  }
}

function ask(seconds) {
  const text = left.dataset.pattern.replace("{seconds}", seconds);
  if (left.textContent !== text) left.textContent = text;
  if (!dialog.open) dialog.showModal();
}

/* While the dialog is open, only the buttons of the dialog count as use. Other touches may come from the next
person. */
function use() {
  if (isLeaving) return;
  watch();
  if (dialog.open) return;
  usedAt = Date.now();
  channel.postMessage("used");
}

/* Count the three minutes again, because somebody uses this tab or another tab of the attempt. */
function stay() {
  usedAt = Date.now();
  dialog.close();
}

/* Show nothing of the attempt any more, in all tabs. Return the element for the words of the empty page. */
function empty() {
  const words = document.createElement("p");
  words.setAttribute("role", "status");
  const main = document.createElement("main");
  main.append(words);
  document.title = "Fitquiz";
  document.body.replaceChildren(main);
  document.body.hidden = false;
  return words;
}

/* The page is empty, but answering.js still sends the last answers. */
function wait() {
  if (sessionStorage.getItem(state)) return;
  sessionStorage.setItem(state, "leaving");
  clearInterval(watching);
  empty().textContent = finish.dataset.finished;
}

/* Empty the page in all tabs of the attempt. Then let the server forget the attempt. */
function leave() {
  if (isLeaving) return;
  isLeaving = true;
  clearInterval(watching);
  sessionStorage.setItem(state, "leaving");
  channel.postMessage("finished");
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("fitquiz-answers-")) sessionStorage.removeItem(key);
  }
  sendFinish(empty());
}

async function sendFinish(words) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), REQUEST_MS);
  const body = new URLSearchParams(new FormData(finish));
  let next = () => sendFinish(words);
  try {
    const reply = await fetch(finish.action, { method: "POST", body, redirect: "manual", signal: controller.signal });
    if (reply.type === "opaqueredirect") return goToStart();
    /* The form token is too old. The page of the link has a new form. */
    if (reply.status < 500) next = () => location.replace(finish.dataset.start);
  } catch {
    /* The network is missing or too slow. */
  } finally {
    clearTimeout(timer);
  }
  words.textContent = finish.dataset.finished;
  setTimeout(next, RETRY_MS);
}

function goToStart() {
  sessionStorage.setItem(state, "left");
  location.replace(finish.dataset.start);
}

/* Return whether this page must not be shown any more. After "left", only the own link opens the attempt again. */
function isOver(comesBack) {
  const found = sessionStorage.getItem(state);
  if (found === "leaving" || (found && comesBack)) return true;
  sessionStorage.removeItem(state);
  return false;
}

const watching = setInterval(watch, 1000);
for (const type of ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"]) {
  addEventListener(type, use, { capture: true, passive: true });
}
/* The Back button can bring back a page as it was left. Such a page first shows nothing. */
addEventListener("pagehide", () => {
  document.body.hidden = true;
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  isLeaving = false;
  if (isOver(true)) leave();
  else location.reload();
});
channel.addEventListener("message", ({ data }) => {
  if (data === "finished") leave();
  else if (!isLeaving) stay();
});
dialog.addEventListener("close", () => {
  stay();
  channel.postMessage("used");
});
dialog.querySelector("[type=button]").addEventListener("click", () => dialog.close());
/* answering.js first sends the waiting answers. Then answering.js calls `submit`, which causes no event. */
finish.submit = leave;
document.addEventListener("finish-waits", wait);
finish.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  leave();
});
if (isOver(performance.getEntriesByType("navigation")[0]?.type === "back_forward")) leave();
