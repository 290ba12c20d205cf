/** The drawing: rows of pixels to scale with cones between them, and the rows of legal outputs below. */
import { useMemo, useRef } from "preact/hooks";
import { linkedWith, taps, type Focus, type LegalRow, type Level, type Scene } from "./scene.ts";
import { placeAt, tickStep, xIn, type Piece, type Scale } from "./scale.ts";
import { pointIn } from "../ui/zoom.ts";
import * as words from "../words/en/ruler.ts";

const CELL = 30;
/** More cones than this would be a grey field; a single shape stands for them. */
const MOST_CONES = 420;

const f = (n: number): string => String(Math.round(n * 10) / 10);

/** What kind of cell a place in a row is. */
type Kind = "data" | "padding" | "unread" | "cropped" | "appended";

interface Run {
  kind: Kind;
  from: number;
  to: number;
}

export interface Layout {
  tops: number[];
  height: number;
  /** Where the strip of counts stands, and the label of the first row. */
  counts: number | null;
  first: number;
}

/** Where the rows stand, from the top. */
export function layoutOf(scene: Scene): Layout {
  const stack = scene.settings.mode === "stack";
  const conv = scene.settings.mode === "conv";
  const first = conv ? 52 : 26;
  const gap = stack ? 54 : 84;
  const tops = scene.levels.map((_, i) => first + i * (CELL + gap));
  const bottom = tops[tops.length - 1]! + CELL;
  return {
    tops,
    first: 14,
    counts: conv ? tops[0]! - 24 : stack ? null : bottom + 4,
    height: bottom + (scene.settings.mode === "transpose" ? 46 : 26),
  };
}

/** How wide a cell is drawn: to scale where that is readable, otherwise as wide as its neighbours leave room. */
function cellWidth(level: Level, scale: Scale): number {
  const pitch = level.step * scale.px;
  return Math.min(pitch, Math.max(scale.px, Math.min(0.8 * pitch, 26)));
}

const middleOf = (level: Level, i: number) => level.origin + i * level.step;

/** The indices of a row that show in a piece, with one to spare. */
function shown(level: Level, piece: Piece): readonly [number, number] {
  return [
    Math.floor((piece.from - level.origin) / level.step - 1),
    Math.ceil((piece.to - level.origin) / level.step + 1),
  ];
}

function runsOf(scene: Scene, levelIndex: number): Run[] {
  const level = scene.levels[levelIndex]!;
  const runs: Run[] = [];
  const add = (kind: Kind, from: number, to: number) => {
    if (to > from) runs.push({ kind, from, to });
  };
  add("padding", -level.before, 0);
  if (levelIndex === 0 && scene.settings.mode === "conv") {
    let start = 0;
    for (let i = 1; i <= level.size; i++) {
      const now = scene.counts[i - 1] === 0;
      if (i === level.size || (scene.counts[i] === 0) !== now) {
        add(now ? "unread" : "data", start, i);
        start = i;
      }
    }
  } else {
    add("data", 0, level.size);
  }
  add("padding", level.size, level.size + level.after);
  return runs;
}

/** A shape from cells [a, b] of one row down to cells [c, d] of the next. */
function cone(scene: Scene, scale: Scale, piece: Piece, layout: Layout, edge: number, wide: readonly [number, number], narrow: readonly [number, number]): string {
  const e = scene.edges[edge]!;
  const [wideRow, narrowRow] = e.wide === 0 ? [edge, edge + 1] : [edge + 1, edge];
  const side = (row: number, [a, b]: readonly [number, number]) => {
    const level = scene.levels[row]!;
    const half = cellWidth(level, scale) / 2;
    const x1 = xIn(scale, piece, middleOf(level, a)) - half;
    const x2 = xIn(scale, piece, middleOf(level, b)) + half;
    const y = row === edge ? layout.tops[row]! + CELL : layout.tops[row]!;
    return [x1, x2, y] as const;
  };
  const [a, b, top] = side(wideRow, wide);
  const [c, d, bottom] = side(narrowRow, narrow);
  return `M${f(a)} ${f(top)}L${f(b)} ${f(top)}L${f(d)} ${f(bottom)}L${f(c)} ${f(bottom)}Z`;
}

/** The cones of one narrow pixel: one where its pixels touch, one for each where dilation spreads them. */
function conesOf(scene: Scene, scale: Scale, piece: Piece, layout: Layout, edge: number, i: number): string[] {
  const e = scene.edges[edge]!;
  const at = taps(e, i);
  if (e.dilation === 1) return [cone(scene, scale, piece, layout, edge, [at[0]!, at[at.length - 1]!], [i, i])];
  return at.map((t) => cone(scene, scale, piece, layout, edge, [t, t], [i, i]));
}

interface RowProps {
  scale: Scale;
  piece: Piece;
  level: Level;
  runs: Run[];
  top: number;
  height?: number;
  lit: { from: number; to: number }[];
}

/**
 * Cells as runs of one kind, with lines between them and numbers or ticks inside. What lights up lies between the
 * cells and their numbers; only that is drawn again when a reader points elsewhere.
 */
function Row({ scale, piece, level, runs, top, height = CELL, lit }: RowProps) {
  const w = cellWidth(level, scale);
  const pitch = level.step * scale.px;
  const touching = w >= pitch - 0.01;
  const x = (i: number) => xIn(scale, piece, middleOf(level, i));
  const [start, stop] = shown(level, piece);
  const alone = (i: number, kind: string) => (
    <rect key={`${kind}${i}`} class={`cb-r-${kind} cb-r-alone`} x={f(x(i) - w / 2)} y={top} width={f(w)} height={height} rx={Math.min(3, w / 4)} />
  );
  const [back, front] = useMemo(() => {
    const cellsOf = (run: Run) => {
      const cells: number[] = [];
      for (let i = Math.max(run.from, start); i < run.to && i <= stop; i++) cells.push(i);
      return cells;
    };
    const longest = String(Math.max(level.size - 1, 0)).length;
    const readable = w >= 14 && longest * 5.6 <= w;
    const behind = [];
    const before = [];
    for (const run of runs) {
      // Cells too fine to see are one band with ticks.
      const cells = touching && w < 3 ? [] : cellsOf(run);
      const left = Math.max(x(run.from) - w / 2, piece.x - 4);
      const right = Math.min(x(run.to - 1) + w / 2, xIn(scale, piece, piece.to) + 4);
      if (!touching) behind.push(...cells.map((i) => alone(i, run.kind)));
      else if (right > left)
        behind.push(<rect key={run.from} class={`cb-r-${run.kind}`} x={f(left)} y={top} width={f(right - left)} height={height} />);
      if (touching && cells.length)
        before.push(<path key={`l${run.from}`} class="cb-r-lines" d={cells.slice(0, -1).map((i) => `M${f(x(i) + w / 2)} ${top}v${height}`).join("")} />);
      if ((run.kind === "unread" || run.kind === "cropped") && w >= 8)
        before.push(<path key={`x${run.from}`} class="cb-r-cross" d={cells.map((i) => `M${f(x(i) - w / 2 + 3)} ${top + height - 4}L${f(x(i) + w / 2 - 3)} ${top + 4}`).join("")} />);
      if (!readable) continue;
      for (const i of cells) {
        const text = run.kind === "padding" || run.kind === "appended" ? "0" : String(i);
        const small = text.length * 7.2 > w - 2 ? " cb-r-small" : "";
        before.push(
          <text key={`t${i}`} class={`cb-r-number${small} cb-r-on-${run.kind}`} x={f(x(i))} y={top + height / 2}>
            {text}
          </text>,
        );
      }
    }
    if (!readable) {
      const step = tickStep(pitch);
      for (let i = Math.ceil(Math.max(start, 0) / step) * step; i < level.size && i <= stop; i += step)
        before.push(
          <g key={`k${i}`}>
            <path class="cb-r-tick" d={`M${f(x(i))} ${top + height - 6}v6`} />
            <text class="cb-r-number cb-r-small" x={f(x(i))} y={top + height / 2 - 2}>
              {i}
            </text>
          </g>,
        );
    }
    return [<g>{behind}</g>, <g>{before}</g>];
  }, [scale, piece, level, runs, top, height]);
  return (
    <>
      {back}
      {lit.map((run) => {
        const [from, to] = [Math.max(run.from, start), Math.min(run.to, stop + 1)];
        if (to <= from) return null;
        if (!touching) return Array.from({ length: to - from }, (_, i) => alone(from + i, "lit"));
        return <rect key={run.from} class="cb-r-lit" x={f(x(from) - w / 2)} y={top} width={f((to - from - 1) * pitch + w)} height={height} />;
      })}
      {front}
    </>
  );
}

const runsOfIndices = (indices: readonly number[]): { from: number; to: number }[] => {
  const runs: { from: number; to: number }[] = [];
  for (const i of indices) {
    const last = runs[runs.length - 1];
    if (last && last.to === i) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  }
  return runs;
};

const shapesOf = (paths: string[], key: number) => (
  <g key={key} class={`cb-r-cones${paths.length > 60 ? " cb-r-many" : ""}`}>
    {paths.map((d, i) => (
      <path key={i} d={d} />
    ))}
  </g>
);

interface PictureProps {
  scene: Scene;
  scale: Scale;
  width: number;
  focus: Focus;
  id: string;
  names: string[];
  valueText: (focus: Focus) => string;
  onHover(focus: Focus | null): void;
  onFocus(focus: Focus): void;
}

export function Picture({ scene, scale, width, focus, id, names, valueText, onHover, onFocus }: PictureProps) {
  const layout = layoutOf(scene);
  const svg = useRef<SVGSVGElement>(null);
  const found = useMemo(() => linkedWith(scene, focus), [scene, focus.level, focus.index]);
  const last = scene.levels.length - 1;

  const cones = useMemo(
    () =>
      scale.pieces.map((piece) =>
        scene.edges.map((edge, e) => {
          const narrowRow = e + 1 - edge.wide;
          const narrow = scene.levels[narrowRow]!;
          // A cone reaches beyond its narrow end: those that only pass through the piece count too.
          const reach = (edge.kernel * edge.dilation) / edge.stride + 1;
          const [a, b] = shown(narrow, piece);
          const [first, final] = [Math.max(0, Math.floor(a - reach)), Math.min(narrow.size - 1, Math.ceil(b + reach))];
          const each = edge.dilation === 1 ? 1 : edge.kernel;
          if ((final - first + 1) * each > MOST_CONES) {
            const [lo, hi] = [taps(edge, first), taps(edge, final)];
            return shapesOf([cone(scene, scale, piece, layout, e, [lo[0]!, hi[hi.length - 1]!], [first, final])], e);
          }
          const paths: string[] = [];
          for (let i = first; i <= final; i++) paths.push(...conesOf(scene, scale, piece, layout, e, i));
          return shapesOf(paths, e);
        }),
      ),
    [scene, scale],
  );
  const strong = scale.pieces.map((piece) =>
    scene.edges.flatMap((edge, e) => {
      const narrowRow = e + 1 - edge.wide;
      const size = scene.levels[narrowRow]!.size;
      const lit = found[narrowRow]!.filter((i) => i >= 0 && i < size);
      const each = edge.dilation === 1 ? 1 : edge.kernel;
      if (!lit.length) return [];
      const wideRow = e + edge.wide;
      // From a wide pixel only its own links are lit, not all of the windows that hold it.
      const toward = edge.wide === 0 ? focus.level <= e : focus.level > e;
      if (toward) {
        const ours = new Set(found[wideRow]!);
        return lit.flatMap((i) =>
          taps(edge, i).filter((t) => ours.has(t)).map((t) => cone(scene, scale, piece, layout, e, [t, t], [i, i])),
        ).slice(0, MOST_CONES);
      }
      if (lit.length * each > MOST_CONES) {
        const wide = found[wideRow]!;
        return [cone(scene, scale, piece, layout, e, [wide[0]!, wide[wide.length - 1]!], [lit[0]!, lit[lit.length - 1]!])];
      }
      return lit.flatMap((i) => conesOf(scene, scale, piece, layout, e, i));
    }),
  );

  const runs = useMemo(() => scene.levels.map((_, l) => runsOf(scene, l)), [scene]);
  const top = Math.max(1, ...scene.counts);

  const locate = (event: PointerEvent): Focus | null => {
    const [x, y] = pointIn(svg.current!, event);
    const level = layout.tops.findIndex((t) => y >= t - 12 && y < t + CELL + 12);
    const u = placeAt(scale, x);
    if (level < 0 || u === null) return null;
    const { origin, step, size } = scene.levels[level]!;
    const index = Math.round((u - origin) / step);
    return index >= 0 && index < size ? { level, index } : null;
  };
  const key = (level: number) => (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { size } = scene.levels[level]!;
    const now = focus.level === level ? focus.index : 0;
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -size, End: size }[event.key];
    if (by === undefined) return;
    onFocus({ level, index: Math.min(Math.max(now + by, 0), size - 1) });
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <svg
      ref={svg}
      class="cb-r-picture"
      width={width}
      height={layout.height}
      viewBox={`0 0 ${width} ${layout.height}`}
      onPointerMove={(event) => {
        if (event.pointerType !== "touch") onHover(locate(event));
        else if (event.buttons) {
          const at = locate(event);
          if (at) onFocus(at);
        }
      }}
      onPointerLeave={() => onHover(null)}
      onPointerDown={(event) => {
        const at = locate(event);
        if (at) onFocus(at);
      }}
    >
      <defs>
        <pattern id={`${id}-hatch`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <rect width="6" height="6" class="cb-r-hatch-back" />
          <path d="M0 1h6" class="cb-r-hatch-line" />
        </pattern>
        <pattern id={`${id}-dots`} width="7" height="7" patternUnits="userSpaceOnUse">
          <rect width="7" height="7" class="cb-r-dots-back" />
          <circle cx="3.5" cy="3.5" r="1.1" class="cb-r-dots-dot" />
        </pattern>
        {scale.pieces.map((piece, p) => (
          <clipPath key={p} id={`${id}-clip${p}`}>
            <rect x={f(piece.x - 2)} y="0" width={f((piece.to - piece.from) * scale.px + 4)} height={layout.height} />
          </clipPath>
        ))}
      </defs>
      <g aria-hidden="true">
        {scale.pieces.map((piece, p) => (
          <g key={p} clip-path={`url(#${id}-clip${p})`}>
            {cones[p]}
            <g class="cb-r-strong">
              {strong[p]!.map((d, i) => (
                <path key={i} d={d} />
              ))}
            </g>
            {scene.levels.map((level, l) => (
              <g key={l} class={`cb-r-level cb-r-${level.role}`} style={{ "--cb-hatch": `url(#${id}-hatch)` }}>
                <Row scale={scale} piece={piece} level={level} runs={runs[l]!} top={layout.tops[l]!} lit={l === focus.level ? [] : runsOfIndices(found[l]!.filter((i) => i >= -level.before && i < level.size + level.after))} />
                {l === focus.level && <Ring scale={scale} piece={piece} level={level} index={focus.index} top={layout.tops[l]!} />}
              </g>
            ))}
            {layout.counts !== null && (
              <Counts scene={scene} scale={scale} piece={piece} y={layout.counts} most={top} up={scene.settings.mode === "conv"} />
            )}
          </g>
        ))}
        {scale.pieces.length > 1 && <Break scale={scale} top={20} height={layout.height} />}
        <Labels scene={scene} scale={scale} layout={layout} names={names} width={width} />
      </g>
      {scene.levels.map((level, l) =>
        l === 0 || l === last || scene.settings.mode === "stack" ? (
          <g
            key={`s${l}`}
            class="cb-r-slider"
            role="slider"
            tabindex={0}
            aria-label={words.pixelOf(names[l]!)}
            aria-valuemin={0}
            aria-valuemax={level.size - 1}
            aria-valuenow={focus.level === l ? focus.index : 0}
            aria-valuetext={focus.level === l ? valueText(focus) : words.NOT_TRACED}
            onKeyDown={key(l)}
            onFocus={() => {
              if (focus.level !== l) onFocus({ level: l, index: Math.min(found[l]!.find((i) => i >= 0 && i < level.size) ?? 0, level.size - 1) });
            }}
            data-lm-suppress-shortcuts="true"
          >
            <rect x="1" y={layout.tops[l]! - 4} width={width - 2} height={CELL + 8} rx="5" />
          </g>
        ) : null,
      )}
    </svg>
  );
}

function Ring({ scale, piece, level, index, top }: { scale: Scale; piece: Piece; level: Level; index: number; top: number }) {
  const w = Math.max(cellWidth(level, scale), 4);
  return (
    <rect class="cb-r-ring" x={f(xIn(scale, piece, middleOf(level, index)) - w / 2)} y={top} width={f(w)} height={CELL} rx="2" />
  );
}

/** How many links each pixel has, as bars with their number: overlaps and gaps, counted. */
function Counts({ scene, scale, piece, y, most, up }: { scene: Scene; scale: Scale; piece: Piece; y: number; most: number; up: boolean }) {
  return useMemo(() => countBars(scene, scale, piece, y, most, up), [scene, scale, piece, y]);
}

function countBars(scene: Scene, scale: Scale, piece: Piece, y: number, most: number, up: boolean) {
  const level = scene.levels[up ? 0 : 1]!;
  const [first, last] = shown(level, piece);
  const w = scale.px;
  const H = 20;
  const bars: string[] = [];
  const texts = [];
  for (let i = Math.max(first, 0); i <= Math.min(last, level.size - 1); i++) {
    const n = scene.counts[i]!;
    const x = xIn(scale, piece, i);
    const h = (n / most) * H;
    if (w >= 14) {
      texts.push(
        <text key={i} class={`cb-r-count${n === 0 ? " cb-r-none" : ""}`} x={f(x + w / 2)} y={y + H / 2}>
          {n}
        </text>,
      );
    }
    if (n) bars.push(`M${f(x + (w > 6 ? 1 : 0))} ${up ? y + H : y}h${f(w > 6 ? w - 2 : w)}v${f(up ? -h : h)}h${f(w > 6 ? 2 - w : -w)}z`);
  }
  return (
    <g>
      <path class="cb-r-bars" d={bars.join("")} />
      {texts}
    </g>
  );
}

/** A tear between the two ends. */
function Break({ scale, height, top = 0 }: { scale: Scale; height: number; top?: number }) {
  const [a, b] = scale.pieces as [Piece, Piece];
  const left = a.x + (a.to - a.from) * scale.px;
  const zig = (x: number) => {
    let d = `M${f(x)} ${top}`;
    for (let y = top; y < height; y += 10) d += `l${((y - top) / 10) % 2 ? -5 : 5} 10`;
    return d;
  };
  return (
    <g class="cb-r-break">
      <rect x={f(left - 1)} y={top} width={f(b.x - left + 2)} height={height - top} />
      <path d={zig(left)} />
      <path d={zig(b.x)} />
      <text x={f((left + b.x) / 2)} y={height / 2}>
        {"\u22ef"}
      </text>
    </g>
  );
}

function Labels({ scene, scale, layout, names, width }: { scene: Scene; scale: Scale; layout: Layout; names: string[]; width: number }) {
  const { mode } = scene.settings;
  const last = scene.levels.length - 1;
  const first = scale.pieces[0]!;
  const end = scale.pieces[scale.pieces.length - 1]!;
  const left = Math.max(0, first.x);
  const right = Math.min(width, end.x + (end.to - end.from) * scale.px);
  // Beside the rows where there is room, otherwise above them.
  const beside = first.x > 112;
  const countsLabel = mode === "conv" ? words.TIMES_READ : words.STAMPS;
  return (
    <g class={`cb-r-labels${beside ? " cb-r-beside" : ""}`}>
      {scene.levels.map((level, l) => {
        const below = l === last && mode !== "transpose";
        const y = l === 0 ? layout.first : below ? layout.tops[l]! + CELL + 17 : layout.tops[l]! - 9;
        const padded = level.before + level.after ? words.paddedBy(level.before, level.after) : "";
        const middle = layout.tops[l]! + CELL / 2 + 5;
        const name = (
          <>
            <tspan class="cb-r-name">{names[l]}</tspan> {level.size}
          </>
        );
        return beside ? (
          <text key={l} class={`cb-r-label cb-r-label-${level.role}`} text-anchor="end" x={f(left - 10)} y={padded ? middle - 8 : middle}>
            {name}
            {padded && (
              <tspan x={f(left - 10)} dy="17">
                {padded}
              </tspan>
            )}
          </text>
        ) : (
          <text key={l} class={`cb-r-label cb-r-label-${level.role}`} x={f(left)} y={y}>
            {name}
            {padded && `, ${padded}`}
          </text>
        );
      })}
      {layout.counts !== null &&
        (beside ? (
          <text class="cb-r-label" text-anchor="end" x={f(left - 10)} y={layout.counts + 14}>
            {countsLabel}
          </text>
        ) : (
          <text class="cb-r-label" text-anchor="end" x={f(right)} y={mode === "conv" ? layout.first : layout.counts + 36}>
            {countsLabel}
          </text>
        ))}
    </g>
  );
}

/** One legal output: what it keeps of the full result, what it crops, and the zeros appended. */
export function KeptRow({ scene, scale, row, width, id, lit }: { scene: Scene; scale: Scale; row: Pick<LegalRow, "start" | "stop" | "size">; width: number; id: string; lit: number | null }) {
  const full = scene.levels[1]!.size;
  const { level, runs } = useMemo(() => {
    const all: Run[] = [
      { kind: "cropped", from: 0, to: Math.min(row.start, full) },
      { kind: "data", from: row.start, to: Math.min(row.stop, full) },
      { kind: "appended", from: Math.max(full, row.start), to: row.stop },
      { kind: "cropped", from: row.stop, to: full },
    ];
    const drawn: Level = { role: "output", size: Math.max(full, row.stop), origin: 0.5, step: 1, before: 0, after: 0 };
    return { level: drawn, runs: all.filter((run) => run.to > run.from) };
  }, [full, row.start, row.stop]);
  const H = 24;
  return (
    <svg class="cb-r-kept" width={width} height={H + 4} viewBox={`0 0 ${width} ${H + 4}`} aria-hidden="true">
      {scale.pieces.map((piece, p) => (
        <g key={p} clip-path={`url(#${id}-clip${p})`} class="cb-r-level cb-r-output" style={{ "--cb-hatch": `url(#${id}-hatch)`, "--cb-dots": `url(#${id}-dots)` }}>
          <Row scale={scale} piece={piece} level={level} runs={runs} top={2} height={H} lit={lit === null || lit >= level.size ? [] : [{ from: lit, to: lit + 1 }]} />
          {(() => {
            const [a, b] = [xIn(scale, piece, row.start), xIn(scale, piece, row.stop)];
            return <rect class="cb-r-window" x={f(a)} y="2" width={f(b - a)} height={H} rx="3" />;
          })()}
        </g>
      ))}
      {scale.pieces.length > 1 && <Break scale={scale} height={H + 4} />}
    </svg>
  );
}
