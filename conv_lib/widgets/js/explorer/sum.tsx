/** The sum behind the pointed-at cell, written out with its numbers. */
import { show } from "../core/numbers.ts";
import { sizeOf } from "../core/ops.ts";
import { tint } from "../ui/tint.ts";
import * as words from "../words/en/explorer.ts";
import { SUM } from "../words/en/shared.ts";
import type { Focus, Product, Scene, Stamp } from "./picture.ts";

const MOST = 64;

const place = (grid: keyof typeof words.PLACES, [r, c]: readonly [number, number]) => (
  <span class={`cb-name cb-name-${grid}`}>
    {words.PLACES[grid]}[{r}, {c}]
  </span>
);

/** A negative factor stands in brackets, as one would write it. */
const factor = (v: number) => (v < 0 ? `(${show(v)})` : show(v));

export function Sum({
  scene,
  focus,
  products,
  stamp,
  live,
}: {
  scene: Scene;
  focus: Focus;
  products: Product[];
  stamp: Stamp | null;
  live: boolean;
}) {
  const { input, kernel } = scene.settings;
  const [kh, kw] = sizeOf(kernel);
  const here = [focus.row, focus.column] as const;
  const shown = products.slice(0, MOST);
  const more = products.length - shown.length;
  const colour = (p: Product) => ({ "--cb-tint": tint(p.kernel[0] * kw + p.kernel[1], kh * kw) });
  const x = (p: Product) => input[p.input[0]]![p.input[1]]!;
  const w = (p: Product) => kernel[p.kernel[0]]![p.kernel[1]]!;
  let lead;
  let chips;
  let tail = null;
  if (focus.grid === "output") {
    const total = scene.output[focus.row]![focus.column]!;
    const skipped = stamp ? kh * kw - products.length : 0;
    lead = <>{place("output", here)} = </>;
    chips = shown.map((p, i) => (
      <span key={i}>
        {i > 0 && " + "}
        <span class="cb-chip" style={colour(p)}>
          {factor(x(p))}
          {"\u00b7"}
          {factor(w(p))}
        </span>
      </span>
    ));
    tail = products.length ? (
      <>
        {more > 0 && ` + ${words.moreProducts(more)}`} = <strong>{show(total)}</strong>
        {skipped > 0 && (
          <span class="cb-aside">
            {" "}
            {scene.kernelFlipped || scene.settings.mode === "conv" ? words.otherProducts(skipped, scene.kernelFlipped) : ""}
          </span>
        )}
      </>
    ) : (
      <>
        <strong>0</strong>
        <span class="cb-aside"> {words.NOT_REACHED}</span>
      </>
    );
  } else if (focus.grid === "input") {
    const value = input[focus.row]![focus.column]!;
    const [before, after] = products.length ? words.goesTo(show(value), products.length) : ["", ` = ${show(value)} `];
    lead = <>{before}{place("input", here)}{after}</>;
    chips = shown.map((p, i) => (
      <span key={i}>
        {i > 0 && ", "}
        <span class="cb-chip" style={colour(p)}>
          {factor(value)}
          {"\u00b7"}
          {factor(w(p))}
        </span>
        <span class="cb-target">{` \u2192 [${p.output.join(", ")}]`}</span>
      </span>
    ));
    tail = products.length ? more > 0 && words.andMore(more) : <span class="cb-aside">{words.NOT_USED}</span>;
  } else {
    const value = kernel[focus.row]![focus.column]!;
    const [before, after] = words.takesPart(show(value), products.length);
    lead = <>{before}{place("kernel", here)}{after}</>;
    chips = shown.map((p, i) => (
      <span key={i}>
        {i > 0 && ", "}
        <span class="cb-chip" style={colour(p)}>
          {factor(x(p))}
          {"\u00b7"}
          {factor(value)}
        </span>
        <span class="cb-target">{` \u2192 [${p.output.join(", ")}]`}</span>
      </span>
    ));
    tail = more > 0 && words.andMore(more);
  }
  return (
    <div class="cb-sum" role="group" aria-label={SUM} tabIndex={0}>
      <p aria-live={live ? "polite" : "off"}>
        {lead}
        {chips}
        {tail}
      </p>
    </div>
  );
}
