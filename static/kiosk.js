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
const words = document.createElement("p");
words.setAttribute("role", "status");

let usedAt = Date.now();
let isEmpty = false;
let isLeaving = false;

/* Compare times, because a timer stops while the tablet sleeps. The clock does not stop. */
function watch() {
  const rest = usedAt + IDLE_MS + ASK_MS - Date.now();
  if (rest <= 0) {
    clearInterval(watching);
    press();
  } else if (rest <= ASK_MS && !isEmpty) {
    ask(Math.ceil(rest / STEP_MS) * (STEP_MS / 1000));
  }
}

/* Old tablets have no `requestSubmit`. */
function press() {
  finish.querySelector("button").click();
}

function ask(seconds) {
  const text = left.dataset.pattern.replace("{seconds}", seconds);
  if (left.textContent !== text) left.textContent = text;
  if (!dialog.open) dialog.showModal();
}

/* While the dialog is open, only the buttons of the dialog count as use. Other touches may come from the next
person. */
function use() {
  if (isEmpty) return;
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

/* Empty the page in all tabs of the attempt. The hidden form stays, because a form outside the page cannot be
sent. */
function empty() {
  if (isEmpty) return;
  isEmpty = true;
  sessionStorage.setItem(state, "leaving");
  channel.postMessage("leaving");
  const main = document.createElement("main");
  main.append(words, finish);
  finish.hidden = true;
  document.title = "Fitquiz";
  document.body.replaceChildren(main);
  document.body.hidden = false;
}

function wait() {
  empty();
  words.textContent = finish.dataset.finished;
}

/* Let the server forget the attempt. */
function leave() {
  if (isLeaving) return;
  isLeaving = true;
  clearInterval(watching);
  sendFinish();
}

async function sendFinish() {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), REQUEST_MS);
  const body = new URLSearchParams(new FormData(finish));
  let next = sendFinish;
  try {
    const reply = await fetch(finish.action, { method: "POST", body, redirect: "manual", signal: controller.signal });
    if (reply.type === "opaqueredirect") {
      channel.postMessage("left");
      return goToStart();
    }
    /* The form token is too old. The page of the link has a new form. */
    if (reply.status < 500) next = () => location.replace(finish.dataset.start);
  } catch {
    /* The network is missing or too slow. */
  } finally {
    clearTimeout(timer);
  }
  wait();
  setTimeout(next, RETRY_MS);
}

function goToStart() {
  empty();
  sessionStorage.setItem(state, "left");
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("fitquiz-answers-")) sessionStorage.removeItem(key);
  }
  location.replace(finish.dataset.start);
}

/* Return whether this page must not be shown any more. After "left", only the own link opens the attempt again. */
function isOver(comesBack) {
  const found = sessionStorage.getItem(state);
  if (found === "leaving" || (found && comesBack)) return true;
  sessionStorage.removeItem(state);
  return false;
}

function finishAgain() {
  wait();
  press();
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
  isEmpty = false;
  isLeaving = false;
  if (isOver(true)) finishAgain();
  else location.reload();
});
channel.addEventListener("message", ({ data }) => {
  if (data === "left") goToStart();
  else if (data === "leaving") wait();
  else if (!isEmpty) stay();
});
dialog.addEventListener("close", () => {
  stay();
  channel.postMessage("used");
});
dialog.querySelector("[type=button]").addEventListener("click", () => dialog.close());
/* If answers wait, answering.js prevents the event, saves the answers, and presses the button again. */
document.addEventListener("finish-waits", wait);
finish.addEventListener("submit", (event) => {
  empty();
  if (event.defaultPrevented) return;
  event.preventDefault();
  leave();
});
if (isOver(performance.getEntriesByType("navigation")[0]?.type === "back_forward")) finishAgain();
