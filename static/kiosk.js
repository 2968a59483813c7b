/* A shared tablet: after three minutes without use, ask whether somebody is there. If nobody answers within
30 seconds, finish for the next person. */
const IDLE_MS = 180000;
const ASK_MS = 30000;
const STEP_MS = 10000;

const finish = document.getElementById("finish");
const dialog = document.getElementById("still-there");
const left = document.getElementById("time-left");
const channel = new BroadcastChannel(`fitquiz-${finish.dataset.handle}`);

let usedAt = Date.now();

/* Compare times, because a timer stops while the tablet sleeps. The clock does not stop. */
function watch() {
  const rest = usedAt + IDLE_MS + ASK_MS - Date.now();
  if (rest <= 0) {
    clearInterval(watching);
    finish.requestSubmit();
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

function forget(event) {
  if (event.defaultPrevented) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("fitquiz-answers-")) sessionStorage.removeItem(key);
  }
}

const watching = setInterval(watch, 1000);
for (const type of ["pointerdown", "pointermove", "keydown", "touchstart", "wheel"]) {
  addEventListener(type, use, { capture: true, passive: true });
}
addEventListener("pageshow", (event) => event.persisted && location.reload());
channel.addEventListener("message", stay);
dialog.addEventListener("close", () => {
  stay();
  channel.postMessage("used");
});
dialog.querySelector("[type=button]").addEventListener("click", () => dialog.close());
finish.addEventListener("submit", forget);
