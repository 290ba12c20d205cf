/** Below the picture: the adjoint test, and the way there and back. */
import type { ComponentChildren } from "preact";
import { show } from "../core/numbers.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import { Grid } from "../ui/grid.tsx";
import * as words from "../words/en/matrix.ts";
import { adjointTest, erased, type Algebra } from "./algebra.ts";
import { factor } from "./line.tsx";
import type { Settings } from "./settings.ts";

interface Props {
  s: Settings;
  a: Algebra;
  width: number;
  onChange(s: Settings): void;
  onBadEdit(text: string | null): void;
}

const NONE = new Map<string, never>();

/** A small grid with its name above it. */
function Small({
  title,
  role,
  values,
  cellPx,
  onEdit,
  onBadEdit,
}: {
  title: string;
  role: "input" | "output";
  values: Matrix;
  cellPx: number;
  onEdit?: (values: number[][]) => void;
  onBadEdit?: (text: string | null) => void;
}) {
  const size = sizeOf(values);
  return (
    <div class={`cb-small cb-side-${role}`}>
      <p class="cb-title" aria-hidden="true">
        {title} <span class="cb-size">{size.join(" \u00d7 ")}</span>
      </p>
      <Grid
        label={title}
        role={role}
        size={size}
        dataSize={size}
        cell={(r, c) => ({ kind: "data", value: values[r]![c]!, at: [r, c] })}
        marks={NONE}
        selected={null}
        boxes={[]}
        cellPx={cellPx}
        editable={onEdit !== undefined}
        version={values}
        onHover={() => undefined}
        onSelect={() => undefined}
        onEdit={(at, value) =>
          onEdit?.(values.map((row, r) => row.map((v, c) => (r === at[0] && c === at[1] ? value : v))))
        }
        onBadEdit={onBadEdit}
      />
    </div>
  );
}

/** Cells that fit `columns` side by side into a width. */
const fitting = (width: number, columns: number, gaps: number, most: number) =>
  Math.max(24, Math.min(most, Math.floor((width - gaps) / columns)));

const products = (a: Matrix, b: Matrix): ComponentChildren => {
  const [u, v] = [a.flat(), b.flat()];
  return u.map((x, i) => (
    <span key={i}>
      {i > 0 && " + "}
      <span class="cb-product">
        {factor(x)}
        {"\u00b7"}
        {factor(v[i]!)}
      </span>
    </span>
  ));
};

const digits = (v: number) => (Number.isInteger(v) || Math.abs(v) >= 1e6 ? show(v) : String(Number(v.toPrecision(8))).replace("-", "\u2212"));

export function Adjoint({ s, a, width, onChange, onBadEdit }: Props) {
  const found = adjointTest(s, a);
  const columns = Math.max(a.image[1] * 2, a.map[1] * 2);
  const cellPx = fitting(width, columns, 60, 34);
  const filled = (f: () => number): Settings => ({
    ...s,
    x: s.x.map((row) => row.map(f)),
    y: s.y.map((row) => row.map(f)),
    kernel: s.kernel.map((row) => row.map(f)),
  });
  const line = (name: string, left: Matrix, right: Matrix, sum: number) => (
    <div class="cb-inner" role="group" aria-label={words.writtenOut(name)} tabIndex={0}>
      <p>
        <strong>{name}</strong> = {products(left, right)} = <strong class="cb-total">{digits(sum)}</strong>
      </p>
    </div>
  );
  return (
    <div class="cb-panel">
      <p class="cb-hint">
        {words.ADJOINT_HINT}
      </p>
      <div class="cb-pair">
        <Small title="A x" role="output" values={a.ax} cellPx={cellPx} />
        <span class="cb-times" aria-hidden="true">{"\u00b7"}</span>
        <Small title="y" role="input" values={s.y} cellPx={cellPx} onEdit={(y) => onChange({ ...s, y })} onBadEdit={onBadEdit} />
      </div>
      {line("\u27e8A x, y\u27e9", a.ax, s.y, found.left)}
      <div class="cb-pair">
        <Small title="x" role="input" values={s.x} cellPx={cellPx} onEdit={(x) => onChange({ ...s, x })} onBadEdit={onBadEdit} />
        <span class="cb-times" aria-hidden="true">{"\u00b7"}</span>
        <Small title={"A\u1d40 y"} role="output" values={a.aty} cellPx={cellPx} />
      </div>
      {line("\u27e8x, A\u1d40 y\u27e9", s.x, a.aty, found.right)}
      <p class={`cb-verdict${found.equal ? "" : " cb-differs"}`} role="status">
        <strong>
          {digits(found.left)} {found.equal ? "=" : "\u2260"} {digits(found.right)}.
        </strong>{" "}
        {found.equal
          ? words.equal(a.entries.length, found.rounding ? show(found.rounding) : "")
          : words.differs(show(found.rounding))}
      </p>
      <div class="cb-bar cb-tools">
        <button type="button" class="cb-button" onClick={() => onChange(filled(() => Math.floor(Math.random() * 7) - 3))}>
          {words.RANDOM_DIGITS}
        </button>
        <button
          type="button"
          class="cb-button"
          onClick={() => onChange(filled(() => Number(((Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 7 - 2)).toPrecision(3))))}
        >
          {words.WILD_NUMBERS}
        </button>
      </div>
    </div>
  );
}

export function Back({ s, a, width, onChange, onBadEdit }: Props) {
  const columns = a.image[1] * 2 + a.map[1];
  const fits = Math.floor((width - 90) / columns) >= 24;
  const cellPx = fits ? fitting(width, columns, 90, 36) : fitting(width, Math.max(a.image[1], a.map[1]), 12, 30);
  const lost = a.columns - a.rank;
  const zero = a.back.every((row) => row.every((v) => Math.abs(v) < 1e-9));
  const nonzero = s.x.some((row) => row.some((v) => v !== 0));
  const equal = a.back.every((row, r) => row.every((v, c) => Math.abs(v - s.x[r]![c]!) < 1e-9 * (1 + Math.abs(v))));
  const gone = erased(s, a);
  const flow = (text: string) => (
    <span class="cb-arrow" aria-hidden="true">
      {text}
      <br />
      {"\u2192"}
    </span>
  );
  return (
    <div class="cb-panel">
      <p class="cb-hint">
        {words.BACK_HINT}
      </p>
      <div class="cb-pair">
        <Small title="x" role="input" values={s.x} cellPx={cellPx} onEdit={(x) => onChange({ ...s, x })} onBadEdit={onBadEdit} />
        {flow("A")}
        <Small title="A x" role="output" values={a.ax} cellPx={cellPx} />
        {flow("A\u1d40")}
        <Small title={"A\u1d40A x"} role="output" values={a.back} cellPx={cellPx} />
      </div>
      <p class={`cb-verdict${equal ? "" : " cb-differs"}`} role="status">
        <strong>
          {!nonzero ? words.X_IS_ZERO : zero ? words.ERASED : equal ? words.CAME_BACK : words.DID_NOT_COME_BACK}
        </strong>{" "}
        {lost > 0 ? words.lost(a.rank, a.columns, lost) : words.nothingLost(a.rank)}
      </p>
      <div class="cb-bar cb-tools">
        <button type="button" class="cb-button" disabled={!gone} onClick={() => gone && onChange({ ...s, x: gone })}>
          {gone || lost > 0 ? words.AN_ERASED_X : words.NONE_ERASED}
        </button>
        <button
          type="button"
          class="cb-button"
          onClick={() => {
            const [h, w] = a.image;
            onChange({ ...s, x: s.x.map((row, r) => row.map((_, c) => Number(r === h >> 1 && c === w >> 1))) });
          }}
        >
          {words.SINGLE_ONE}
        </button>
        <button type="button" class="cb-button" onClick={() => onChange({ ...s, x: s.x.map((row) => row.map(() => Math.floor(Math.random() * 10))) })}>
          {words.RANDOM_DIGITS}
        </button>
      </div>
    </div>
  );
}
