// Keeps what was watched of a film, goes on where the person left off, and lets the text follow.
const film = document.getElementById("film");
const speed = document.getElementById("speed");
const watched = document.getElementById("watched");
const sentences = [...document.querySelectorAll(".said [data-start]")];
const EVERY = 10_000; // milliseconds
let isOpened = false;
let kept = ""; // what the server has, as it was sent
let isKeeping = false;

const milliseconds = (seconds) => Math.round(seconds * 1000);

function stretches() {
  const played = film.played;
  return Array.from({ length: played.length }, (_, at) => [milliseconds(played.start(at)), milliseconds(played.end(at))]);
}

async function keep({ isLeaving = false } = {}) {
  const body = JSON.stringify({ segments: stretches(), position: milliseconds(film.currentTime) });
  if (!isOpened || body === kept || (isKeeping && !isLeaving)) return;
  isKeeping = true;
  try {
    const answer = await fetch(film.dataset.keep, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": film.dataset.token },
      body,
      keepalive: isLeaving,
    });
    if (answer.status === 401) watched.textContent = film.dataset.signedOut;
    else if (answer.ok) tell(await answer.json(), body);
    else throw new Error(answer.statusText);
  } catch {
    watched.textContent = film.dataset.offline;
  } finally {
    isKeeping = false;
  }
}

function tell({ percent, seen, whole }, body) {
  kept = whole ? body : ""; // what was faster than possible was cut, and is sent again
  watched.textContent = seen ? film.dataset.seen : film.dataset.watched.replace("%p", percent);
}

function follow() {
  const now = milliseconds(film.currentTime);
  const here = sentences.findLast((sentence) => Number(sentence.dataset.start) <= now);
  for (const sentence of sentences) sentence.removeAttribute("aria-current");
  here?.setAttribute("aria-current", "true");
  if (here && !film.paused) showInItsBox(here);
}

function showInItsBox(sentence) {
  const box = sentence.closest(".said");
  const top = sentence.getBoundingClientRect().top - box.getBoundingClientRect().top;
  if (top < 0 || top > box.clientHeight / 2) box.scrollTop += top - box.clientHeight / 4;
}

function goTo(at) {
  if (at > 0 || film.currentTime > 0) film.currentTime = at / 1000; // at the very beginning the poster stays
}

function setSpeed(step) {
  const place = Math.min(Math.max(speed.selectedIndex + step, 0), speed.options.length - 1);
  speed.selectedIndex = place;
  film.playbackRate = Number(speed.value);
}

film.addEventListener("loadedmetadata", () => goTo(Number(film.dataset.start)), { once: true });
if (film.readyState > 0) goTo(Number(film.dataset.start));
film.textTracks[0].mode = "showing";
film.addEventListener("play", () => {
  isOpened = true;
  film.playbackRate = Number(speed.value);
  keep();
});
film.addEventListener("pause", () => keep());
film.addEventListener("ended", () => keep());
film.addEventListener("timeupdate", follow);
film.addEventListener("keydown", (event) => {
  if (event.key === "<") setSpeed(-1);
  if (event.key === ">") setSpeed(1);
});
film.addEventListener("ratechange", () => {
  const chosen = [...speed.options].findIndex((option) => Number(option.value) === film.playbackRate);
  if (chosen >= 0) speed.selectedIndex = chosen;
});
speed.addEventListener("change", () => setSpeed(0));
for (const sentence of sentences) {
  sentence.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(Number(sentence.dataset.start));
    follow();
  });
}
setInterval(() => keep(), EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") keep({ isLeaving: true });
});
addEventListener("pagehide", () => keep({ isLeaving: true }));
