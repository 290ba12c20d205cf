/** The number behind a pointed-at cell: one partial sum for each channel, then the sum of these and the bias. */
import type { ComponentChild } from "preact";
import { show } from "../core/numbers.ts";
import { tint } from "../ui/tint.ts";
import * as words from "../words/en/channels.ts";
import { SUM } from "../words/en/shared.ts";
import type { Lit } from "./marks.ts";
import type { Focus, Product, Scene } from "./picture.ts";
import { channelsOut, kernelSize, seen } from "./settings.ts";

/** A negative number stands in brackets, as one would write it. */
const factor = (v: number) => (v < 0 ? `(${show(v, 3)})` : show(v, 3));

const at = (...places: number[]) => `[${places.join(", ")}]`;

/** A sentence around two names of cells. */
const around = ([before, between, after]: [string, string, string], cell: ComponentChild, output: ComponentChild) => (
  <>
    {before}
    {cell}
    {between}
    {output}
    {after}
  </>
);

interface SumProps {
  scene: Scene;
  focus: Focus;
  lit: Lit;
  /** The height in lines: it stays while a reader points, so that nothing below jumps. */
  rows: number;
  live: boolean;
}

export function Sum({ scene, focus, lit, rows: height, live }: SumProps) {
  const { settings: s, rows, output } = scene;
  const [kh, kw] = kernelSize(s);
  const o = s.channel;
  const colour = (p: Product) => ({ "--cb-tint": tint(p.kernel[0] * kw + p.kernel[1], kh * kw) });
  const { products } = lit;
  const { row: r, column: c, channel } = focus;
  const name = (role: string, text: string) => <span class={`cb-name cb-name-${role}`}>{text}</span>;
  const out = name("output", words.outOf(o));
  let lead;
  let rest = null;
  if (focus.grid === "output" || focus.grid === "partial") {
    const bias = s.bias?.[o];
    const met = rows.flatMap((row, i) => (row.partial ? [{ i, slice: row.slice!, partial: row.partial[r]![c]! }] : []));
    const skipped = kh * kw - products.length;
    lead = (
      <>
        {name("output", words.outOf(o) + at(r, c))} ={" "}
        {met.map(({ i, partial }, n) => (
          <span key={i} class="cb-nowrap">
            {n > 0 && " + "}
            {factor(partial)} <span class="cb-aside">{words.inOf(i)}</span>
          </span>
        ))}
        {bias !== undefined && (
          <span class="cb-nowrap">
            {" + "}
            {factor(bias)} <span class="cb-aside">{words.PLACES.bias}</span>
          </span>
        )}{" "}
        = <strong>{show(output[r]![c]!, 3)}</strong>
        {met.length > 1 && <span class="cb-aside"> {words.SUMMED}</span>}
      </>
    );
    rest = met.map(({ i, slice, partial }) => (
      <p key={i}>
        {name("input", words.inOf(i))}: {show(partial, 3)} ={" "}
        {products.map((p, n) => (
          <span key={n}>
            {n > 0 && " + "}
            <span class="cb-chip" style={colour(p)}>
              {factor(s.inputs[i]![p.input[0]]![p.input[1]]!)}
              {"\u00b7"}
              {factor(slice[p.kernel[0]]![p.kernel[1]]!)}
            </span>
          </span>
        ))}
        {skipped > 0 && i === met[0]!.i && (
          <span class="cb-aside"> {words.otherWeights(skipped)}</span>
        )}
      </p>
    ));
  } else if (focus.grid === "bias") {
    lead = around(words.biasAdded(show(s.bias?.[o] ?? 0)), name("kernel", words.PLACES.bias + at(o)), out);
  } else {
    const slice = rows[channel]!.slice;
    const mine = focus.grid === "input";
    const { first } = seen(s, o);
    const value = mine ? s.inputs[channel]![r]![c]! : (slice?.[r]![c] ?? 0);
    const where = mine ? name("input", words.inOf(channel) + at(r, c)) : name("kernel", words.PLACES.kernel + at(r, c, channel - first, o));
    lead = !slice ? (
      around(words.unseen(show(value), channel), where, out)
    ) : products.length ? (
      around((mine ? words.inputGoesTo : words.weightIsUsed)(show(value), products.length), where, out)
    ) : (
      <>
        {where} = {show(value)}. {mine ? words.NOT_USED : words.ONLY_PADDING}
      </>
    );
    rest = slice && (
      <p>
        {products.map((p, n) => (
          <span key={n} class="cb-nowrap">
            {n > 0 && ", "}
            <span class="cb-chip" style={colour(p)}>
              {factor(s.inputs[channel]![p.input[0]]![p.input[1]]!)}
              {"\u00b7"}
              {factor(slice[p.kernel[0]]![p.kernel[1]]!)}
            </span>{" "}
            {"\u2192"} {at(...p.output)}
          </span>
        ))}
      </p>
    );
    if (mine && slice && channelsOut(s) > 1) {
      const others = Array.from({ length: channelsOut(s) }, (_, i) => i).filter(
        (i) => i !== o && seen(s, i).first === first,
      );
      if (others.length) {
        rest = (
          <>
            {rest}
            <p class="cb-aside">{words.otherFilters(others.length, channel)}</p>
          </>
        );
      }
    }
  }
  return (
    <div class="cb-sum cb-channel-sum" role="group" aria-label={SUM} tabIndex={0} style={{ "--cb-lines": height }}>
      <p aria-live={live ? "polite" : "off"}>{lead}</p>
      {rest}
    </div>
  );
}
