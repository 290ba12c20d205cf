/** One line on the pointed-at cell: which row, column or band of the matrix it is, with the numbers written out. */
import { show } from "../core/numbers.ts";
import { count } from "../words/en/shared.ts";
import { sizeOf } from "../core/ops.ts";
import { tint } from "../ui/tint.ts";
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
  const place = (grid: string, at: Cell) => (
    <span class={`cb-name cb-name-${grid}`}>
      {grid}
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
  const here: Cell = [focus.row, focus.column];
  let body;
  if (focus.where === "matrix") {
    const image = cellOf(focus.column, a.image[1]);
    const map = cellOf(focus.row, a.map[1]);
    const [input, output] = T ? [map, image] : [image, map];
    const at = T ? [focus.column, focus.row] : [focus.row, focus.column];
    const e = entries[0];
    body = e ? (
      <>
        <strong>
          {name}[{at.join(", ")}]
        </strong>{" "}
        = {place("kernel", cellOf(e.weight, kw))} = {chip(e, show(flatW[e.weight]!), 0)}: {place("output", output)} takes{" "}
        {place("input", input)} times {show(flatW[e.weight]!)}.{" "}
        <span class="cb-aside">Change this number and its whole band changes: it is one weight.</span>
      </>
    ) : (
      <>
        <strong>
          {name}[{at.join(", ")}] = 0
        </strong>
        : {place("output", output)} does not use {place("input", input)}.{" "}
        <span class="cb-aside">No weight can stand here, whatever the kernel holds.</span>
      </>
    );
  } else if (focus.where === "kernel") {
    const weight = focus.row * kw + focus.column;
    body = (
      <>
        {place("kernel", here)} = {show(flatW[weight]!)} stands in {name} <strong>{count(entries.length, "time")}</strong>
        {entries.length ? ": " : "."}
        {entries.map((e, i) => (
          <span key={i}>
            {i > 0 && " "}
            {chip(e, (T ? [e.column, e.row] : [e.row, e.column]).join(", "), i)}
          </span>
        ))}{" "}
        <span class="cb-aside">{entries.length > 1 && "(row, column) of each. One weight, many places."}</span>
      </>
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
      body = (
        <>
          {place("output", here)} = row {index} {"\u00b7"} {vector} ={" "}
          {entries.map((e, i) => (
            <span key={i}>
              {i > 0 && " + "}
              {chip(e, `${factor(flatW[e.weight]!)}\u00b7${factor(values[from(e)]!)}`, i)}
            </span>
          ))}
          {entries.length > 0 && " = "}
          <strong>{show(total)}</strong>
          {". "}
          <span class="cb-aside">
            {rest === 0 ? "No place of this row is empty." : entries.length ? `The other ${count(rest, "place")} of the row hold 0.` : "The row is empty: nothing reaches this cell."}
          </span>
        </>
      );
    } else {
      const value = values[index]!;
      body = (
        <>
          {place("input", here)} = {show(value)} is column {index}
          {entries.length ? `. It goes to ${count(entries.length, "output cell")}: ` : ": empty. No output uses this cell."}
          {entries.map((e, i) => (
            <span key={i}>
              {i > 0 && ", "}
              {chip(e, `${factor(flatW[e.weight]!)}\u00b7${factor(value)}`, i)}
              <span class="cb-target">{` \u2192 ${spot(to(e))}`}</span>
            </span>
          ))}
        </>
      );
    }
  }
  return (
    <div class="cb-sum" role="group" aria-label="What the cell stands for" tabIndex={0}>
      <p aria-live={live ? "polite" : "off"}>{body}</p>
    </div>
  );
}
