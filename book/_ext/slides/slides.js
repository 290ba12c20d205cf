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
  var turns = 0;            // which measuring is the latest
  var larger = new Map();   // slide -> what the reader asked for with + and -

  function holder(slide) { return slide.querySelector(".holder"); }
  // How much wider than its place a widget is: it has a width of its own on a slide.
  function width(slide) {
    var root = slide.querySelector(".cb-root > *");
    return root ? root.offsetWidth / holder(slide).clientWidth : 1;
  }
  function fits(slide) {
    return slide.scrollHeight <= slide.clientHeight + 1 && slide.scrollWidth <= slide.clientWidth + 1 && width(slide) < 1.001;
  }

  // Between which sizes a slide may be, and the one it keeps when all of it cannot be seen at once: then the last row
  // must still read it, and the arrow keys up and down move it. Words of a widget are 15 px high at size 1.
  function bounds(slide) {
    var unit = Math.min(innerHeight / 720, innerWidth / 1280);
    var live = slide.classList.contains("widget");
    if (live && innerWidth < 900) return { low: 1, high: 1, tall: 1 };
    return live ? { low: 0.9 * unit, high: 1.7 * unit, tall: 1.05 * unit } : { low: 1.2 * unit, high: 2.3 * unit, tall: 1.2 * unit };
  }

  // Widgets draw anew when their width changes, and are measured after that.
  function drawn(then) { requestAnimationFrame(function () { requestAnimationFrame(then); }); }

  // The largest size at which all of a slide is seen, for some slides at once; `then` runs when all are known.
  function measure(some, then) {
    var jobs = some.map(function (slide) {
      var b = bounds(slide);
      return { slide: slide, low: b.low, high: b.high, tall: b.tall, at: b.low, best: 0 };
    });
    var turn = ++turns;
    document.documentElement.dataset.slides = "measured anew";
    (function step(left) {
      jobs.forEach(function (job) { holder(job.slide).style.zoom = job.at; });
      drawn(function () {
        if (turn !== turns) return; // the window has changed again
        jobs.forEach(function (job) {
          if (fits(job.slide)) job.low = job.best = job.at;
          else job.high = job.at;
          if (job.best) job.at = (job.low + job.high) / 2;
        });
        if (left > 1) return step(left - 1);
        jobs.forEach(function (job) {
          holder(job.slide).style.zoom = job.tall;
          sizes.set(job.slide, job.best || job.tall / Math.max(1, width(job.slide)));
          size(job.slide);
        });
        drawn(function () {
          then();
          document.documentElement.dataset.slides = "ready";
        });
      });
    })(8);
  }

  function size(slide) {
    holder(slide).style.zoom = (sizes.get(slide) || 1) * (larger.get(slide) || 1);
    // what is cut off can be reached by the keyboard
    if (slide.scrollHeight > slide.clientHeight + 1) slide.tabIndex = 0;
    else slide.removeAttribute("tabindex");
  }

  // Another example may be taller: then the slide becomes smaller, so that all of it is seen. It never becomes larger by
  // itself, and a fold that was opened is scrolled instead.
  function chosen(event) {
    var slide = event.target.closest(".slide.widget");
    if (slide && !larger.get(slide) && event.target.matches("select, input[type=radio]")) drawn(function () { shrink(slide, 4); });
  }
  function shrink(slide, tries) {
    var least = bounds(slide).low, at = sizes.get(slide);
    if (tries > 0 && at > least && !fits(slide) && !slide.querySelector(".cb-root details[open]")) {
      sizes.set(slide, Math.max(least, at * Math.min(0.99, slide.clientHeight / slide.scrollHeight)));
      drawn(function () { shrink(slide, tries - 1); });
    }
    size(slide);
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
    size(slide);
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
    if (factor) larger.set(slide, Math.max(0.5, Math.min(3, value)));
    else larger.delete(slide);
    size(slide);
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
  addEventListener("resize", function () { measure(slides, function () { if (now >= 0) size(slides[now]); }); });
  document.addEventListener("change", chosen);

  function start() {
    measure(slides, function () { show(Math.max(0, fromAddress()), true); });
  }
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
})();
