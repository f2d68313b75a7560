// Says how much of a reflection is left while it is filled in: the minutes, each stage's grain, and who will read it.
const form = document.querySelector("form[data-parts]");
const parts = JSON.parse(form.dataset.parts);
const readers = JSON.parse(form.dataset.readers);
const grains = [...form.querySelectorAll(".grains")];

function isAnswered(name) {
  const asked = new Map();
  for (const control of form.elements) {
    if (control.name !== name && !control.name.startsWith(`${name}-`)) continue;
    const isChoice = control.type === "radio" || control.type === "checkbox";
    const is = isChoice ? control.checked : control.value.trim() !== "";
    asked.set(control.name, asked.get(control.name) || is);
  }
  return asked.size > 0 && [...asked.values()].every(Boolean);
}

// As the server measures on submitting: what is blank is missing, not short, and what is hidden is not asked.
function isShort(control) {
  const written = control.value.trim();
  return written !== "" && [...written].length < Number(control.dataset.least) && !control.closest("[data-shown-if][hidden]");
}

function nothingLeft() {
  const isAnyShort = [...form.querySelectorAll("[data-least]")].some(isShort);
  return isAnyShort ? form.dataset.onlyShort : form.dataset.nothingLeft;
}

function show() {
  let left = 0;
  parts.forEach(({ minutes, required }, place) => {
    const done = required.filter(isAnswered).length;
    if (required.length) left += (minutes * (required.length - done)) / required.length;
    const grain = grains[place - 1]; // the first part stands before the stages
    if (grain) grain.dataset.grain = done === required.length ? "full" : done ? "half" : "open";
  });
  const minutes = Math.ceil(Math.round(left * 1e6) / 1e6);
  const line = form.querySelector("[data-left]");
  const words = minutes === 1 ? form.dataset.leftWordsOne : form.dataset.leftWords;
  if (line) line.textContent = minutes ? words.replace("%n", minutes) : nothingLeft();
  const chosen = form.elements.share?.value;
  if (chosen in readers) for (const told of form.querySelectorAll("[data-readers-words]")) told.textContent = readers[chosen];
}

form.addEventListener("input", show);
document.addEventListener("change", show); // after conditions.js has hidden what does not apply
document.addEventListener("restored", show);
show();
