/* Warns staff five minutes before they are signed out, and lets them stay with one press. Typing is no request to the
   server. Therefore, without the warning, somebody who writes for a long time would be signed out. */
const WARNING_MS = 5 * 60 * 1000;
const EVERY_MS = 1000;
const KEY = "staff-until";

const box = document.querySelector("[data-staying]");
const sentence = box.querySelector("p");
const button = box.querySelector("button");
let until = 0;
let told = "";

function tell(what) {
  if (what === told) return;
  told = what;
  sentence.textContent = box.dataset[what] ?? "";
  button.hidden = what !== "soon";
  box.hidden = what === "";
}

function look() {
  const left = until - Date.now();
  if (left <= 0) tell("over");
  else if (left > WARNING_MS) tell(told === "stayed" ? "stayed" : "");
  else if (told !== "late") tell("soon");
}

/* Other tabs of the same browser learn how long the sign-in lasts. A browser can refuse to store anything. */
function start(seconds) {
  until = Date.now() + seconds * 1000;
  try { localStorage.setItem(KEY, String(until)); } catch { /* Then each tab warns for itself. */ }
}

async function stay() {
  const body = new URLSearchParams({ csrf_token: box.dataset.token });
  const response = await fetch(box.dataset.address, { method: "POST", body, redirect: "error" }).catch(() => null);
  if (response === null) return;
  if (!response.ok) {
    tell("over");
    return;
  }
  const { seconds } = await response.json();
  start(seconds);
  tell(seconds * 1000 > WARNING_MS ? "stayed" : "late");
  sentence.focus();
}

button.addEventListener("click", stay);
addEventListener("storage", (event) => {
  if (event.key !== KEY) return;
  until = Math.max(until, Number(event.newValue));
  look();
});
start(Number(box.dataset.seconds));
setInterval(look, EVERY_MS);
look();
