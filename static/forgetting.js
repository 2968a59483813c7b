/* Empties a page with answers as soon as the device has forgotten answers in another tab. On a shared device, also
empties the page after 30 minutes without use. The page then loads itself again, and the server says why.
On a kiosk, kiosk.js does this. */
const MARK = "fitquiz-forgotten";
/* The server forgets the attempt after 30 minutes. A request some seconds later does not renew the cookie. */
const IDLE_MS = 1810000;
const STEP_MS = 5000;
const USE_MS = 1000;

const { handle, device } = document.getElementById("forgetting").dataset;
const isShared = device === "shared";
/* The tabs of a shared device tell one another which attempt is in use. */
const channel = new BroadcastChannel("fitquiz-in-use");
const mark = readMark();

let usedAt = Date.now();
let isEmpty = false;

/* The mark changes when the device forgets answers. The browser can refuse storage. */
function readMark() {
  try {
    return localStorage.getItem(MARK);
  } catch {
    return null;
  }
}

/* Compare times, because a timer stops while the device sleeps. The clock does not stop. */
function check() {
  const isIdle = isShared && Date.now() - usedAt >= IDLE_MS;
  if (isIdle || readMark() !== mark) empty();
}

/* Load the address without its fragment, because the same address with a fragment would only scroll. */
function empty() {
  if (isEmpty) return;
  isEmpty = true;
  document.title = "Fitquiz";
  document.body.hidden = true;
  location.replace(location.pathname + location.search);
}

function use() {
  check();
  if (isEmpty || Date.now() - usedAt < USE_MS) return;
  usedAt = Date.now();
  channel.postMessage(handle);
}

/* Another tab with the same attempt keeps this page. With another attempt, the next person has begun. */
function hear({ data }) {
  if (data === handle) usedAt = Date.now();
  else empty();
}

function watchUse() {
  channel.addEventListener("message", hear);
  channel.postMessage(handle);
  setInterval(check, STEP_MS);
  for (const type of ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"]) {
    addEventListener(type, use, { capture: true, passive: true });
  }
  /* The Back button can bring back a page as it was left. Such a page first shows nothing. */
  addEventListener("pagehide", () => {
    document.body.hidden = true;
  });
}

addEventListener("storage", check);
document.addEventListener("visibilitychange", check);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  isEmpty = false;
  if (isShared) empty();
  else check();
});
/* Answers that wait stay in the storage. The question of answering.js would keep the empty page open. */
addEventListener("beforeunload", (event) => {
  if (isEmpty) event.stopImmediatePropagation();
});
/* Who begins on an own device also closes the attempt of an earlier person. */
function tellBeginning() {
  const before = document.referrer && new URL(document.referrer).pathname;
  if (before.endsWith("/begin")) channel.postMessage(handle);
}

if (isShared) watchUse();
else tellBeginning();
