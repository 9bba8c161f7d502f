/* The review without reloading: forms that are sent again until they arrive, changes of others, and keys.

   Every page works without this. With it, a form is sent by fetch and the parts of the page that changed are put in the
   place of the old ones; what somebody is writing is never touched. What could not be sent is kept in the browser and
   sent again, also after a reload; the server enters the same form once. */
"use strict";

const PENDING = `review-pending-${location.host}`;
const CHANGES_EVERY = 2000;
const AGAIN_AFTER = 700;
const status = document.getElementById("status");
const page = document.body.dataset;

function say(words, stay = false) {
  status.textContent = words;
  clearTimeout(say.timer);
  if (!stay) say.timer = setTimeout(() => { status.textContent = ""; }, 4000);
}

/* What is being written stays: it is carried over when the region around it is shown anew. */
const writable = "textarea, input:not([type=hidden]):not([type=checkbox]):not([type=search])";

function formKey(form) {
  return ["do", "part", "item", "number"].map((name) => form.elements.namedItem(name)?.value ?? "").join("|");
}

function drafts(region) {
  const found = [];
  for (const form of region.querySelectorAll("form")) {
    const typed = [...form.querySelectorAll(writable)].filter((each) => each.value !== each.defaultValue);
    if (!typed.length) continue;
    const chosen = [...form.querySelectorAll("select")];
    const values = [...typed, ...chosen].map((each) => [each.name, each.value]);
    found.push({ key: formKey(form), values, seen: form.elements.namedItem("seen")?.value });
  }
  return found;
}

function restore(region, kept) {
  const forms = [...region.querySelectorAll("form")];
  for (const draft of kept) {
    const form = forms.find((each) => formKey(each) === draft.key);
    if (!form) continue;
    for (const [name, value] of draft.values) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    form.elements.namedItem("seen").value = draft.seen;  // what came since was not seen when this was begun
  }
}

function replaceRegion(old, fresh) {
  const opened = [...old.querySelectorAll("details")].map((each) => each.open);
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const form = active && active.form ? formKey(active.form) : null;
  const at = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const kept = drafts(old);
  const scrolled = old.scrollTop;
  const open = old.open;
  old.replaceWith(fresh);
  fresh.open = open;
  const details = fresh.querySelectorAll("details");
  if (details.length === opened.length) details.forEach((each, place) => { each.open = opened[place]; });
  restore(fresh, kept);
  fresh.scrollTop = scrolled;
  if (!active) return;
  const again = (form && [...fresh.querySelectorAll("form")].find((each) => formKey(each) === form)) || fresh;
  const next = again.querySelector(sameField(active)) || fresh.querySelector("summary") || fresh;
  next.focus({ preventScroll: true });
  if (at && at[0] !== null && "setSelectionRange" in next) next.setSelectionRange(...at);
}

function sameField(element) {
  if (element.name) return `[name="${CSS.escape(element.name)}"]`;
  if (element.dataset.digit) return `[data-digit="${element.dataset.digit}"]`;
  return element.tagName.toLowerCase();
}

/* The regions that are here; the server leaves them out of its answer. */
const regionsHere = () => ({ "review-has": [...document.querySelectorAll("[data-live]")].map((each) => each.dataset.live).join(" ") });

function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  if (fresh.body.dataset.page !== page.page || fresh.body.dataset.key !== page.key) return false;
  for (const old of document.querySelectorAll("[data-live]")) {
    const one = fresh.getElementById(old.id);
    if (!one) continue;
    if (old.dataset.live === one.dataset.live) {
      const seen = fresh.body.dataset.version;
      for (const each of old.querySelectorAll("[name=seen]")) each.value = seen;
    } else {
      replaceRegion(old, document.adoptNode(one));
    }
  }
  page.version = fresh.body.dataset.version;
  page.present = fresh.body.dataset.present;
  return true;
}

/* Another page in the place of this one, without loading all around it again. */
function turnTo(text, url, back = false) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const main = fresh.getElementById("main");
  if (!main || !page.page) { location.assign(url); return; }
  for (const name of Object.keys(page)) delete page[name];
  Object.assign(page, fresh.body.dataset);
  if (!back) history.pushState(null, "", url);
  document.title = fresh.title;
  document.getElementById("main").replaceWith(document.adoptNode(main));
  shown = location.pathname + location.search;
  if (!back) scrollTo(0, 0);
  main.focus({ preventScroll: true });
  status.textContent = "";
}
let shown = location.pathname + location.search;

async function visit(url, back = false) {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (answer.ok) { turnTo(await answer.text(), answer.url, back); return; }
  } catch { /* the browser says what is wrong */ }
  location.assign(url);
}
addEventListener("popstate", () => {
  if (shown !== location.pathname + location.search) visit(location.href, true);
});

/* Sending. */
const pending = {
  all() { try { return JSON.parse(localStorage.getItem(PENDING) || "[]"); } catch { return []; } },
  keep(list) { localStorage.setItem(PENDING, JSON.stringify(list)); },
  add(one) { this.keep([...this.all(), one]); },
  drop(one) { this.keep(this.all().filter((each) => each.id !== one.id)); },
};
let sending = Promise.resolve();

function send(form) {
  const body = new URLSearchParams(new FormData(form)).toString();
  const goesOn = Boolean(form.elements.namedItem("next"));
  const one = { id: `${Date.now()}-${Math.random()}`, url: form.getAttribute("action"), body, goesOn, typed: drafts(form.parentElement) };
  pending.add(one);
  for (const field of form.querySelectorAll("textarea, input:not([type=hidden])")) {
    if (field.type !== "checkbox") { field.value = field.defaultValue; }
  }
  sending = sending.then(() => deliver(one));
  return sending;
}

async function deliver(one) {
  for (;;) {
    let answer;
    try {
      answer = await fetch(one.url, {
        method: "POST", body: one.body, credentials: "same-origin",
        headers: { "content-type": "application/x-www-form-urlencoded", ...one.goesOn ? { "review-has": "" } : regionsHere() },
      });
    } catch {
      say("The server does not answer. What you entered is kept here and sent again.", true);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER));
      continue;
    }
    pending.drop(one);
    await arrived(one, answer);
    return;
  }
}

async function arrived(one, answer) {
  const text = await answer.text();
  const url = new URL(answer.headers.get("content-location") ?? answer.url, location.href);
  if (answer.status === 409) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    document.getElementById("main").replaceChildren(document.adoptNode(fresh.getElementById("conflict")));
    document.getElementById("conflict-title").focus();
    page.page = "conflict";
  } else if (!answer.ok) {
    const said = new DOMParser().parseFromString(text, "text/html").getElementById("problem");
    say(said ? said.textContent : text.slice(0, 300), true);
    restore(document, one.typed ?? []);  // to be mended, and sent again
  } else if (url.pathname !== location.pathname) {
    if (pending.all().length === 0) turnTo(text, url.href);
  } else if (show(text)) {
    say("Entered");
  } else {
    location.assign(url.href);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !form.closest("[data-live], #conflict")) return;
  const all = form.elements.namedItem("all");
  if (all && all.value) return;  // the preview is a page of its own
  event.preventDefault();
  send(form);
  const field = document.activeElement;  // of a form that was sent by key: what is typed next are keys again
  if (form.contains(field) && field.matches("input, textarea, select")) field.blur();
});

/* What an earlier page could not send. */
for (const one of pending.all()) sending = sending.then(() => deliver(one));

/* What others do. */
async function look() {
  const key = page.key ? `&s=${encodeURIComponent(page.key)}` : "";
  let told;
  try {
    const answer = await fetch(`/changes?seen=${page.version}${key}`, { credentials: "same-origin" });
    if (!answer.ok) return;
    told = await answer.json();
  } catch { return; }
  const here = JSON.stringify(told.present);
  if (String(told.version) === page.version && here === page.present) return;
  if (!page.page || page.page === "conflict") return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: regionsHere() });
    if (answer.ok) show(await answer.text());
  } catch { /* the next look tries again */ }
}
async function keepLooking() {
  if (!document.hidden) await look();
  setTimeout(keepLooking, CHANGES_EVERY);
}
setTimeout(keepLooking, CHANGES_EVERY);

/* Keys. */
const keysOn = document.getElementById("keys-on");
const help = document.getElementById("keys");
const showKeys = document.getElementById("show-keys");
showKeys.hidden = false;
showKeys.addEventListener("click", () => help.showModal());
keysOn.checked = localStorage.getItem("review-keys") !== "off";
keysOn.addEventListener("change", () => localStorage.setItem("review-keys", keysOn.checked ? "on" : "off"));

const openPart = () => document.querySelector(".part-card[open]") || document.querySelector(".part-card");

function openAndFocus(selector) {
  const part = openPart();
  if (!part) return;
  part.open = true;
  const field = part.querySelector(selector);
  if (field) { field.closest("details").open = true; field.focus(); field.scrollIntoView({ block: "nearest" }); }
}

function stepPart(by) {
  const parts = [...document.querySelectorAll(".part-card")];
  const next = parts[Math.min(Math.max(parts.indexOf(openPart()) + by, 0), parts.length - 1)];
  if (next) { next.open = true; next.querySelector("summary").focus(); next.scrollIntoView({ block: "nearest" }); }
}

function stepRow(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement);
  const next = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) next.focus();
}

async function go(id) {
  const link = document.getElementById(id);
  if (!link) return;
  await sending;
  await visit(document.getElementById(id).href);
}

/* Send a form; `goesOn` says that this submission has been looked at with it, and the next one is wanted. */
function enter(form, goesOn) {
  const next = Object.assign(document.createElement("input"), { type: "hidden", name: "next", value: "1" });
  if (goesOn) form.append(next);
  form.requestSubmit();
  next.remove();
}

const submit = (id) => { const form = document.getElementById(id); if (form) form.requestSubmit(); };
const step = (by, id) => (page.page === "queue" || !page.page ? stepRow(by) : go(id));
const KEYS = {
  j: () => step(1, "after"),
  k: () => step(-1, "before"),
  n: () => stepPart(1),
  p: () => stepPart(-1),
  c: () => openAndFocus("[data-comment]"),
  r: () => document.querySelector("[data-reuse]")?.focus(),
  s: () => openAndFocus("[data-points]"),
  i: () => openAndFocus(".new-item input[name=points]"),
  a: () => openAndFocus("select[name=all]"),
  l: () => submit("look"),
  u: () => submit("undo"),
  q: () => (document.getElementById("back") ? go("back") : location.assign("/")),
  "/": () => document.getElementById("search").focus(),
  "?": () => help.showModal(),
};

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input, textarea, select");
  if (field && (event.ctrlKey || event.metaKey) && event.key === "Enter" && field.form) {
    event.preventDefault();
    enter(field.form, event.shiftKey);
    return;
  }
  if (field && event.key === "Escape") { field.blur(); return; }
  const writing = field && field.type !== "checkbox";
  if (writing || help.open || !keysOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[1-9]$/.test(event.key)) {
    const part = openPart();
    const button = part && part.querySelector(`[data-digit="${event.key}"]`);
    if (button) { event.preventDefault(); button.form.requestSubmit(); }
    return;
  }
  if (Object.hasOwn(KEYS, event.key)) { event.preventDefault(); KEYS[event.key](); }
});

/* A click on a line's number begins a comment about it. */
document.addEventListener("click", (event) => {
  const at = event.target.closest(".line .at");
  if (!at || !document.querySelector("[data-comment]")) return;
  const listing = at.closest(".listing");
  const heading = listing.previousElementSibling;
  const named = (heading || listing.parentElement.querySelector("summary")).textContent.trim();
  const form = openPart().querySelector("[data-comment]").form;
  const file = [...form.elements.namedItem("file").options].find((each) => each.textContent.trim() === named);
  if (!file) return;
  event.preventDefault();
  file.selected = true;
  form.elements.namedItem("line").value = at.textContent;
  form.elements.namedItem("text").focus();
});

document.addEventListener("change", (event) => {
  if (!("reuse" in event.target.dataset) || !event.target.value) return;
  const text = openPart().querySelector("[data-comment]");
  text.value = text.value ? `${text.value}\n\n${event.target.value}` : event.target.value;
  event.target.value = "";
  text.focus();
});
