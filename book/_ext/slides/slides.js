// Moves through a deck. A classic script without dependencies, so that decks open from a folder.
(function () {
  "use strict";
  var slides = Array.prototype.slice.call(document.querySelectorAll(".slide"));
  var bar = document.querySelector(".bar");
  var number = bar.querySelector(".number");
  var said = document.querySelector("body > .hide");
  var buttons = { prev: bar.querySelector(".prev"), next: bar.querySelector(".next") };
  var now = -1;
  var sizes = new Map();    // slide -> zoom that fits it
  var larger = new Map();   // slide -> what the reader asked for with + and -

  function fits(slide, holder, zoom) {
    holder.style.zoom = zoom;
    return slide.scrollHeight <= slide.clientHeight + 1 && slide.scrollWidth <= slide.clientWidth + 1;
  }

  // The largest size at which all of the slide is seen. A tall widget keeps a size that the last row can read,
  // and the arrow keys up and down move it.
  function fit(slide) {
    var holder = slide.querySelector(".holder");
    var unit = Math.min(innerHeight / 720, innerWidth / 1280);
    var live = slide.classList.contains("widget");
    var low = (live ? 0.9 : 1.2) * unit;
    var high = (live ? 1.7 : 2.3) * unit;
    var tallest = (live ? 1.05 : 1.2) * unit; // when it cannot be seen at once anyway
    if (live && innerWidth < 900) low = high = tallest = 1;
    if (!sizes.has(slide)) {
      if (fits(slide, holder, low)) {
        for (var i = 0; i < 7; i++) {
          var middle = (low + high) / 2;
          if (fits(slide, holder, middle)) low = middle; else high = middle;
        }
      } else {
        low = tallest;
      }
      sizes.set(slide, low);
    }
    holder.style.zoom = sizes.get(slide) * (larger.get(slide) || 1);
    // what is cut off can be reached by the keyboard
    if (slide.scrollHeight > slide.clientHeight + 1) slide.tabIndex = 0;
    else slide.removeAttribute("tabindex");
  }

  function show(index, quiet) {
    index = Math.max(0, Math.min(slides.length - 1, index));
    if (index === now) return;
    if (slides[now]) {
      slides[now].classList.remove("now");
      if (slides[now].contains(document.activeElement)) document.activeElement.blur();
    }
    now = index;
    var slide = slides[now];
    slide.classList.add("now");
    fit(slide);
    slide.scrollTop = 0;
    number.textContent = now + 1 + " / " + slides.length;
    buttons.prev.setAttribute("aria-disabled", String(now === 0));
    buttons.next.setAttribute("aria-disabled", String(now === slides.length - 1));
    said.textContent = "Slide " + (now + 1) + " of " + slides.length + ": " + slide.getAttribute("aria-label");
    // the state of the widgets stays in the entry: page.js keeps it there
    if (!quiet) history.replaceState(history.state, "", "#" + (now + 1));
  }

  // "#3" is the third slide, "#name?query" the slide of the widget of that name.
  function fromAddress() {
    var hash = decodeURIComponent(location.hash.slice(1));
    if (/^\d+$/.test(hash)) return Number(hash) - 1;
    var place = hash && document.getElementById(hash.split("?")[0]);
    var slide = place && place.closest(".slide");
    return slide ? slides.indexOf(slide) : now;
  }

  function theme() {
    var root = document.documentElement;
    root.dataset.theme = root.dataset.mode = root.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("mode", root.dataset.theme); } catch (e) { /* storage refused: for this page only */ }
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (document.documentElement.requestFullscreen) document.documentElement.requestFullscreen().catch(function () {});
  }

  function enlarge(factor) {
    var slide = slides[now];
    var value = factor ? (larger.get(slide) || 1) * factor : 1;
    larger.set(slide, Math.max(0.5, Math.min(3, value)));
    fit(slide);
  }

  function scroll(sign) { slides[now].scrollBy({ top: sign * slides[now].clientHeight * 0.4 }); }
  function tall() { return slides[now].scrollHeight > slides[now].clientHeight + 1; }

  var typed = "", typing;
  function digit(key) {
    typed += key;
    clearTimeout(typing);
    typing = setTimeout(go, 900);
  }
  function go() {
    clearTimeout(typing);
    if (typed) show(Number(typed) - 1);
    typed = "";
  }

  var KEYS = {
    ArrowRight: function () { show(now + 1); },
    ArrowLeft: function () { show(now - 1); },
    " ": function () { show(now + 1); },
    ArrowDown: function () { if (tall()) scroll(1); else show(now + 1); },
    ArrowUp: function () { if (tall()) scroll(-1); else show(now - 1); },
    Home: function () { show(0); },
    End: function () { show(slides.length - 1); },
    f: full, F: full, d: theme, D: theme,
    "+": function () { enlarge(1.1); }, "=": function () { enlarge(1.1); },
    "-": function () { enlarge(1 / 1.1); }, 0: function () { if (typed) digit("0"); else enlarge(0); },
    Enter: go,
  };

  addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    var at = event.target.closest ? event.target : document.body;
    // The keys of a presenter's remote control, wherever the focus is.
    if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      show(now + (event.key === "PageDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      if (document.activeElement && at.closest(".slide")) document.activeElement.blur();
    } else if (at.closest(".cb-widget, input, select, textarea")) {
      return; // a widget's own keys
    } else if (at.closest("button, a, summary") && (event.key === " " || event.key === "Enter")) {
      return;
    } else if (/^[1-9]$/.test(event.key)) {
      digit(event.key);
    } else if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  buttons.prev.addEventListener("click", function () { show(now - 1); });
  buttons.next.addEventListener("click", function () { show(now + 1); });
  bar.querySelector(".theme").addEventListener("click", theme);
  bar.querySelector(".full").addEventListener("click", full);
  addEventListener("hashchange", function () { show(fromAddress(), true); });
  addEventListener("popstate", function () { show(fromAddress(), true); });
  addEventListener("resize", function () { sizes.clear(); if (now >= 0) fit(slides[now]); });

  function start() {
    var first = fromAddress();
    show(Math.max(0, first), true);
    document.documentElement.dataset.slides = "ready";
  }
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
