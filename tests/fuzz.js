/**
 * Runs inside a page (tests/test_tools_fuzz.py): random interactions and bad links in any widget of the book. It knows
 * no widget: it takes whatever controls are there, does what a reader's hand, keyboard or clipboard could do, and
 * looks after each step whether the widget still stands.
 */
(() => {
  const NASTY = [
    "", " ", "-1", "0", "-0", "9999999999999", "1e308", "1e999", "-1e-320", "1.5", "0x10", "07", "four", "NaN", "undefined", "Infinity",
    "null", "__proto__", "constructor", "1,2;3", "1,2,3\n4,5", ";;;,,,", "3\t4\t5", "1 2 3", "%", "%E0%A4%A", "a=b&c=d#e?f",
    "'; DROP TABLE layers; --", "[[1,2],[3,4]]", "{\"a\":1}", "\u0000\u0007", "\u202e321", "\u0661\u0662", "\u2212" + "3", "1,5",
    "<script>window.__pwned=1</script>", "<img src=x onerror='window.__pwned=1'>", "\"><svg onload=window.__pwned=1>",
    "javascript:window.__pwned=1", "${window.__pwned=1}", "\u{1F600}", "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}", "Z\u0351\u036b\u0343",
    "9".repeat(10000), "x".repeat(10000), "1,".repeat(5000), "((".repeat(5000), "nn.Conv2d(3, 16, 3)\n".repeat(400),
  ];
  const FORBIDDEN = /\bNaN\b|\bundefined\b|Infinity|\[object/;
  const errors = [];
  addEventListener("error", (e) => errors.push(`uncaught: ${e.message}`));
  addEventListener("unhandledrejection", (e) => errors.push(`unhandled: ${e.reason}`));
  const copied = [];
  Object.defineProperty(navigator, "clipboard", {
    configurable: true,
    value: { writeText: async (text) => void copied.push(text), write: async () => undefined },
  });

  const random = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const soon = () => new Promise((done) => (waiting.push(done), channel.port2.postMessage(0)));
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const settle = async () => {
    await soon();
    await soon();
  };
  const find = (name) => document.querySelector(`.cb-widget[data-name="${name}"]`);

  /** What a reader sees and hears, without what is only an echo of what was typed. */
  const words = (el) => {
    const labels = [...el.querySelectorAll("[aria-label], [aria-valuetext], [title]")].flatMap((e) =>
      e.matches("input, textarea") ? [] : ["aria-label", "aria-valuetext", "title"].map((a) => e.getAttribute(a) ?? ""),
    );
    return [el.textContent, ...labels].join("\n");
  };
  const complaints = (el, typed, took, slow) => {
    const said = errors.splice(0);
    let text = words(el);
    for (const echo of [/\u201c[^\u201d]*\u201d/g, /Received:? \S+/g]) text = text.replace(echo, "");
    let bad = FORBIDDEN.exec(text);
    if (bad && (el.dataset.state ?? "").includes(bad[0])) bad = null; // the page itself speaks of it
    if (bad && !(typed !== null && typed.includes(bad[0]))) said.push(`shows ${text.slice(Math.max(0, bad.index - 60), bad.index + 60)}`);
    for (const copy of copied.splice(0)) if (FORBIDDEN.test(copy)) said.push(`copies ${copy.slice(0, 200)}`);
    if (window.__pwned !== undefined) said.push("something typed was executed");
    if (el.querySelector("script, img[src=x], svg[onload]")) said.push("markup typed became markup");
    if (!el.firstElementChild || !el.querySelector("button, input, select, summary")) said.push("the widget is gone");
    if (took > slow) said.push(`took ${Math.round(took)} ms`);
    return said;
  };

  /**
   * What is shown that Python can compute again: the grids, the words, and what `look` names by selectors. A selector
   * may end in a property other than the text, as in "input@checked" or "li@firstChild.textContent".
   */
  const shown = (el, look = {}) => {
    const raw = Object.fromEntries(
      Object.entries(look).map(([name, where]) => {
        const [selector, property = "textContent"] = where.split("@");
        return [name, [...el.querySelectorAll(selector)].map((e) => String(property.split(".").reduce((value, key) => value[key], e)))];
      }),
    );
    const flat = (text) => text.replace(/[ \t\r\n\u00a0]+/g, " ").trim();
    return {
      grids: [...el.querySelectorAll("[role=grid]")].map((grid) => ({
        name: grid.getAttribute("aria-label"),
        size: [Number(grid.getAttribute("aria-rowcount")), Number(grid.getAttribute("aria-colcount"))],
        cells: [...grid.querySelectorAll("[data-value]:not(.cb-cropped)")].map((c) => [
          Number(c.dataset.row), Number(c.dataset.column), Number(c.dataset.value),
        ]),
      })),
      text: el.innerText,
      found: Object.fromEntries(Object.entries(raw).map(([name, texts]) => [name, texts.map(flat)])),
      // As it is, where blanks count: what stands in a text box.
      boxes: [...el.querySelectorAll("textarea")].map((e) => e.value),
    };
  };
  const queryOf = (name) => {
    const query = history.state?.convWidgets?.[name];
    return query === undefined ? null : query;
  };

  const key = (target, name) =>
    ["keydown", "keyup"].forEach((type) => target.dispatchEvent(new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true })));
  const put = (box, text) => {
    const kind = box.tagName === "TEXTAREA" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(box, text);
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  };
  const CONTROLS = "button, input, select, textarea, summary, [role=gridcell][tabindex], [role=slider], canvas, [tabindex='0']";

  /** Does one thing; gives what was done in words, and the text typed if any. */
  function step(el, draw) {
    const pick = (list) => list[Math.floor(draw() * list.length)];
    const all = [...el.querySelectorAll(CONTROLS)].filter((e) => !e.disabled && !e.readOnly && !e.closest(".cb-picture-button"));
    // Grids have many cells: a kind of control is drawn first, then one of that kind.
    const kinds = new Map();
    for (const e of all) {
      const kind = e.getAttribute("role") ?? e.type ?? e.tagName;
      kinds.set(kind, [...(kinds.get(kind) ?? []), e]);
    }
    const e = pick([...kinds.values()][Math.floor(draw() * kinds.size)]);
    const name = (e.getAttribute("aria-label") ?? e.labels?.[0]?.textContent ?? e.textContent).trim().slice(0, 40);
    if (e.tagName === "SELECT") {
      e.value = pick([...e.options]).value;
      e.dispatchEvent(new Event("change", { bubbles: true }));
      return [`choose ${e.value} in ${name}`, null];
    }
    if (e.tagName === "TEXTAREA" || (e.tagName === "INPUT" && ["text", "number", "search", ""].includes(e.type))) {
      if (draw() < 0.2) {
        const press = pick(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Enter", "Escape", "Tab", "a"]);
        e.focus();
        key(e, press);
        return [`${press} in ${name}`, null];
      }
      const text = draw() < 0.5 ? String(Math.floor(draw() * 9)) : pick(NASTY);
      e.focus();
      put(e, text);
      if (draw() < 0.3) key(e, "Enter");
      if (draw() < 0.5) e.dispatchEvent(new Event("change", { bubbles: true }));
      if (draw() < 0.5) e.blur();
      return [`type ${JSON.stringify(text.slice(0, 60))} in ${name}`, text];
    }
    if (e.type === "range") {
      const [low, high] = [Number(e.min), Number(e.max)];
      put(e, String(low + draw() * (high - low)));
      e.dispatchEvent(new Event("change", { bubbles: true }));
      return [`slide ${name} to ${e.value}`, null];
    }
    if (!(e instanceof HTMLElement) || ["gridcell", "slider"].includes(e.getAttribute("role")) || (e.hasAttribute("tabindex") && e.tagName !== "BUTTON")) {
      e.focus();
      const at = e.getBoundingClientRect();
      const mouse = { bubbles: true, cancelable: true, pointerId: 1, pointerType: pick(["mouse", "touch"]), clientX: at.x + draw() * at.width, clientY: at.y + draw() * at.height };
      const done = pick(["hover", "click", "key", "edit"]);
      if (done === "hover") for (const type of ["pointerover", "pointermove"]) e.dispatchEvent(new PointerEvent(type, mouse));
      else if (done === "click") {
        for (const type of ["pointerdown", "pointerup"]) e.dispatchEvent(new PointerEvent(type, mouse));
        e.dispatchEvent(new MouseEvent("click", mouse));
      } else {
        const press = done === "edit" ? pick(["1", "7", "-", "Enter", "F2", "x"]) : pick(["ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight", "Home", "End", "PageDown", " ", "Escape"]);
        key(e, press);
        return [`${press} on ${name || e.getAttribute("class")}`, null];
      }
      return [`${done} ${name || e.getAttribute("class")}`, null];
    }
    e.click();
    return [`click ${name || e.getAttribute("class")}`, null];
  }

  window.fuzz = async ({ name, seed, count, slow, look }) => {
    const el = find(name);
    const draw = random(seed);
    const [wrong, states, done] = [[], [], []];
    let last = null;
    let longest = 0;
    let typed = null;
    for (let i = 0; i < count && wrong.length < 5; i++) {
      const start = performance.now();
      const [what, text] = step(el, draw);
      await settle();
      if (i % 8 === 7) await frame();
      const took = performance.now() - start;
      longest = Math.max(longest, took);
      typed = text ?? typed;
      done.push(what);
      for (const said of complaints(el, typed, took, slow)) wrong.push(`${name}, step ${i}, after ${done.slice(-4).join("; ")}: ${said}`);
      const query = queryOf(name);
      if (query !== null && query !== last) {
        last = query;
        await frame();
        if (queryOf(name) === query) states.push({ query, ...shown(el, look) });
      }
    }
    return { wrong, states, longest, steps: done.length, kinds: [...new Set(done.map((d) => d.split(" ")[0]))] };
  };

  /** Opens `base` with each value in turn replaced by bad texts. */
  window.fuzzLinks = async ({ name, base, slow }) => {
    const el = find(name);
    Element.prototype.scrollIntoView = () => undefined;
    const wrong = [];
    let [links, longest] = [0, 0];
    const open = async (query, what, typed) => {
      const before = location.hash;
      const start = performance.now();
      location.hash = `#${name}?${query}`;
      if (location.hash !== before) await new Promise((done) => addEventListener("hashchange", done, { once: true }));
      await settle();
      const took = performance.now() - start;
      links++;
      longest = Math.max(longest, took);
      for (const said of complaints(el, typed, took, slow)) wrong.push(`${name}, link with ${what}: ${said}`);
    };
    const parts = base.split("&").map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]);
    const given = NASTY;
    for (let i = 0; i < parts.length; i++)
      for (const [n, text] of given.entries()) {
        // Each parameter gets every third text: its neighbours get the others.
        if ((n + i) % 3) continue;
        const query = parts.map(([k, v], j) => `${k}=${j === i ? encodeURIComponent(text) : encodeURI(v)}`).join("&");
        await open(query, `${parts[i][0]}=${JSON.stringify(text.slice(0, 50))}`, text);
        if (wrong.length > 8) return { wrong, links, longest };
      }
    for (const text of given) await open(encodeURIComponent(text), `nothing but ${text.slice(0, 50)}`, text);
    await open(encodeURI(base), "what it came from", null);
    await frame();
    return { wrong, links, longest, end: shown(el) };
  };
  window.fuzzShown = (name) => shown(find(name));
  window.fuzzQuery = async (name) => {
    const link = [...find(name).querySelectorAll("button")].find((b) => b.textContent === "Copy link");
    copied.length = 0;
    link?.click();
    await settle();
    const text = copied.splice(0)[0];
    return text === undefined ? null : decodeURI(text.split("#")[1].split("?").slice(1).join("?"));
  };
})();
