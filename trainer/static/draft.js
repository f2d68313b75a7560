// Saves a form with `data-draft` while it is filled in, and says so. Until the server has it, what was typed lies in
// this tab's sessionStorage: it outlives a lost connection, a session that has ended, and a reload.
const form = document.querySelector("form[data-draft]");
const status = form.querySelector("[role=status]");
const AFTER_A_PAUSE = 3_000; // milliseconds
const WHILE_TYPING = 10_000;
const AGAIN = 15_000;
const LONGEST = 10_000; // for one save; then it is tried again
const KEY = `draft ${form.dataset.draft}`;
const NOT_WORDS = new Set(["csrf_token", "revision", "do"]);
let pause, latest, again;
let isSaving = false;
let isSubmitted = false;
let waiting = null; // a submission that came while a save was on its way
let isSignedOut = false; // until the page is loaded anew: its token is of the session that has ended
let version = 0; // of what is typed
let kept = 0; // the version that the server has

const typed = () => [...new FormData(form)].filter(([name, value]) => !NOT_WORDS.has(name) && typeof value === "string");

function say(words, { isLate = false, more = null } = {}) {
  status.classList.toggle("late", isLate);
  status.querySelector("use")?.setAttribute("href", isLate ? status.dataset.iconLate : status.dataset.iconSaved);
  status.querySelector("[data-words]").textContent = words;
  for (const way of form.querySelectorAll("[data-when]")) way.hidden = way.dataset.when !== more;
}

function keepHere() {
  const revision = form.elements.revision.value;
  sessionStorage.setItem(KEY, JSON.stringify({ revision, typed: typed(), isSubmitted }));
}

function changed() {
  version += 1;
  keepHere();
  clearTimeout(pause);
  pause = setTimeout(save, AFTER_A_PAUSE);
  latest ??= setTimeout(save, WHILE_TYPING);
}

async function save({ isLeaving = false } = {}) {
  for (const timer of [pause, latest, again]) clearTimeout(timer);
  latest = undefined;
  if (version === kept || isSubmitted || isSaving || isSignedOut) return;
  const saving = version;
  isSaving = true;
  say(form.dataset.saving);
  try {
    await tell(await post(isLeaving), saving);
  } catch {
    say(form.dataset.offline, { isLate: true });
    again = setTimeout(save, AGAIN);
  } finally {
    isSaving = false;
  }
  if (waiting) return form.requestSubmit(waiting.button);
  if (version !== saving && !isSubmitted) pause = setTimeout(save, AFTER_A_PAUSE);
}

function post(isLeaving) {
  const body = new URLSearchParams([...typed(), ["revision", form.elements.revision.value]]);
  const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
  const signal = AbortSignal.timeout(LONGEST);
  return fetch(form.dataset.draft, { method: "POST", headers, body, signal, keepalive: isLeaving, redirect: "error" });
}

async function tell(answer, saving) {
  if (answer.status === 401 || answer.status === 400) {
    isSignedOut = true; // nothing moves under the finger that goes for the way back in
    return say(form.dataset.signedOut, { isLate: true, more: "signed-out" });
  }
  if (answer.status === 409) {
    kept = saving; // it lies beside the other version, and the person chooses
    sessionStorage.removeItem(KEY);
    return say((await answer.json()).words, { isLate: true, more: "two-versions" });
  }
  if (answer.status === 413 || answer.status === 422) return say((await answer.json()).words, { isLate: true });
  if (!answer.ok) throw new Error(answer.statusText);
  const { revision, words } = await answer.json();
  form.elements.revision.value = revision;
  kept = saving;
  if (version === saving) sessionStorage.removeItem(KEY);
  else keepHere();
  say(words);
  document.dispatchEvent(new Event("saved"));
}

function restore() {
  const stored = sessionStorage.getItem(KEY);
  if (!stored) return;
  const { revision, typed: before, isSubmitted: wasSubmitted } = JSON.parse(stored);
  sessionStorage.removeItem(KEY);
  if (wasSubmitted && revision !== form.elements.revision.value) return; // it arrived, and the server has it
  form.elements.revision.value = revision;
  for (const control of form.elements) {
    if (!control.name || NOT_WORDS.has(control.name)) continue;
    const told = before.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = told.includes(control.value);
    else if (told.length) control.value = told[0];
  }
  document.dispatchEvent(new Event("restored"));
  changed();
  save();
}

form.addEventListener("input", changed);
form.addEventListener("change", () => save());
form.addEventListener("submit", (event) => {
  if (isSaving) {
    event.preventDefault(); // or this form and the save on its way would look like two tabs
    waiting = { button: event.submitter };
    return;
  }
  waiting = null;
  isSubmitted = true;
  keepHere(); // until it is known to have arrived
});
addEventListener("pageshow", (event) => {
  if (event.persisted) isSubmitted = false; // somebody came back to the page as they left it
});
addEventListener("online", () => save());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save({ isLeaving: true });
});
addEventListener("pagehide", () => save({ isLeaving: true }));
restore();
