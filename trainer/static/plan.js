// What a plan says while it is written: the cue and the deed as one sentence, the minutes added up, and the hints on
// what was saved. Without it the same stands there after each save.
const form = document.querySelector("form[data-hints-from]");
const number = (control) => Number(control?.value.normalize("NFKC")) || 0;

function join(line) {
  const [cue, deed] = [line.dataset.cue, line.dataset.deed].map((name) => form.elements[name]?.value.trim() ?? "");
  const joined = line.dataset.joined.replace("%c", () => cue.replace(/[、。,. ]+$/, "")).replace("%d", () => deed);
  line.textContent = cue && deed ? joined : "";
}

function addUp(time) {
  const needed = [...form.elements].filter((one) => one.name.endsWith("-minutes_week") && one.type !== "hidden")
    .reduce((sum, one) => sum + number(one), 0);
  const available = form.elements["plan-minutes_available"];
  const over = available?.value ? needed - number(available) : 0;
  const say = (place, minutes) => {
    const words = minutes === 1 ? time.dataset[`${place}One`] : time.dataset[place];
    time.querySelector(`[data-${place}-words]`).textContent = minutes > 0 ? words.replace("%m", minutes) : "";
  };
  say("needed", needed);
  say("over", over);
}

function show() {
  form.querySelectorAll("[data-joined]").forEach(join);
  form.querySelectorAll(".time").forEach(addUp);
}

async function hint() {
  const answer = await fetch(form.dataset.hintsFrom, { headers: { Accept: "application/json" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return; // hints can wait
  const { hints, left } = await answer.json();
  for (const list of form.querySelectorAll("[data-hints]")) {
    const known = hints[list.dataset.hints] ?? [];
    if ([...list.children].map((line) => line.textContent).join("\n") === known.join("\n")) continue;
    list.replaceChildren(...known.map((words) => {
      const line = document.createElement("li");
      line.textContent = words;
      return line;
    }));
  }
  form.querySelector("[data-left-words]").textContent = left;
}

form.addEventListener("input", show);
document.addEventListener("restored", show);
document.addEventListener("saved", hint);
