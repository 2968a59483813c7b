/* Shows the next statement at once and sends the answers in the background.

The server stores an answer before it acknowledges the answer. Until then, the browser keeps the answer:
an own device in localStorage, a shared device in sessionStorage. Therefore an own device can collect a few answers and
send them together. A shared device sends each answer at once. */

const DOUBLE_TAP_MS = 300;
const DIGIT_PAUSE_MS = 700;
const REQUEST_MS = 20000;
const SLOW_MS = 4000;
const MAX_RETRY_MS = 15000;
const MAX_FAILURES = 24;
const COLLECT_MS = 15000;
const MAX_COLLECTED = 3;
const DOES_NOT_APPLY = -1;

const line = document.querySelector(".saving");
const form = document.querySelector("form.item");

const [navigation] = performance.getEntriesByType("navigation");

/* The time of the server when this page began to load. The clock of a device can be wrong. */
let beganAt = Number(line.dataset.now) - (navigation?.responseStart ?? 0);

/* The clock of the page can stand still while the device sleeps. */
function learnTime(now) {
  beganAt = Math.max(beganAt, now - performance.now());
}

/* Of two entries of one item, keep the later one. */
function addLater(entries, others) {
  for (const [item, entry] of Object.entries(others)) {
    if (!(entries[item]?.given >= entry.given)) entries[item] = entry;
  }
  return entries;
}

/* The browser can refuse storage. */
function tryStorage(work) {
  try {
    return work();
  } catch {
    return null;
  }
}

/* The answers that the server has not acknowledged, by item: {answer, given}. `given` is the time of the tap.
Each answer has a key of its own, because another tab can change the storage at the same moment. */
const waiting = {
  prefix: `fitquiz-answers-${line.dataset.handle}.`,
  /* The answers of this page, because the browser can refuse or delete the storage. */
  own: {},

  get area() {
    return line.dataset.keep === "device" ? localStorage : sessionStorage;
  },

  read() {
    const answers = {};
    tryStorage(() => {
      for (const key of Object.keys(this.area)) {
        const item = key.startsWith(this.prefix) && key.slice(this.prefix.length);
        const entry = item && this.readStored(item);
        if (entry?.given) answers[item] = entry;
      }
    });
    return addLater(answers, this.own);
  },

  readStored(item) {
    return tryStorage(() => JSON.parse(this.area.getItem(this.prefix + item)));
  },

  isStored() {
    return Object.entries(this.own).every(([item, { given }]) => this.readStored(item)?.given >= given);
  },

  add(item, entry) {
    this.own[item] = entry;
    try {
      this.area.setItem(this.prefix + item, JSON.stringify(entry));
    } catch {
      this.removeStored(item);
    }
  },

  /* Keep a later answer, which was given after `given`. */
  remove(item, given) {
    if (!(this.own[item]?.given > given)) delete this.own[item];
    if (!(this.readStored(item)?.given > given)) this.removeStored(item);
  },

  removeStored(item) {
    tryStorage(() => this.area.removeItem(this.prefix + item));
  },

  clear() {
    this.own = {};
    for (const item of Object.keys(this.read())) this.removeStored(item);
  },

  count() {
    return Object.keys(this.read()).length;
  },
};

let token = document.querySelector("[name=csrf_token]").value;
let isSending = false;
let isStuck = false;
let isLeaving = false;
let isClosed = false;
let failures = 0;
let nextSending;
let sentAt = -COLLECT_MS;
let leaveFor = null;
const requests = new Set();

function showSaving() {
  const count = waiting.count();
  const keep = waiting.isStored() ? line.dataset.keep : "tab";
  const status = line.querySelector("[role=status]");
  let pattern = leaveFor && count ? status.dataset.last : "";
  if (count && isStuck) pattern = status.dataset[keep + (count === 1 ? "One" : "Many")];
  const text = pattern.replace("{count}", count);
  if (status.textContent !== text) status.textContent = text;
  if (form) form.querySelector(".saved").hidden = count > 0 || isLeaving || !line.dataset.sent;
}

async function ask(options) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), REQUEST_MS);
  requests.add(controller);
  try {
    const reply = await fetch(line.dataset.items, { ...options, signal: controller.signal });
    const isJson = reply.headers.get("Content-Type")?.startsWith("application/json");
    return { status: reply.status, body: isJson ? await reply.json() : null };
  } finally {
    clearTimeout(timer);
    requests.delete(controller);
  }
}

function abortRequests() {
  for (const controller of requests) controller.abort();
}

/* Only the request of a closing page may outlive the page. Its reply never renews the cookie, because the
next person at a shared device can have begun before the reply comes. */
function postAnswers(answers, isClosing = false) {
  const list = Object.entries(answers).map(([item, entry]) => ({ item, ...entry }));
  return ask({
    method: "POST",
    keepalive: isClosing,
    body: new URLSearchParams({ csrf_token: token, closing: isClosing, answers: JSON.stringify(list) }),
  });
}

/* Return whether the waiting answers outlive a closed tab. */
function isKept() {
  return line.dataset.keep === "device" && waiting.isStored();
}

/* Send the waiting answers now, or let them wait for later answers. */
function sendSoon() {
  const rest = sentAt + COLLECT_MS - performance.now();
  if (!isKept() || isStuck || rest <= 0 || waiting.count() >= MAX_COLLECTED) return send();
  clearTimeout(nextSending);
  nextSending = setTimeout(send, rest);
}

/* Send the waiting answers until no answer waits. One request at a time keeps the order of the answers. */
async function send() {
  if (isClosed) return;
  clearTimeout(nextSending);
  if (isSending) return;
  isSending = true;
  let isAccepted = true;
  while (waiting.count() && isAccepted) {
    isAccepted = await sendOnce(waiting.read());
    showSaving();
  }
  isSending = false;
  isStuck = !isAccepted;
  showSaving();
  if (isAccepted) goOnIfSaved();
  else nextSending = setTimeout(renewAndSend, Math.min(500 * 2 ** failures, MAX_RETRY_MS));
}

/* Return whether the server has stored or refused an answer. */
async function sendOnce(answers) {
  sentAt = performance.now();
  const slow = setTimeout(() => {
    isStuck = true;
    showSaving();
  }, SLOW_MS);
  let isAccepted = false;
  try {
    isAccepted = readReply(answers, await postAnswers(answers));
  } catch {}
  clearTimeout(slow);
  isStuck = !isAccepted;
  failures = isAccepted ? 0 : failures + 1;
  return isAccepted;
}

function readReply(answers, { status, body }) {
  if (status === 200 && Array.isArray(body?.stored)) {
    learnTime(body.now);
    const settled = [...body.stored, ...body.refused];
    for (const item of settled) waiting.remove(item, answers[item].given);
    if (body.refused.length) leave(line.dataset.refused);
    else line.dataset.sent = "yes";
    return settled.length > 0;
  }
  leaveIfGone(status, body);
  return false;
}

/* The attempt was deleted, or this device does not hold the attempt any more. The next page explains this. */
function leaveIfGone(status, body) {
  if (body && status === 410) waiting.clear();
  if (body && (status === 404 || status === 410)) leave(location.href);
}

/* After the browser was closed, the form token is not valid. `load` reads a new token. */
async function renewAndSend() {
  await load();
  send();
}

function leave(address) {
  leaveFor = null;
  isLeaving = true;
  if (address === location.href) location.reload();
  else location.assign(address);
}

/* Open the next page as soon as all answers are saved. */
function goOnTo(address) {
  leaveFor = address;
  showSaving();
  send();
}

function goOnIfSaved() {
  if (leaveFor && !waiting.count()) leave(leaveFor);
}

/* Save the waiting answers before a shared tablet forgets the attempt. */
async function sendAndFinish(event) {
  if (!waiting.count() && !isSending) return;
  event.preventDefault();
  leaveFor = null;
  isLeaving = true;
  failures = 0;
  send();
  while ((waiting.count() || isSending) && failures < MAX_FAILURES) {
    if (isStuck) document.dispatchEvent(new Event("finish-waits"));
    await new Promise((done) => setTimeout(done, 100));
  }
  waiting.clear();
  event.target.querySelector("button").click();
}

document.getElementById("finish")?.addEventListener("submit", sendAndFinish);
addEventListener("beforeunload", (event) => {
  if (!isLeaving && isStuck && waiting.count() && !isKept()) event.preventDefault();
});
addEventListener("online", () => {
  abortRequests();
  setTimeout(send, 100);
});
document.addEventListener("visibilitychange", send);
/* The request arrives, but the closed page gets no reply. */
addEventListener("pagehide", () => {
  isClosed = true;
  abortRequests();
  if (waiting.count()) postAnswers(waiting.read(), true).catch(() => {});
});
addEventListener("pageshow", () => {
  isClosed = false;
  send();
});

/* Only the page of an item has a form. The check has no form. */

let items = form && JSON.parse(form.dataset.items);
/* The latest answer to each item that this page knows. */
const known = waiting.read();
let shownAt = 0;
let isTaken = false;
let typed = "";
let typing;

function findIndex() {
  return items.findIndex(({ id }) => id === form.dataset.item);
}

/* Read the statements and the stored answers. Return whether the server has sent both. */
async function load() {
  try {
    const { status, body } = await ask({});
    leaveIfGone(status, body);
    if (status !== 200 || !body) return false;
    token = body.token;
    learnTime(body.now);
    if (form) keepItems(body);
    return true;
  } catch {
    return false;
  }
}

function keepItems(body) {
  items = body.items;
  addLater(addLater(known, body.answers), waiting.read());
  if (findIndex() >= 0) markAnswer();
  /* The item is not open any more. If answers wait, the server first refuses the answer to this item. */
  else if (!waiting.count()) leave(location.href);
}

/* A copy of the label, because a label in another language has its attribute `lang`. */
function fillIn(pattern, button) {
  const [before, after] = pattern.split("{answer}");
  return [before, ...button.cloneNode(true).childNodes, after];
}

function markAnswer() {
  const id = form.dataset.item;
  const isSeen = id in known;
  const earlier = document.getElementById("earlier");
  let words = [isSeen ? earlier.dataset.skipped : ""];
  if (isSeen && known[id].answer === DOES_NOT_APPLY) words = [earlier.dataset.notApplying];
  for (const button of form.querySelectorAll(".answers button")) {
    button.removeAttribute("aria-current");
    if (isSeen && String(known[id].answer) === button.value) {
      button.setAttribute("aria-current", "true");
      words = fillIn(earlier.dataset.answered, button);
    }
  }
  earlier.replaceChildren(...words);
  form.querySelector(".onward").hidden = !isSeen;
}

function addressOf(id, address = location.pathname) {
  return address.replace(/\/items\/[^/?#]+/, `/items/${id}`);
}

function show(index) {
  clearTimeout(typing);
  typed = "";
  const { id, text, labels, keys } = items[index];
  const position = form.dataset.position.replace("{number}", index + 1).replace("{count}", items.length);
  const before = items[index - 1];
  const after = items[index + 1];
  const back = document.querySelector(".back");
  const heading = document.getElementById("statement");

  document.title = document.title.replace(document.getElementById("position").textContent, position);
  document.getElementById("position").textContent = position;
  document.getElementById("progress").value = index + 1;
  form.dataset.item = id;
  form.action = addressOf(id);
  back.href = before ? addressOf(before.id) : back.dataset.start;
  form.querySelector(".onward").href = after ? addressOf(after.id) : form.dataset.check;
  for (const link of document.querySelectorAll("nav a[hreflang]")) link.href = addressOf(id, link.pathname);

  heading.textContent = text;
  if (labels) showLabels(labels, keys);
  markAnswer();
  shownAt = performance.now();
  isTaken = false;
  leaveFor = null;
  showSaving();
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/* Some packs have other labels for some statements. A label in another language is in a span. */
function showLabels(labels, keys) {
  for (const [index, button] of form.querySelectorAll(".answers button").entries()) {
    (button.querySelector("span") ?? button).textContent = labels[index];
    button.dataset.key = keys[index];
  }
}

function showNew(index) {
  history.pushState(null, "", `${addressOf(items[index].id)}#statement`);
  show(index);
}

/* Go to the check after the last statement, or if this statement was opened from the check. */
function goOn() {
  const next = findIndex() + 1;
  const isFromCheck = new URLSearchParams(location.search).has("from");
  if (isFromCheck) goOnTo(`${form.dataset.check}#${form.dataset.item}`);
  else if (next < items.length) showNew(next);
  else goOnTo(form.dataset.check);
  isTaken = false;
}

function take(button) {
  clearTimeout(typing);
  isTaken = true;
  const item = form.dataset.item;
  const answer = button.value === "skip" ? null : Number(button.value);
  /* A tap is later than each answer that the page knows. */
  const given = Math.max(Math.round(beganAt + performance.now()), (known[item]?.given ?? 0) + 1);
  known[item] = { answer, given };
  waiting.add(item, known[item]);
  markAnswer();
  showSaving();
  sendSoon();
  requestAnimationFrame(goOn);
}

function press(button) {
  typed = "";
  button?.click();
}

function isTooSoon() {
  return performance.now() - shownAt < DOUBLE_TAP_MS;
}

function readKey(event) {
  const isPlain = !(event.ctrlKey || event.altKey || event.metaKey);
  if (!/^([0-9]|Enter| )$/.test(event.key) || !isPlain) return;
  /* A key that is held down must not answer the next statements. */
  if (event.repeat) event.preventDefault();
  if (event.repeat || !/[0-9]/.test(event.key)) return;
  event.preventDefault();
  if (isTooSoon()) return;
  clearTimeout(typing);
  typed += event.key;
  const buttons = [...form.querySelectorAll(".answers button")];
  const possible = buttons.filter((button) => button.dataset.key.startsWith(typed));
  const exact = possible.find((button) => button.dataset.key === typed);
  if (possible.length > 1) typing = setTimeout(press, DIGIT_PAUSE_MS, exact);
  else press(exact);
}

/* On a shared device, answers of another attempt can belong to another person. */
function forgetOthers() {
  tryStorage(() => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("fitquiz-answers-") && !key.startsWith(waiting.prefix)) sessionStorage.removeItem(key);
    }
  });
}

async function startItems() {
  form.classList.add("with-keys");
  form.addEventListener("keydown", readKey);
  form.addEventListener("submit", (event) => {
    /* An old browser does not report which button was pressed. Then the browser sends the form. */
    if (!event.submitter) return;
    event.preventDefault();
    if (!isTaken) take(event.submitter);
  });
  form.addEventListener("click", (event) => {
    /* The second tap of a double tap would answer the next statement. `detail` is 0 for a key. */
    if (event.detail && isTooSoon()) event.preventDefault();
  });
  for (const link of document.querySelectorAll(".back, .onward")) {
    link.addEventListener("click", (event) => {
      const target = items.findIndex(({ id }) => addressOf(id) === link.pathname);
      if (target < 0 && !waiting.count()) return;
      event.preventDefault();
      if (target >= 0) showNew(target);
      else goOnTo(link.href);
    });
  }
  addEventListener("popstate", () => {
    const index = items.findIndex(({ id }) => addressOf(id) === location.pathname);
    if (index < 0) return leave(location.href);
    if (index === findIndex()) return;
    show(index);
    load();
  });
  addEventListener("pageshow", (event) => {
    isTaken = false;
    isLeaving = false;
    leaveFor = null;
    if (document.activeElement === document.body) document.getElementById("statement")?.focus({ preventScroll: true });
    if (event.persisted) {
      shownAt = performance.now();
      load();
    }
  });
  const isWaiting = form.dataset.item in known;
  const marked = form.querySelector("[aria-current]");
  if (marked) addLater(known, { [form.dataset.item]: { answer: Number(marked.value), given: 0 } });
  if ((await load()) && isWaiting && navigation?.type === "navigate") showFirstUnanswered();
}

/* The respondent closed the page before an answer was sent, and has come back. */
function showFirstUnanswered() {
  const index = items.findIndex(({ id }) => !(id in known));
  if (index < 0) return goOnTo(form.dataset.check);
  history.replaceState(null, "", `${addressOf(items[index].id)}#statement`);
  show(index);
}

/* Answers of an earlier visit or of another tab can wait. Save these answers, then load the check again. */
function startCheck() {
  addEventListener("submit", (event) => {
    if (!waiting.count() || event.target.id === "finish") return;
    event.preventDefault();
    goOnTo(location.href);
  });
  if (waiting.count()) goOnTo(location.href);
}

forgetOthers();
if (form) startItems();
else startCheck();
send();
