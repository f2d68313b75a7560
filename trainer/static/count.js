// Says how many characters are written: "130 of 400", instead of the limit alone.
for (const line of document.querySelectorAll("[data-count-for]")) {
  const control = document.getElementById(line.dataset.countFor);
  const count = () => {
    line.textContent = line.dataset.words.replace("%n", [...control.value].length);
  };
  control.addEventListener("input", count);
  count();
}
