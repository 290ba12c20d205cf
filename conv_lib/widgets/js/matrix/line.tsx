/** One line on the pointed-at cell: which row, column or band of the matrix it is, with the numbers written out. */
import { show } from "../core/numbers.ts";
import { sizeOf } from "../core/ops.ts";
import { Filled } from "../ui/filled.tsx";
import { tint } from "../ui/tint.ts";
import * as words from "../words/en/matrix.ts";
import type { Algebra, Entry } from "./algebra.ts";
import type { Settings } from "./settings.ts";
import { cellOf, type Cell, type Focus } from "./trace.ts";

export const factor = (v: number) => (v < 0 ? `(${show(v)})` : show(v));
const spot = ([r, c]: Cell) => `[${r}, ${c}]`;

export function Line({ s, a, focus, entries, live }: { s: Settings; a: Algebra; focus: Focus; entries: Entry[]; live: boolean }) {
  const [kh, kw] = sizeOf(s.kernel);
  const T = s.transposed;
  const name = T ? "A\u1d40" : "A";
  const vector = T ? "y" : "x";
  const [flatX, flatY, flatW] = [s.x.flat(), s.y.flat(), s.kernel.flat()];
  const place = (grid: keyof typeof words.CELL, at: Cell) => (
    <span class={`cb-name cb-name-${grid}`}>
      {words.CELL[grid]}
      {spot(at)}
    </span>
  );
  const chip = (e: Entry, text: string, i: number) => (
    <span key={i}>
      <span class="cb-chip" style={{ "--cb-tint": tint(e.weight, kh * kw) }}>
        {text}
      </span>
    </span>
  );
  const aside = (text: string) => <span class="cb-aside">{text}</span>;
  const here: Cell = [focus.row, focus.column];
  let body;
  if (focus.where === "matrix") {
    const image = cellOf(focus.column, a.image[1]);
    const map = cellOf(focus.row, a.map[1]);
    const [input, output] = T ? [map, image] : [image, map];
    const at = T ? [focus.column, focus.row] : [focus.row, focus.column];
    const e = entries[0];
    const named = `${name}[${at.join(", ")}]`;
    body = e ? (
      <Filled
        text={words.entry(show(flatW[e.weight]!))}
        parts={[
          <strong>{named}</strong>,
          place("kernel", cellOf(e.weight, kw)),
          chip(e, show(flatW[e.weight]!), 0),
          place("output", output),
          place("input", input),
          aside(words.ONE_WEIGHT),
        ]}
      />
    ) : (
      <Filled
        text={words.NO_ENTRY}
        parts={[<strong>{named} = 0</strong>, place("output", output), place("input", input), aside(words.NO_WEIGHT)]}
      />
    );
  } else if (focus.where === "kernel") {
    const weight = focus.row * kw + focus.column;
    const places = entries.map((e, i) => (
      <span key={i}>
        {i > 0 && " "}
        {chip(e, (T ? [e.column, e.row] : [e.row, e.column]).join(", "), i)}
      </span>
    ));
    body = (
      <Filled
        text={words.band(show(flatW[weight]!), name, entries.length > 0)}
        parts={[place("kernel", here), <strong>{words.times(entries.length)}</strong>, places, aside(entries.length > 1 ? words.MANY_PLACES : "")]}
      />
    );
  } else {
    const isMap = focus.where === "map";
    const index = focus.row * (isMap ? a.map[1] : a.image[1]) + focus.column;
    const values = T ? flatY : flatX;
    const from = (e: Entry) => (T ? e.row : e.column);
    const to = (e: Entry) => (T ? cellOf(e.column, a.image[1]) : cellOf(e.row, a.map[1]));
    // The output's cells are rows of the matrix that is drawn, the input's its columns.
    if (isMap !== T) {
      const total = (T ? a.aty : a.ax).flat()[index]!;
      const rest = (T ? a.rows : a.columns) - entries.length;
      const products = entries.map((e, i) => (
        <span key={i}>
          {i > 0 && " + "}
          {chip(e, `${factor(flatW[e.weight]!)}\u00b7${factor(values[from(e)]!)}`, i)}
        </span>
      ));
      const empty = rest === 0 ? words.NO_PLACE_EMPTY : entries.length ? words.othersZero(rest) : words.ROW_EMPTY;
      body = (
        <Filled
          text={words.row(index, vector, entries.length > 0)}
          parts={[place("output", here), products, <strong>{show(total)}</strong>, aside(empty)]}
        />
      );
    } else {
      const value = values[index]!;
      const products = entries.map((e, i) => (
        <span key={i}>
          {i > 0 && ", "}
          {chip(e, `${factor(flatW[e.weight]!)}\u00b7${factor(value)}`, i)}
          <span class="cb-target">{` \u2192 ${spot(to(e))}`}</span>
        </span>
      ));
      body = <Filled text={words.column(show(value), index, entries.length)} parts={[place("input", here), products]} />;
    }
  }
  return (
    <div class="cb-sum" role="group" aria-label={words.STANDS_FOR} tabIndex={0}>
      <p aria-live={live ? "polite" : "off"}>{body}</p>
    </div>
  );
}
