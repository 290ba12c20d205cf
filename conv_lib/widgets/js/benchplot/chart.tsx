/** The drawings: a row for each layer, or a point for each, on scales of powers of ten. */
import { useRef } from "preact/hooks";
import { QUIET } from "../ui/controls.tsx";
import * as words from "../words/en/benchplot.ts";
import {
  digits,
  rateOf,
  shortName,
  SHOWN,
  spreadOf,
  timeOf,
  valueOf,
  workOf,
  type Layer,
  type Quantity,
  type Shown,
  type Stored,
} from "./work.ts";

const f = (n: number): string => String(Math.round(n * 10) / 10);

/** The mark of a backend: a shape of its own, so that colour says nothing alone. */
export function Mark({ of, x, y, r = 5 }: { of: Shown; x: number; y: number; r?: number }) {
  const points: Record<string, readonly (readonly [number, number])[]> = {
    tf: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
    floor: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
    tf_gpu: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
    torch: [[0, 1.2], [1.1, -0.8], [-1.1, -0.8]],
  };
  const shape = points[of];
  if (!shape) return <circle class={`cb-b-mark cb-b-${of}`} cx={f(x)} cy={f(y)} r={r} />;
  return <polygon class={`cb-b-mark cb-b-${of}`} points={shape.map(([a, b]) => `${f(x + a * r)},${f(y + b * r)}`).join(" ")} />;
}

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
  at(value: number): number;
}

/** A scale of powers of ten over `values`, drawn from `start` to `end`. */
export function logScale(values: number[], start: number, end: number): Scale {
  const good = values.filter((v) => v > 0);
  const [least, most] = good.length ? [Math.min(...good), Math.max(...good)] : [0.1, 10];
  const [low, high] = [least / 1.25, most * 1.25];
  const ticks: number[] = [];
  const decades = Math.log10(high / low);
  const steps = decades > 2.4 ? [1] : [1, 2, 5];
  for (let p = Math.floor(Math.log10(low)); p <= Math.ceil(Math.log10(high)); p++) {
    for (const step of steps) {
      const tick = step * 10 ** p;
      if (tick >= low && tick <= high) ticks.push(Number(tick.toPrecision(1)));
    }
  }
  const at = (value: number) => start + (Math.log(value / low) / Math.log(high / low)) * (end - start);
  return { low, high, ticks, at };
}

const tickText = (value: number): string => (value >= 1000 ? digits(value) : String(value));

interface ChartProps {
  stored: Stored;
  layers: Layer[];
  chosen: string;
  width: number;
  onHover(name: string | null): void;
  onChoose(name: string): void;
}

/** What a reader hears of a layer. */
function said(layer: Layer): string {
  const times = SHOWN.flatMap((shown) => {
    const time = timeOf(layer, shown);
    return time === null ? [] : [words.takes(words.SHOWN[shown], digits(time))];
  });
  return words.layer(layer.name, times);
}

/** One stop for the Tab key; arrow keys move on to the neighbour and choose it. */
function useItems({ layers, chosen, onHover, onChoose }: ChartProps, order: Layer[]) {
  const root = useRef<SVGSVGElement>(null);
  const move = (event: KeyboardEvent, index: number) => {
    const to = {
      ArrowDown: index + 1,
      ArrowRight: index + 1,
      ArrowUp: index - 1,
      ArrowLeft: index - 1,
      Home: 0,
      End: layers.length - 1,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = order[Math.min(Math.max(to, 0), order.length - 1)]!;
    onHover(null);
    onChoose(next.name);
    const items = root.current?.querySelectorAll<SVGGElement>("[role=radio]") ?? [];
    [...items].find((item) => item.dataset.name === next.name)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  const item = (layer: Layer, index: number) => ({
    role: "radio" as const,
    "aria-checked": layer.name === chosen,
    "aria-label": said(layer),
    "data-name": layer.name,
    // In small letters: the names of attributes of SVG are taken as they are written.
    tabindex: layer.name === chosen ? 0 : -1,
    onKeyDown: (event: KeyboardEvent) => move(event, index),
    onPointerEnter: (event: PointerEvent) => event.pointerType === "mouse" && onHover(layer.name),
    onPointerLeave: () => onHover(null),
    onClick: () => {
      onHover(null);
      onChoose(layer.name);
    },
    ...QUIET,
  });
  return { root, item };
}

const ROW = 22;
const HEAD = 24;

/** A row for each layer, with a mark for each backend. */
export function Rows(props: ChartProps & { quantity: Quantity }) {
  const { layers, chosen, width, quantity } = props;
  const { root, item } = useItems(props, layers);
  const label = width < 460 ? 126 : 156;
  const values = layers.flatMap((layer) => [
    ...SHOWN.map((shown) => valueOf(layer, quantity, shown) ?? 0),
    ...(spreadOf(layer, quantity) ?? []),
  ]);
  // A memory of nothing stands at the left edge: powers of ten have no zero.
  const floor = quantity === "memory" ? 0.001 : 0;
  const scale = logScale(values.map((v) => Math.max(v, floor)), label + 10, width - 12);
  const groups = (["conv", "transpose"] as const).map((kind) => ({ kind, group: layers.filter((layer) => layer.kind === kind) }));
  let top = 0;
  const placed: { layer: Layer; y: number }[] = [];
  const heads: { text: string; y: number }[] = [];
  for (const { kind, group } of groups) {
    if (!group.length) continue;
    heads.push({ text: words.KINDS[kind], y: top + 16 });
    top += HEAD;
    for (const layer of group) {
      placed.push({ layer, y: top + ROW / 2 });
      top += ROW;
    }
    top += 6;
  }
  const bottom = top;
  const many = scale.ticks.length > (width < 460 ? 5 : 9);
  const ticks = many ? scale.ticks.filter((_, i) => i % 2 === 0) : scale.ticks;
  return (
    <svg ref={root} role="radiogroup" aria-label={words.LAYERS} width={width} height={bottom + 40} viewBox={`0 0 ${width} ${bottom + 40}`}>
      <g aria-hidden="true">
        {ticks.map((tick) => (
          <g key={tick}>
            <line class="cb-b-rule" x1={f(scale.at(tick))} x2={f(scale.at(tick))} y1={HEAD} y2={bottom} />
            <text class="cb-b-tick" x={f(scale.at(tick))} y={bottom + 16}>{tickText(tick)}</text>
          </g>
        ))}
        {(quantity === "tf" || quantity === "floor") && (
          <line class="cb-b-one" x1={f(scale.at(1))} x2={f(scale.at(1))} y1={HEAD} y2={bottom} />
        )}
        {heads.map((head) => (
          <text key={head.text} class="cb-b-head" x={0} y={head.y}>{head.text}</text>
        ))}
        <text class="cb-b-axis" x={width - 12} y={bottom + 34}>
          {words.AXES[quantity]}
        </text>
      </g>
      {placed.map(({ layer, y }, i) => {
        const marks = SHOWN.flatMap((shown) => {
          const value = valueOf(layer, quantity, shown);
          return value === null ? [] : [{ shown, x: scale.at(Math.max(value, floor || value)) }];
        });
        const spread = spreadOf(layer, quantity);
        const ends = spread ?? null;
        const xs = ends ? ends.map(scale.at) : marks.map((m) => m.x);
        return (
          <g key={layer.name} class={`cb-b-item${layer.name === chosen ? " cb-b-chosen" : ""}`} {...item(layer, i)}>
            <rect class="cb-b-band" x={1} y={f(y - ROW / 2)} width={width - 2} height={ROW} rx={5} />
            <text class="cb-b-label" x={10} y={f(y)}>{shortName(layer)}</text>
            {xs.length > 1 && <line class="cb-b-join" x1={f(Math.min(...xs))} x2={f(Math.max(...xs))} y1={f(y)} y2={f(y)} />}
            {marks.reverse().map((m) => <Mark key={m.shown} of={m.shown} x={m.x} y={y} />)}
          </g>
        );
      })}
    </svg>
  );
}

interface PointsProps extends ChartProps {
  view: "rate" | "growth";
}

/** A point for each layer and backend: the rate against operations per byte, or time against work. */
export function Points(props: PointsProps) {
  const { stored, layers, chosen, width, view } = props;
  const rate = view === "rate";
  const xOf = (layer: Layer) => (rate ? workOf(layer, stored.dtype).perByte : layer.mflop / 1e3);
  const yOf = (layer: Layer, shown: Shown) => (rate ? rateOf(layer, shown) : timeOf(layer, shown));
  const order = rate ? [...layers].sort((a, b) => xOf(a) - xOf(b)) : layers;
  const { root, item } = useItems(props, order);
  // As high as the rows, where there is room: then nothing jumps when the view changes.
  const height = Math.min(2 * HEAD + ROW * stored.workloads.length + 52, Math.max(340, width * 1.25));
  const [left, right, bottom] = [46, width - 14, height - 44];
  const x = logScale(layers.map(xOf), left + 8, right);
  const ys = layers.flatMap((layer) => SHOWN.map((shown) => yOf(layer, shown) ?? 0));
  const y = logScale(ys, bottom - 8, 24);
  const best = Math.max(...ys);
  // Points on one of these lines move as many bytes per second.
  const equal = rate ? [-3, -2, -1, 0, 1, 2, 3].map((p) => 10 ** p) : [];
  const series = rate
    ? []
    : ["batch", "size"].flatMap((word) =>
        SHOWN.map((shown) => ({
          key: `${word} ${shown}`,
          shown,
          word,
          points: layers
            .filter((layer) => layer.name.startsWith(word))
            .flatMap((layer) => {
              const value = yOf(layer, shown);
              return value === null ? [] : [[x.at(xOf(layer)), y.at(value)] as const];
            }),
        })),
      ).filter((one) => one.points.length > 1);
  return (
    <svg ref={root} role="radiogroup" aria-label={words.LAYERS} width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <g aria-hidden="true">
        {x.ticks.map((tick) => (
          <g key={tick}>
            <line class="cb-b-rule" x1={f(x.at(tick))} x2={f(x.at(tick))} y1={24} y2={bottom} />
            <text class="cb-b-tick" x={f(x.at(tick))} y={bottom + 16}>{tickText(tick)}</text>
          </g>
        ))}
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line class="cb-b-rule" x1={left} x2={right} y1={f(y.at(tick))} y2={f(y.at(tick))} />
            <text class="cb-b-tick cb-b-side" x={left - 6} y={f(y.at(tick))}>{tickText(tick)}</text>
          </g>
        ))}
        <text class="cb-b-axis" x={right} y={bottom + 36}>{rate ? words.PER_BYTE : words.WORK}</text>
        <text class="cb-b-head" x={0} y={12}>{words.AXES[rate ? "gflops" : "ms"]}</text>
        {equal.map((speed) => {
          // From where the line enters the plot to where it leaves it.
          const [from, to] = [Math.max(x.low, y.low / speed), Math.min(x.high, y.high / speed)];
          if (from >= to) return null;
          const [x1, y1, x2, y2] = [x.at(from), y.at(from * speed), x.at(to), y.at(to * speed)];
          const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
          const long = Math.hypot(x2 - x1, y2 - y1);
          return (
            <g key={speed}>
              <line class="cb-b-equal" x1={f(x1)} y1={f(y1)} x2={f(x2)} y2={f(y2)} />
              {long > 90 && (
                <text class="cb-b-speed" transform={`translate(${f(x1 + (x2 - x1) * 0.12)} ${f(y1 + (y2 - y1) * 0.12 - 4)}) rotate(${f(angle)})`}>
                  {speed >= 1 ? `${speed} GB/s` : `${Math.round(speed * 1000)} MB/s`}
                </text>
              )}
            </g>
          );
        })}
        {rate && (
          <g>
            <line class="cb-b-one" x1={left} x2={right} y1={f(y.at(best))} y2={f(y.at(best))} />
            <text class="cb-b-roof" x={left + 4} y={f(y.at(best) - 5)}>{words.fastest(digits(best))}</text>
          </g>
        )}
        {series.map((one) => (
          <polyline
            key={one.key}
            class={`cb-b-line cb-b-${one.shown}${one.word === "size" ? " cb-b-dashed" : ""}`}
            points={one.points.map(([a, b]) => `${f(a)},${f(b)}`).join(" ")}
          />
        ))}
      </g>
      {order.map((layer, i) => {
        const at = x.at(xOf(layer));
        const marks = SHOWN.flatMap((shown) => {
          const value = yOf(layer, shown);
          return value === null ? [] : [{ shown, y: y.at(value) }];
        });
        const [top, low] = [Math.min(...marks.map((m) => m.y)), Math.max(...marks.map((m) => m.y))];
        const wide = layer.name === chosen ? 9 : 7;
        return (
          <g key={layer.name} class={`cb-b-item${layer.name === chosen ? " cb-b-chosen" : ""}`} {...item(layer, i)}>
            <rect class="cb-b-band" x={f(at - wide - 2)} y={f(top - 12)} width={2 * wide + 4} height={f(low - top + 24)} rx={8} />
            <line class="cb-b-join" x1={f(at)} x2={f(at)} y1={f(top)} y2={f(low)} />
            {marks.reverse().map((m) => <Mark key={m.shown} of={m.shown} x={at} y={m.y} />)}
          </g>
        );
      })}
    </svg>
  );
}
