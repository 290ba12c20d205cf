// Before the first paint: light or dark, as chosen last time or as the system says.
(function () {
  var html = document.documentElement;
  var dark = window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches;
  var mode = "auto";
  try { mode = localStorage.getItem("mode") || "auto"; } catch (e) { /* storage refused: follow the system */ }
  html.dataset.mode = mode;
  html.dataset.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
})();
