// Opens a dialog over the page. Without this script, the link's address shows the dialog in its place.
for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
  });
}
for (const closer of document.querySelectorAll("[data-closes]")) {
  closer.addEventListener("click", (event) => {
    const dialog = document.getElementById(closer.dataset.closes);
    if (!dialog.open) return;
    event.preventDefault();
    dialog.close();
  });
}
