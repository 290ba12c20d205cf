/** A flat image of ones under the kernel: stamps, how many of them reach each output, and what they add up to. */
import { useMemo } from "preact/hooks";
import { show } from "../core/numbers.ts";
import type { Size } from "../core/ops.ts";
import { Grid, keyOf, type Box, type CellView, type Mark } from "../ui/grid.tsx";
import * as words from "../words/en/phase.ts";
import { INPUT, OUTPUT } from "../words/en/shared.ts";
import { keptAs, type Lab } from "./phases.ts";

interface Props {
  lab: Lab;
  width: number;
  /** The cell with the focus, and the one that is pointed at. */
  focus: Size;
  shown: Size;
  colourOf(r: number, c: number): string;
  onHover(at: Size | null): void;
  onSelect(at: Size): void;
}

const mix = (colour: string, share: number) => `color-mix(in oklab, var(--cb-${colour}) ${Math.round(share * 100)}%, var(--cb-paper))`;

/** Where a value lies between the least and the most of what is kept, from 0 to 1; 0 is always among them. */
function scaleOf(lab: Lab, values: readonly (readonly number[])[]) {
  let [low, high] = [0, 0];
  values.forEach((row, r) =>
    row.forEach((v, c) => {
      if (keptAs(lab, [r, c]) === "cropped") return;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }),
  );
  return { low, high, at: (v: number) => (high > low ? Math.min(Math.max((v - low) / (high - low), 0), 1) : 0) };
}

export function Flat(props: Props) {
  const { lab, width, shown } = props;
  const { dims } = lab.settings;
  const [rows, columns] = lab.drawn;
  const depth = Math.ceil(lab.kernelSize[1] / lab.strides[1]);
  const half = width >= 540 ? (width - 26) / 2 : width;
  const cellPx =
    dims === 1
      ? Math.max(22, Math.min(44, Math.floor((width - 8) / columns)))
      : Math.max(9, Math.min(34, Math.floor((half - 8) / columns)));
  const numbers = cellPx >= 18;

  const output = scaleOf(lab, lab.values);
  const { shades, greys } = useMemo(() => {
    const shades = new Map<string, Mark>();
    const greys = new Map<string, Mark>();
    const most = Math.max(...lab.counts.flat(), 1);
    const scale = scaleOf(lab, lab.values);
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        if (keptAs(lab, [r, c]) !== "data") continue;
        shades.set(keyOf(r, c), { tint: mix("output-strong", scale.at(lab.values[r]![c]!)), role: "whole" });
        greys.set(keyOf(r, c), { tint: mix("ink", (0.3 * lab.counts[r]![c]!) / most), role: "whole" });
      }
    }
    return { shades, greys };
  }, [lab]);

  const cropped = lab.window.some(([start, stop], a) => start > 0 || stop < lab.full[a]!);
  const [[rowStart, rowStop], [start, stop]] = lab.window;
  const kept: Box[] = cropped ? [{ kind: "kept", at: [rowStart, start], size: [rowStop - rowStart, stop - start] }] : [];
  const grid = (label: string, role: "matrix" | "output", values: readonly (readonly number[])[], marks: Map<string, Mark>) => (
    <Grid
      label={label}
      role={role}
      size={[rows, columns]}
      dataSize={[rows, columns]}
      cell={(r, c): CellView => {
        const kind = keptAs(lab, [r, c]);
        const value = values[r]![c]!;
        return {
          kind,
          value,
          text: numbers ? undefined : "",
          name:
            kind === "cropped"
              ? words.croppedCell(show(value))
              : words.outputCell(dims === 1 ? String(c - start) : `${r - rowStart}, ${c - start}`, show(value)),
          at: [r, c],
        };
      }}
      marks={marks}
      selected={shown === props.focus ? props.focus : shown}
      boxes={kept}
      cellPx={cellPx}
      editable={false}
      version={lab}
      onHover={props.onHover}
      onSelect={props.onSelect}
    />
  );
  const title = (text: string, aside: string, role = "") => (
    <p class={`cb-title ${role}`} aria-hidden="true">
      {text} <span class="cb-size">{aside}</span>
    </p>
  );

  if (dims === 2) {
    return (
      <div class={`cb-ph-pair${numbers ? "" : " cb-ph-dense"}`}>
        <div class="cb-small">
          {title(words.OVERLAP_COUNTS, words.STAMPS_THAT_REACH)}
          {grid(words.OVERLAP_COUNTS, "matrix", lab.counts, greys)}
        </div>
        <div class="cb-small">
          {title(OUTPUT, words.OF_ONES, "cb-name-output")}
          {grid(OUTPUT, "output", lab.values, shades)}
        </div>
      </div>
    );
  }

  const [, n] = lab.input;
  const [, k] = lab.kernelSize;
  const [, s] = lab.strides;
  const bar = 64;
  const span = output.high - output.low || 1;
  const zero = (output.high / span) * bar;
  return (
    <div class="cb-ph-strip">
      <div class="cb-ph-rows" style={{ "--cb-cell": `${cellPx}px`, width: `${columns * cellPx + 6}px` }}>
        {title(INPUT, words.ones(n, s), "cb-name-input")}
        <div class="cb-ph-stamps" aria-hidden="true" style={{ gridTemplateColumns: `repeat(${columns}, ${cellPx}px)` }}>
          {Array.from({ length: n }, (_, i) => (
            <span key={`x${i}`} class="cb-ph-one" style={{ gridColumn: i * s + 1, gridRow: 1 }}>
              1
            </span>
          ))}
          {Array.from({ length: n }, (_, i) => (
            <span key={`s${i}`} class="cb-ph-stamp" style={{ gridColumn: `${i * s + 1} / span ${k}`, gridRow: 2 + (i % depth) }}>
              {lab.settings.kernel[0]!.map((w, j) => (
                <span
                  key={j}
                  class={i * s + j === shown[1] ? "cb-ph-lit" : keptAs(lab, [0, i * s + j]) === "cropped" ? "cb-ph-away" : ""}
                  style={{ "--cb-tint": props.colourOf(0, i * s + j) }}
                >
                  {show(w)}
                </span>
              ))}
            </span>
          ))}
        </div>
        {title(words.OVERLAP_COUNTS, words.STAMPS_IN_COLUMN)}
        {grid(words.OVERLAP_COUNTS, "matrix", lab.counts, greys)}
        {title(OUTPUT, words.ADDS_UP, "cb-name-output")}
        <svg class="cb-ph-bars" aria-hidden="true" width={columns * cellPx + 6} height={bar + 4} viewBox={`-3 -2 ${columns * cellPx + 6} ${bar + 4}`}>
          {lab.values[0]!.map((v, c) => {
            if (keptAs(lab, [0, c]) === "cropped") return null;
            const h = (Math.min(Math.max(v, output.low), output.high) / span) * bar;
            return <rect key={c} x={c * cellPx + 1} width={cellPx - 2} y={h >= 0 ? zero - h : zero} height={Math.abs(h)} />;
          })}
          <line x1={0} x2={columns * cellPx} y1={zero} y2={zero} />
        </svg>
        {grid(OUTPUT, "output", lab.values, shades)}
      </div>
    </div>
  );
}
