/** "Copy picture": what a widget shows, as a PNG for slides. The page itself draws it: no library, no other host. */
import { useEffect, useState } from "preact/hooks";
import * as words from "../words/en/shared.ts";

/** Enough pixels for a projector. */
const SCALE = 2;
/** What is there to act on, and says nothing in a picture. */
const LEFT_OUT = ".cb-foot, .cb-code, .cb-play, .cb-message, noscript";
// Characters that no XML document may hold, though a reader can type them.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** The rules of the page as they hold now: an image has no viewport of its own to ask. */
function rulesOf(rules: CSSRuleList): string {
  let css = "";
  for (const rule of rules) {
    if (rule instanceof CSSMediaRule) {
      if (matchMedia(rule.media.mediaText).matches) css += rulesOf(rule.cssRules);
    } else if (rule instanceof CSSImportRule) {
      if (rule.styleSheet) css += rulesOf(rule.styleSheet.cssRules);
    } else if (!(rule instanceof CSSFontFaceRule)) css += `${rule.cssText}\n`;
  }
  return css;
}

function styles(): string {
  let css = "";
  for (const sheet of document.styleSheets) {
    try {
      css += rulesOf(sheet.cssRules);
    } catch {
      // A sheet that scripts may not read, such as one beside a page opened from file://.
    }
  }
  return css;
}

/** Puts what a control shows into attributes, and what a canvas shows into an image. */
function freeze(from: Element, to: Element): void {
  const all = (el: Element) => [...el.querySelectorAll<HTMLElement>("input, textarea, option, canvas")];
  const copies = all(to);
  all(from).forEach((el, i) => {
    const copy = copies[i]!;
    if (el instanceof HTMLInputElement) {
      copy.setAttribute("value", el.value);
      copy.toggleAttribute("checked", el.checked);
      copy.removeAttribute("name"); // a second group of radio buttons of that name would take the choice over
    } else if (el instanceof HTMLTextAreaElement) copy.textContent = el.value;
    else if (el instanceof HTMLOptionElement) copy.toggleAttribute("selected", el.selected);
    else if (el instanceof HTMLCanvasElement) {
      const image = document.createElement("img");
      image.src = el.toDataURL();
      image.className = el.className;
      const box = getComputedStyle(el);
      image.style.cssText = `${el.style.cssText}; width: ${box.width}; height: ${box.height}; image-rendering: ${box.imageRendering}`;
      copy.replaceWith(image);
    }
  });
}

function paperUnder(el: Element | null): string {
  for (; el; el = el.parentElement) {
    const colour = getComputedStyle(el).backgroundColor;
    if (colour && colour !== "transparent" && !/, 0\)$/.test(colour)) return colour;
  }
  return "#fff";
}

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";

/** The widget as an SVG document, and its size. */
export function svgOf(root: HTMLElement): { text: string; width: number; height: number } {
  const copy = root.cloneNode(true) as HTMLElement;
  freeze(root, copy);
  for (const el of copy.querySelectorAll(LEFT_OUT)) el.remove();
  const margin = 16;
  const inside = Math.ceil(root.getBoundingClientRect().width);
  const place = root.parentElement!;
  copy.style.cssText += `; position: absolute; left: -99999px; top: 0; width: ${inside}px; margin: 0`;
  place.append(copy);
  const tall = Math.ceil(copy.getBoundingClientRect().height);
  copy.remove();
  copy.style.position = copy.style.left = copy.style.top = "";

  const [width, height] = [inside + 2 * margin, tall + 2 * margin];
  const page = document.implementation.createDocument(SVG, "svg");
  const svg = page.documentElement;
  for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) svg.setAttribute(name, String(value));
  svg.setAttribute("style", `font-size: ${getComputedStyle(document.documentElement).fontSize}`);
  const frame = svg.appendChild(page.createElementNS(SVG, "foreignObject"));
  frame.setAttribute("width", "100%");
  frame.setAttribute("height", "100%");
  // Rules ask for the theme at html and body, so both stand around the copy.
  const shell = (name: string, like: Element, style: string) => {
    const el = page.createElementNS(HTML, name);
    for (const { name, value } of like.attributes) if (/^(class|data-[a-z-]+)$/.test(name)) el.setAttribute(name, value);
    el.setAttribute("style", style);
    return el;
  };
  const flat = "display: block; position: static; margin: 0; padding: 0; min-height: 0; height: auto; overflow: visible; transform: none;";
  const html = frame.appendChild(shell("html", document.documentElement, flat));
  const sheet = html.appendChild(page.createElementNS(HTML, "style"));
  sheet.textContent = styles();
  const body = html.appendChild(shell("body", document.body, flat));
  const around = getComputedStyle(place);
  const inherited = ["font-family", "font-size", "line-height", "color"].map((name) => `${name}: ${around.getPropertyValue(name)}`);
  const paper = body.appendChild(page.createElementNS(HTML, "div"));
  paper.setAttribute(
    "style",
    `box-sizing: border-box; width: ${width}px; height: ${height}px; padding: ${margin}px; background: ${paperUnder(root)}; ${inherited.join("; ")}`,
  );
  paper.append(page.importNode(copy, true));
  return { text: new XMLSerializer().serializeToString(page).replace(NOT_XML, ""), width, height };
}

/** The PNG, or the SVG where a browser does not let a page read what it drew. */
async function pictureOf(root: HTMLElement): Promise<Blob> {
  const { text, width, height } = svgOf(root);
  try {
    const image = new Image();
    // A data address: a blob would make browsers refuse to hand the drawing out.
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    if (png) return png;
  } catch {
    // Below.
  }
  return new Blob([text], { type: "image/svg+xml" });
}

function download(picture: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = `${name}.${picture.type === "image/png" ? "png" : "svg"}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Copies the picture where the clipboard takes pictures; otherwise saves it as a file. */
export function CopyPicture() {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), 2500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async (event: Event) => {
    const root = (event.currentTarget as Element).closest<HTMLElement>(".cb-root");
    if (!root) return;
    const name = root.closest<HTMLElement>("[data-name]")?.dataset.name ?? "picture";
    const picture = pictureOf(root);
    try {
      // The clipboard must be asked while the click counts, so it gets the promise.
      const png = picture.then((blob) => (blob.type === "image/png" ? blob : Promise.reject(new Error("no PNG"))));
      png.catch(() => undefined);
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
      setSaid(words.PICTURE_COPIED);
    } catch {
      download(await picture, name);
      setSaid(words.PICTURE_SAVED);
    }
  };
  return (
    <span class="cb-copy cb-picture-button">
      <button type="button" class="cb-button" onClick={copy}>
        {words.COPY_PICTURE}
      </button>
      <span role="status" class="cb-copied">
        {said}
      </span>
    </span>
  );
}
