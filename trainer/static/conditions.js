// Shows the questions that apply: a field with `data-shown-if` while its condition holds, a label or hint with
// `data-worded-if` in its other wording. The same conditions as on the server, which decides again what counts.
const ANYTHING = "*";
const STATUS_OF = "m_status-"; // one answer for each measure

function answerTo(form, name) {
  const control = form.elements.namedItem(name);
  if (control === null) return null;
  return control.type === "radio" && !control.checked ? null : control.value || null;
}

function statusIn(form, prefix) {
  const names = new Set([...form.elements].map((one) => one.name).filter((name) => name.startsWith(prefix + STATUS_OF)));
  const about = answerTo(form, `${prefix}measure_ref`) ?? form.dataset.about ?? null;
  const asked = about ? prefix + STATUS_OF + about : names.size === 1 ? [...names][0] : "";
  return (asked && answerTo(form, asked)) || answerTo(form, prefix + "tried");
}

function valueOf(form, prefix, name) {
  const facts = JSON.parse(form.dataset.facts ?? "{}");
  if (name in facts) return facts[name];
  return name === "status" ? statusIn(form, prefix) : answerTo(form, prefix + name);
}

function holds(element, condition) {
  const form = element.closest("form");
  const prefix = element.closest("[data-prefix]")?.dataset.prefix ?? "";
  return Object.entries(JSON.parse(condition)).every(([name, wanted]) => {
    const value = valueOf(form, prefix, name);
    return wanted === ANYTHING ? Boolean(value) : value === wanted;
  });
}

function show() {
  for (const asked of document.querySelectorAll("[data-shown-if]")) asked.hidden = !holds(asked, asked.dataset.shownIf);
  for (const words of document.querySelectorAll("[data-worded-if]")) {
    words.textContent = holds(words, words.dataset.wordedIf) ? words.dataset.other : words.dataset.usual;
  }
  for (const level of document.querySelectorAll(".level")) {
    const words = level.parentElement.querySelector("[data-chosen]");
    if (words) words.textContent = level.querySelector(":checked")?.dataset.words ?? "";
  }
}

for (const words of document.querySelectorAll(".only-if")) words.hidden = true; // the page itself shows it now
document.addEventListener("change", show);
document.addEventListener("restored", show); // draft.js has filled in what was not saved yet
show();
