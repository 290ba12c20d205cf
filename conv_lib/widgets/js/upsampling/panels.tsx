/** Below the eight ways: the difference of any two, what each costs, and the kernels that resize-convolution can make. */
import { show, whole } from "../core/numbers.ts";
import { sizeOf, type Matrix, type Size } from "../core/ops.ts";
import { Menu, NumberBox } from "../ui/controls.tsx";
import { Grid, type Mark } from "../ui/grid.tsx";
import { capital } from "../words/en/shared.ts";
import * as words from "../words/en/upsampling.ts";
import { Picture } from "./photo.tsx";
import { withCell, type Settings } from "./settings.ts";
import { alternatingSum, costOf, differenceOf, phaseSums, project, WAYS, type Way } from "./ways.ts";

const NO_MARKS: ReadonlyMap<string, Mark> = new Map();
const MENU = WAYS.map((way) => ({ value: way, label: words.WAYS[way].name }));

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
  const [first, second] = [words.WAYS[s.first].short, words.WAYS[s.second].short];
  const largest = show(d.largest, 4);
  const verdict =
    s.first === s.second ? words.SAME_WAY
    : d.count === 0 ? words.EQUAL
    : (d.onlyBorder ? words.differAtBorder : words.differ)(d.count, h * w, largest);
  const label = words.difference(first, second);
  return (
    <div class="cb-panel cb-minus">
      <div class="cb-minus-menus">
        <Menu label={words.TAKE} value={s.first} options={MENU} onChoose={(v) => onChange({ ...s, first: v as Way })} />
        <span class="cb-minus-sign" aria-hidden="true">{"\u2212"}</span>
        <Menu label={words.SUBTRACT} value={s.second} options={MENU} onChoose={(v) => onChange({ ...s, second: v as Way })} />
      </div>
      <div class="cb-minus-result">
        {s.shown === "photo" ? (
          <Picture values={d.values} label={words.greyIsZero(label)} width={Math.min(192, width)} span={[-0.25, 0.25]} />
        ) : (
          <Numbers label={label} role="output" values={d.values} cellPx={Math.min(40, Math.floor((width - 8) / w))} />
        )}
        <p class={`cb-verdict${d.count ? " cb-differs" : ""}`} role="status">
          <strong>{capital(first)} {"\u2212"} {second}.</strong> {verdict}
          {s.shown === "photo" && d.count > 0 && ` ${words.GREYS}`}
        </p>
      </div>
    </div>
  );
}

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
            <th scope="col">{words.WAY}</th>
            <th scope="col">{words.WEIGHTS}</th>
            <th scope="col">{words.productsFor(size.join(" \u00d7 "))}</th>
            <th scope="col">{words.TIMES_LEAST}</th>
          </tr>
        </thead>
        <tbody>
          {WAYS.map((way) => {
            const cost = costOf(way, size, s.in_channels, s.out_channels);
            return (
              <tr key={way}>
                <th scope="row">{capital(words.WAYS[way].short)}</th>
                <td>{whole(cost.weights)}</td>
                <td>{whole(cost.macs)}</td>
                <td>{cost.weights ? show(cost.macs / least) : "\u2013"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="cb-hint">{words.COSTS_HINT}</p>
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
  const [verdict, why] = none
    ? words.NOTHING_GIVEN_UP
    : words.givenUp(show(100 * share, 1), show(p.norms.rest, 3), show(p.norms.kernel, 3));
  return (
    <div class="cb-panel">
      <div class="cb-parts">
        <div class="cb-side-kernel">
          <p class="cb-title">{words.K4}</p>
          <Numbers
            label={words.K4_LABEL}
            role="kernel"
            values={s.transposed4}
            cellPx={cellPx}
            onEdit={(at, v) => onChange({ ...s, transposed4: withCell(s.transposed4, at, v) })}
            onBadEdit={onBadEdit}
          />
        </div>
        <div class="cb-side-kernel">
          <p class="cb-title">{words.KEPT}</p>
          <Numbers label={words.KEPT_LABEL} role="kernel" values={p.kept} cellPx={cellPx} />
        </div>
        <div>
          <p class="cb-title">{words.GIVEN_UP}</p>
          <Numbers label={words.GIVEN_UP_LABEL} role="matrix" values={rest} cellPx={cellPx} />
        </div>
        <div class="cb-side-kernel cb-behind">
          <p class="cb-title">{words.K3}</p>
          <Numbers label={words.K3_LABEL} role="kernel" values={p.weights} cellPx={cellPx} />
        </div>
      </div>
      <p class={`cb-verdict${none ? "" : " cb-differs"}`} role="status">
        <strong>{verdict}</strong> {why}
      </p>
      <dl class="cb-readout">
        <div>
          <dt>{words.SUMS}</dt>
          <dd>
            {words.sums(alternating(s.transposed4), alternating(columns))} <span class="cb-aside">{words.ALL_ZERO}</span>
          </dd>
        </div>
        <div>
          <dt>{words.FLAT_IMAGE}</dt>
          <dd>
            {words.flatImage(even ? flat.slice(0, 1) : flat, sums(p.kept)[0]!)}{" "}
            <span class="cb-aside">{words.awayFromBorder(!even)}</span>
          </dd>
        </div>
      </dl>
      <div class="cb-bar cb-tools">
        <button
          type="button"
          class="cb-button"
          onClick={() => onChange({ ...s, resize: tidy(p.weights), first: "transposed4", second: "resize", tab: "difference" })}
        >
          {words.USE_K3}
        </button>
        <button type="button" class="cb-button" disabled={none} onClick={() => onChange({ ...s, transposed4: tidy(p.kept) })}>
          {words.KEEP_ONLY}
        </button>
      </div>
    </div>
  );
}
