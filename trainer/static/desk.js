// A facilitator's desk without page loads: what a link or a button leads to takes the place of the page's main part,
// and single keys press the buttons that name them. The browser parses each answer into a document of its own, in
// which no script ever runs, so that no text of ours or anybody's is written as HTML here.
const main = document.getElementById("main");
const AFTER_A_PAUSE = 1_000; // milliseconds
let isBusy = false;
let isMarking = false;
let next = null; // a key that was pressed while a mark was on its way
let pause;
let isTyped = false; // something that the server does not have yet
let isCarried = false; // what is typed is on its way with a button

const desk = () => main.querySelector("[data-desk]");
const form = () => document.getElementById("answer");
const box = () => form()?.elements.comments;

function ask(url, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", url);
    request.responseType = "document";
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error(url)));
    request.send(body);
  });
}

const isSignedOut = (answer) => [400, 401].includes(answer.status) || new URL(answer.responseURL).pathname.startsWith("/sign-in");

// Somebody who has signed in again in another window goes on here: the page's token is of the session that has ended.
async function renewed(body) {
  const page = (await ask(location.href)).response;
  const token = page?.querySelector("[data-desk]") && page.querySelector("input[name=csrf_token]")?.value;
  if (!token) return false;
  for (const field of main.querySelectorAll("input[name=csrf_token]")) field.value = token;
  body.set("csrf_token", token);
  return true;
}

async function go(url, body, { isBack = false, isMark = false, carries = false } = {}) {
  if (isBusy) return;
  isBusy = true;
  isMarking = isMark;
  isCarried = carries;
  try {
    await save();
    if (carries || !isTyped) await goOn(url, body, isBack); // else what is wrong stands beside the box
  } catch {
    isTyped = Boolean(box());
    say(form()?.dataset.offline ?? "", true);
  } finally {
    isBusy = isCarried = false;
  }
  const name = next;
  isMarking = false;
  next = null;
  if (name) press(name);
}

async function goOn(url, body, isBack) {
  let answer = await ask(url, body);
  if (body && isSignedOut(answer) && (await renewed(body))) answer = await ask(url, body);
  if (answer.response?.querySelector("[data-desk]")) show(answer, isBack);
  else if (form() && (body || isTyped) && isSignedOut(answer)) say(form().dataset.signedOut, true);
  else if (isTyped && answer.status >= 500) say(form().dataset.offline, true);
  else location.assign(body ? location.href : url);
}

function show(answer, isBack) {
  main.replaceChildren(...answer.response.getElementById("main").childNodes);
  document.title = answer.response.title;
  if (!isBack) history.pushState(null, "", answer.responseURL);
  scrollTo(0, 0);
  begin();
  if (box()?.autofocus) goToBox(); // what is wrong with it stands beside it
  else main.querySelector("[data-focus]")?.focus({ preventScroll: true });
}

// what is typed into the box

function say(words, isLate = false) {
  const told = main.querySelector("[data-saved]");
  if (!told) return;
  told.textContent = words;
  told.parentElement.classList.toggle("late", isLate);
}

async function save({ isLeaving = false } = {}) {
  clearTimeout(pause);
  if (!isTyped || isCarried || !form()) return;
  isTyped = false;
  const { saving, offline, signedOut } = form().dataset;
  say(saving);
  try {
    const body = typed();
    let answer = await post(body, isLeaving);
    if (answer.status === 400 && !isLeaving && (await renewed(body))) answer = await post(body);
    if ([400, 401].includes(answer.status)) {
      isTyped = true;
      return say(signedOut, true);
    }
    if (!answer.ok && answer.status !== 409) throw new Error(answer.statusText);
    const { words, revision } = await answer.json();
    if (revision) form().elements.revision.value = revision; // the next save goes on with these words
    say(words, !answer.ok);
  } catch {
    isTyped = true;
    say(offline, true);
  }
}

function post(body, isLeaving = false) {
  const headers = { Accept: "application/json" };
  return fetch(form().dataset.draftTo, { method: "POST", headers, body, keepalive: isLeaving, redirect: "error" });
}

const typed = (submitter) => new URLSearchParams(new FormData(form(), submitter));

function changed() {
  isTyped = true;
  clearTimeout(pause);
  pause = setTimeout(save, AFTER_A_PAUSE);
  const label = form().querySelector("[data-confirm]");
  if (label) label.textContent = box().value.trim() ? label.dataset.confirmWith : label.dataset.confirm;
}

function goToBox() {
  box().focus();
  box().setSelectionRange(box().value.length, box().value.length);
}

function add(phrase) {
  if (!box()) return;
  box().value = [box().value.trimEnd(), phrase].filter(Boolean).join("\n");
  box().scrollIntoView({ block: "nearest" });
  changed();
}

async function openPhrases(link) {
  const answer = await ask(link.href).catch(() => null);
  const list = answer?.response?.querySelector("[data-phrase-list]");
  if (list) link.parentElement.replaceWith(list);
  else location.assign(link.href);
}

function begin() {
  isTyped = false;
  for (const plain of main.querySelectorAll("[data-without-script]")) plain.remove();
  box()?.addEventListener("input", changed);
}

main.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (!desk() || target.method !== "post") return;
  event.preventDefault();
  if (submitter?.name === "phrase") {
    add(submitter.value);
    if (!submitter.matches(":focus-visible")) submitter.blur(); // Enter after a click confirms
    return;
  }
  if (target === form()) clearTimeout(pause);
  const body = new URLSearchParams(new FormData(target, submitter));
  const how = { isMark: "star" in target.dataset, carries: target === form() };
  go(submitter?.getAttribute("formaction") ?? target.action, body, how);
});

main.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || !desk() || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (!link.dataset.key && !link.hasAttribute("data-phrases")) return;
  event.preventDefault();
  if (link.hasAttribute("data-phrases")) openPhrases(link);
  else go(link.href);
});

// single keys: never while somebody types or an input method composes, and never in place of a focused button's Enter

const TYPED_INTO = "input, textarea, select, [contenteditable]";
const TAKES_ENTER = "a, button, summary";

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.repeat || event.altKey) return;
  if (event.target.closest?.(TYPED_INTO)) return inBox(event);
  if (event.ctrlKey || event.metaKey || desk()?.dataset.keys === undefined) return;
  if (event.key === "Enter" && event.target.closest?.(TAKES_ENTER)) return;
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isBusy) next = isMarking ? name : null; // after a decision it would meet another plan
  else if (press(name)) event.preventDefault();
});

function press(name) {
  if (name === "c" && box()) {
    goToBox();
    return true; // and the letter is not typed into it
  }
  const button = [...main.querySelectorAll("[data-key]")].find((one) => one.dataset.key === name);
  button?.click();
  return Boolean(button);
}

function inBox(event) {
  if (event.target !== box()) return;
  if (event.key === "Escape") main.querySelector("[data-focus]").focus({ preventScroll: true });
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) main.querySelector('[data-key="Enter"]')?.click();
}

addEventListener("popstate", () => go(location.href, undefined, { isBack: true }));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save({ isLeaving: true });
});
addEventListener("pagehide", () => save({ isLeaving: true }));
begin();
