/* Shows how exact the figures become, each time the form asks for something else. */
const parts = document.querySelectorAll("[data-cost]");
let asked = 0;

async function showCost(form) {
  const number = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("ask", "yes");
  const reply = await fetch(form.action, { method: "POST", body });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.querySelectorAll("[data-cost]");
  if (number !== asked || fresh.length !== parts.length) return;
  parts.forEach((part, at) => part.replaceChildren(...fresh[at].childNodes));
}

if (parts.length) {
  const form = parts[0].closest("form");
  const names = ["statistics", "anonymity", "opens_on", "closes_on", "cap", "units", "pack", "threshold"];
  form.addEventListener("change", (event) => {
    /* Without a network, saving still shows the table once more. */
    if (names.includes(event.target.name)) showCost(form).catch(() => {});
  });
}
