/** One axis: the full result (or the padded input) as a row of cells, with the window of each framework above and below. */
import { spanOf, fullOf, type AxisMeaning, type Operation } from "../core/frameworks.ts";
import * as words from "../words/en/translator.ts";

interface WindowsProps {
  operation: Operation;
  /** "Rows" or "Columns". */
  title: string;
  names: readonly [string, string];
  ours: AxisMeaning;
  theirs: AxisMeaning | null;
  /** The output cells that are pointed at, in each of the two. */
  at: readonly [number, number];
}

/** First and last cell that a window reaches. */
function reach(operation: Operation, a: AxisMeaning): [number, number] {
  return operation === "transposed" ? [a.start, a.start + a.output - 1] : [a.start, a.start + (a.output - 1) * a.stride + spanOf(a) - 1];
}

export const signed = (n: number): string => (n < 0 ? `\u2212${-n}` : String(n));
const rangeWords = (operation: Operation, a: AxisMeaning): string =>
  operation === "transposed"
    ? `full[${signed(a.start)} : ${signed(a.start + a.output)}]`
    : words.startsAt(signed(a.start), a.stride);

export function Windows({ operation, title, names, ours, theirs, at }: WindowsProps) {
  const transposed = operation === "transposed";
  const length = transposed ? fullOf(ours) : ours.size;
  const reaches = [reach(operation, ours), ...(theirs ? [reach(operation, theirs)] : [])];
  const low = Math.min(0, ...reaches.map(([first]) => first));
  const high = Math.max(length - 1, ...reaches.map(([, last]) => last));
  const count = high - low + 1;
  const differs = theirs !== null && (theirs.start !== ours.start || theirs.output !== ours.output);
  /** Which cells belong to the output that is pointed at. */
  const lit = (a: AxisMeaning, index: number): ((place: number) => boolean) => {
    if (index < 0 || index >= a.output) return () => false;
    if (transposed) return (place) => place === a.start + index;
    const first = a.start + index * a.stride;
    return (place) => place >= first && place < first + spanOf(a) && (place - first) % a.dilation === 0;
  };
  const mine = lit(ours, at[0]);
  const yours = theirs ? lit(theirs, at[1]) : () => false;
  const bar = (a: AxisMeaning, kind: "ours" | "theirs") => {
    const [first, last] = reach(operation, a);
    const isLit = kind === "ours" ? mine : yours;
    return (
      <div class={`cb-t-bar cb-t-${kind}${kind === "theirs" && differs ? " cb-t-differs" : ""}`} style={{ gridColumn: `${first - low + 1} / ${last - low + 2}` }}>
        {Array.from({ length: last - first + 1 }, (_, i) => {
          const step = transposed ? 1 : a.stride;
          const index = i % step === 0 && i / step < a.output ? i / step : null;
          return (
            <span key={i} class={isLit(first + i) ? "cb-t-lit" : ""}>
              {index ?? ""}
            </span>
          );
        })}
      </div>
    );
  };
  const both = [ours, theirs].flatMap((a, i) => (a ? [`${names[i]} ${rangeWords(operation, a)}`] : []));
  return (
    <div class="cb-t-axis" role="img" aria-label={words.windows(title, both)}>
      <p class="cb-t-axis-title">
        {title} <span class="cb-size">{(transposed ? words.ofFullResult : words.ofInput)(length)}</span>
      </p>
      <p class="cb-t-name">
        <span class="cb-name-output">{names[0]}</span> {rangeWords(operation, ours)}
      </p>
      <div class="cb-t-strip" style={{ "--cb-t-count": count }}>
        {bar(ours, "ours")}
      </div>
      <div class="cb-t-strip cb-t-cells" style={{ "--cb-t-count": count }}>
        {Array.from({ length: count }, (_, i) => {
          const place = low + i;
          const inside = place >= 0 && place < length;
          const kind = inside ? "" : transposed ? "cb-appended" : "cb-padding";
          return (
            <span key={i} class={`cb-t-cell ${transposed ? "cb-grid-output" : "cb-grid-input"} ${kind} ${mine(place) || yours(place) ? "cb-t-lit" : ""}`}>
              {inside ? place : transposed ? 0 : ""}
            </span>
          );
        })}
      </div>
      <div class="cb-t-strip" style={{ "--cb-t-count": count }}>
        {theirs ? bar(theirs, "theirs") : <div class="cb-t-bar cb-t-none" style={{ gridColumn: "1 / -1" }} />}
      </div>
      <p class={`cb-t-name${differs ? " cb-t-warn" : ""}`}>
        <span>{names[1]}</span> {theirs ? rangeWords(operation, theirs) : words.REFUSES}
      </p>
    </div>
  );
}
