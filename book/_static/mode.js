// Before the first paint: light or dark, as chosen last time or as the system says.
(function () {
  var html = document.documentElement;
  var system = matchMedia("(prefers-color-scheme: dark)");
  var mode = "auto";
  try { mode = localStorage.getItem("mode") || "auto"; } catch (e) { /* storage refused: follow the system */ }
  html.dataset.mode = mode;
  html.dataset.theme = mode === "auto" ? (system.matches ? "dark" : "light") : mode;
  system.addEventListener("change", function () {
    if (html.dataset.mode === "auto") html.dataset.theme = system.matches ? "dark" : "light";
  });
})();

// A formula or table wider than the screen scrolls inside its own box: let the keyboard reach it then.
(function () {
  function mark() {
    document.querySelectorAll(".cb-equation, .cell_output .output").forEach(function (box) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    });
  }
  addEventListener("load", mark);
  addEventListener("resize", mark);
})();
