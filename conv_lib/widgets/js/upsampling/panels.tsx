/** Below the eight ways: the difference of any two, what each costs, and the kernels that resize-convolution can make. */
import { show } from "../core/numbers.ts";
import { sizeOf, type Matrix, type Size } from "../core/ops.ts";
import { Menu, NumberBox } from "../ui/controls.tsx";
import { Grid, type Mark } from "../ui/grid.tsx";
import { Picture } from "./photo.tsx";
import { withCell, type Settings } from "./settings.ts";
import { alternatingSum, costOf, differenceOf, phaseSums, project, WAYS, type Way } from "./ways.ts";
import { WORDS } from "./words.ts";

const NO_MARKS: ReadonlyMap<string, Mark> = new Map();
const MENU = WAYS.map((way) => ({ value: way, label: WORDS[way].name }));
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

interface Panel {
  s: Settings;
  onChange(s: Settings): void;
}

/** A grid of numbers that is looked at, and edited where `onEdit` is given. */
export function Numbers({
  label,
  role,
  values,
  cellPx,
  marks = NO_MARKS,
  selected = null,
  onEdit,
  onBadEdit,
  onSelect,
  onHover,
}: {
  label: string;
  role: "input" | "kernel" | "output" | "matrix";
  values: Matrix;
  cellPx: number;
  marks?: ReadonlyMap<string, Mark>;
  selected?: readonly [number, number] | null;
  onEdit?: (at: readonly [number, number], value: number) => void;
  onBadEdit?: (text: string | null) => void;
  onSelect?: (at: readonly [number, number]) => void;
  onHover?: (at: readonly [number, number] | null) => void;
}) {
  const size = sizeOf(values);
  return (
    <Grid
      label={label}
      role={role}
      size={size}
      dataSize={size}
      cell={(r, c) => ({ kind: "data", value: values[r]![c]!, text: cellPx < 30 ? show(values[r]![c]!, 1) : undefined, at: [r, c] })}
      marks={marks}
      selected={selected}
      boxes={[]}
      cellPx={cellPx}
      editable={onEdit !== undefined}
      version={values}
      onHover={onHover ?? (() => undefined)}
      onSelect={onSelect ?? (() => undefined)}
      onEdit={onEdit}
      onBadEdit={onBadEdit}
    />
  );
}

export function Difference({ s, outputs, width, onChange }: Panel & { outputs: Record<Way, Matrix>; width: number }) {
  const d = differenceOf(outputs[s.first], outputs[s.second]);
  const [h, w] = sizeOf(d.values);
  const [first, second] = [WORDS[s.first].short, WORDS[s.second].short];
  const largest = show(d.largest, 4);
  const verdict =
    s.first === s.second ? "The same way twice: nothing differs."
    : d.count === 0 ? "Equal at every pixel, border included."
    : d.onlyBorder ? `Equal inside. At the border they differ in ${d.count} of ${h * w} pixels, by up to ${largest}.`
    : `They differ in ${d.count} of ${h * w} pixels, by up to ${largest}.`;
  const label = `Difference: ${first} minus ${second}`;
  return (
    <div class="cb-panel cb-minus">
      <div class="cb-minus-menus">
        <Menu label="Take" value={s.first} options={MENU} onChoose={(v) => onChange({ ...s, first: v as Way })} />
        <span class="cb-minus-sign" aria-hidden="true">{"\u2212"}</span>
        <Menu label="and subtract" value={s.second} options={MENU} onChoose={(v) => onChange({ ...s, second: v as Way })} />
      </div>
      <div class="cb-minus-result">
        {s.shown === "photo" ? (
          <Picture values={d.values} label={`${label}; grey is zero`} width={Math.min(192, width)} span={[-0.25, 0.25]} />
        ) : (
          <Numbers label={label} role="output" values={d.values} cellPx={Math.min(40, Math.floor((width - 8) / w))} />
        )}
        <p class={`cb-verdict${d.count ? " cb-differs" : ""}`} role="status">
          <strong>{capital(first)} {"\u2212"} {second}.</strong> {verdict}
          {s.shown === "photo" && d.count > 0 && " Mid-grey is zero, black \u22120.25, white 0.25."}
        </p>
      </div>
    </div>
  );
}

const whole = (n: number) => n.toLocaleString("en-US");

export function Costs({
  s,
  size,
  boxes,
}: {
  s: Settings;
  size: Size;
  boxes: Parameters<typeof NumberBox>[0][];
}) {
  const least = Math.min(...WAYS.map((way) => costOf(way, size, s.in_channels, s.out_channels)).filter((c) => c.weights).map((c) => c.macs));
  return (
    <div class="cb-panel">
      <div class="cb-controls">
        {boxes.map((box) => (
          <NumberBox key={box.label} {...box} />
        ))}
      </div>
      <table class="cb-costs">
        <thead>
          <tr>
            <th scope="col">Way</th>
            <th scope="col">Weights</th>
            <th scope="col">Products, {size.join(" \u00d7 ")} in</th>
            <th scope="col">{"\u00d7"} the least</th>
          </tr>
        </thead>
        <tbody>
          {WAYS.map((way) => {
            const cost = costOf(way, size, s.in_channels, s.out_channels);
            return (
              <tr key={way}>
                <th scope="row">{capital(WORDS[way].short)}</th>
                <td>{whole(cost.weights)}</td>
                <td>{whole(cost.macs)}</td>
                <td>{cost.weights ? show(cost.macs / least) : "\u2013"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="cb-hint">
        Without biases. The first four keep the number of channels and learn nothing; something with weights has to follow.
      </p>
    </div>
  );
}

export function Projecting({
  s,
  width,
  onChange,
  onBadEdit,
}: Panel & { width: number; onBadEdit(text: string | null): void }) {
  const p = project(s.transposed4);
  const share = p.norms.kernel ? p.norms.rest / p.norms.kernel : 0;
  const none = share < 1e-9;
  const cellPx = Math.min(36, Math.floor(width >= 560 ? (width - 80) / 15.5 : (width - 34) / 8));
  const tidy = (m: Matrix) => m.map((row) => row.map((v) => Number(v.toPrecision(12))));
  const rest = p.rest.map((row) => row.map((v) => (Math.abs(v) < 1e-12 * (1 + p.norms.kernel) ? 0 : v)));
  const sums = (m: Matrix) => phaseSums(m).flat().map((v) => show(v, 3));
  const alternating = (lines: Matrix) => lines.map((line) => show(Number(alternatingSum(line).toFixed(9)), 3)).join(", ");
  const columns = s.transposed4[0]!.map((_, c) => s.transposed4.map((row) => row[c]!));
  const flat = sums(s.transposed4);
  const even = new Set(flat).size === 1;
  return (
    <div class="cb-panel">
      <div class="cb-parts">
        <div class="cb-side-kernel">
          <p class="cb-title">k4 kernel</p>
          <Numbers
            label="Kernel to project"
            role="kernel"
            values={s.transposed4}
            cellPx={cellPx}
            onEdit={(at, v) => onChange({ ...s, transposed4: withCell(s.transposed4, at, v) })}
            onBadEdit={onBadEdit}
          />
        </div>
        <div class="cb-side-kernel">
          <p class="cb-title">= what is kept</p>
          <Numbers label="Part that resize-convolution can be" role="kernel" values={p.kept} cellPx={cellPx} />
        </div>
        <div>
          <p class="cb-title">+ given up</p>
          <Numbers label="Part that is given up" role="matrix" values={rest} cellPx={cellPx} />
        </div>
        <div class="cb-side-kernel cb-behind">
          <p class="cb-title">its 3 {"\u00d7"} 3 kernel</p>
          <Numbers label="Kernel of that resize-convolution" role="kernel" values={p.weights} cellPx={cellPx} />
        </div>
      </div>
      <p class={`cb-verdict${none ? "" : " cb-differs"}`} role="status">
        {none ? (
          <><strong>Nothing is given up.</strong> Nearest upsampling and the 3 {"\u00d7"} 3 kernel do exactly what this layer does.</>
        ) : (
          <>
            <strong>Given up: {show(100 * share, 1)} %.</strong> The part on the right has length {show(p.norms.rest, 3)},
            the kernel {show(p.norms.kernel, 3)} (square root of the sum of squares).
          </>
        )}
      </p>
      <dl class="cb-readout">
        <div>
          <dt>+ {"\u2212"} + {"\u2212"} sums</dt>
          <dd>
            rows {alternating(s.transposed4)}; columns {alternating(columns)}.{" "}
            <span class="cb-aside">All eight are zero exactly when nothing is given up.</span>
          </dd>
        </div>
        <div>
          <dt>Flat image</dt>
          <dd>
            ones become {even ? `${flat[0]} everywhere` : flat.join(", ")} with the kernel, {sums(p.kept)[0]} everywhere with what is kept.{" "}
            <span class="cb-aside">{even ? "" : "The four places of a block differ: a checkerboard. "}Away from the border.</span>
          </dd>
        </div>
      </dl>
      <div class="cb-bar cb-tools">
        <button
          type="button"
          class="cb-button"
          onClick={() => onChange({ ...s, resize: tidy(p.weights), first: "transposed4", second: "resize", tab: "difference" })}
        >
          Use the 3 {"\u00d7"} 3 kernel, and compare
        </button>
        <button type="button" class="cb-button" disabled={none} onClick={() => onChange({ ...s, transposed4: tidy(p.kept) })}>
          Keep only what resize can be
        </button>
      </div>
    </div>
  );
}
