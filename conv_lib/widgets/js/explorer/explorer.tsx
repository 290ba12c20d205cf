/** The explorer: input, kernel and output of one layer, linked cell by cell. */
import { render } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { sizeOf } from "../core/ops.ts";
import { Choice, Menu, NumberBox } from "../ui/controls.tsx";
import { Grid } from "../ui/grid.tsx";
import { Links, type Anchor } from "../ui/links.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { tint } from "../ui/tint.ts";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/explorer.ts";
import { LAYER_CODE, PADDING } from "../words/en/shared.ts";
import { fromQuery, sameSettings, toQuery } from "./link.ts";
import { boxesOf, marksOf } from "./marks.ts";
import {
  buildScene,
  dataAt,
  drawnAt,
  productsOf,
  stampOf,
  sweepOf,
  type DrawnGrid,
  type Focus,
  type GridName,
  type Scene,
} from "./picture.ts";
import { formulaLines } from "./readout.ts";
import {
  check,
  FIELDS,
  legalSizes,
  defaultSize,
  outputSize,
  turnedRound,
  type NumberField,
  type Settings,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { Sum } from "./sum.tsx";
import { PRESETS, readModel, TRAITS, writeModel } from "./traits.ts";

/** More lines than this would be a tangle. */
const MOST_LINES = 49;

/** Pixels beside the grids: the frame of the widget, and the least width of the lines between two grids. */
const FRAME = 30;
const FLOW = 56;
const CELL = [24, 46] as const;

/** The largest cell for which `fits`, or null when even the smallest is too large. */
function largestCell(fits: (cell: number) => boolean): number | null {
  for (let cell = CELL[1]; cell >= CELL[0]; cell--) if (fits(cell)) return cell;
  return null;
}

/** About as wide as a title is set: a number, a name and a size. */
const titleWidth = (size: string): number => 90 + 7.5 * size.length;

const FILLS: { value: keyof typeof words.FILLS; cell: (r: number, c: number, w: number) => number }[] = [
  { value: "count", cell: (r, c, w) => r * w + c + 1 },
  { value: "ones", cell: () => 1 },
  { value: "spike", cell: () => 0 },
  { value: "random", cell: () => Math.floor(Math.random() * 10) },
];

const KIND: Kind<Settings, NumberField> = {
  fields: FIELDS,
  traits: TRAITS,
  read: readModel,
  write: writeModel,
  check,
  same: sameSettings,
  toQuery,
  fromQuery,
};

/** The first cell that is looked at: one with something to see. */
function firstFocus(s: Settings): Focus {
  if (s.mode === "transpose" && s.picture === "scatter") return { grid: "input", row: 0, column: 0 };
  const [h, w] = outputSize(s);
  return { grid: "output", row: Math.min(1, h - 1), column: Math.min(1, w - 1) };
}

function inside(scene: Scene, focus: Focus): boolean {
  const [h, w] = scene.grids[focus.grid].dataSize;
  return focus.row < h && focus.column < w;
}


function Explorer({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Focus>(() => firstFocus(readModel(model)));
  const [hover, setHover] = useState<Focus | null>(null);
  const { good, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(
    KIND,
    model,
    host,
    (s, before, source) => {
      setHover(null);
      if (source === "link") {
        setFocus(firstFocus(s));
        sweep.pause();
      } else if (s.mode !== before.mode || s.picture !== before.picture) {
        setFocus((f) => followed(f, before, s));
      }
    },
  );
  const [grids] = useState<Record<GridName, HTMLElement | null>>({ input: null, kernel: null, output: null });
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const [redraw, setRedraw] = useState(0);
  const other = useRef<number[][] | null>(null);
  const [rootRef, width] = useWidth<HTMLDivElement>();
  const errorId = useUid();

  const scene = useMemo(() => buildScene(good), [good]);
  const settled = inside(scene, focus) ? focus : firstFocus(good);
  const shownFocus = hover && inside(scene, hover) ? hover : settled;
  const { products, stamp, marks } = useMemo(() => {
    const found = productsOf(scene, shownFocus);
    const under = stampOf(scene, shownFocus);
    return { products: found, stamp: under, marks: marksOf(scene, shownFocus, found, under) };
  }, [scene, shownFocus.grid, shownFocus.row, shownFocus.column]);

  const path = useMemo(() => sweepOf(scene), [scene]);
  const advance = (by: number) => {
    setHover(null);
    setFocus((f) => {
      const at = path.findIndex((x) => x.grid === f.grid && x.row === f.row && x.column === f.column);
      return path[(at < 0 ? 0 : at + by + path.length) % path.length]!;
    });
  };
  const sweep = useSweep(model, advance);

  // Sizes: as large as fits, between legible and comfortable; stacked where side by side would be too small.
  const isConv = good.mode === "conv";
  const order: GridName[] = isConv ? ["input", "kernel", "output"] : ["output", "kernel", "input"];
  const title = (name: GridName): string => {
    const drawn = scene.grids[name];
    return name === "kernel" && scene.kernelFlipped ? words.rotated(drawn.dataSize.join(" \u00d7 ")) : drawnSize(drawn);
  };
  const room = width - FRAME;
  const beside = largestCell(
    (cell) =>
      order.reduce((sum, g) => sum + Math.max(scene.grids[g].size[1] * cell + 6, titleWidth(title(g))), 2 * FLOW) <=
      room,
  );
  const stacked = width < 520 || beside === null;
  const widest = Math.max(...order.map((g) => scene.grids[g].size[1]));
  const cellPx = stacked ? Math.max(26, Math.min(36, Math.floor((room - 6) / widest))) : beside;

  const setGrid = (name: GridName) => (el: HTMLElement | null) => {
    if (grids[name] === el) return;
    grids[name] = el;
    setRedraw((n) => n + 1);
  };
  const [kh, kw] = sizeOf(good.kernel);
  const links = useMemo(() => {
    if (products.length > MOST_LINES || !grids.input || !grids.kernel || !grids.output) return [];
    const anchor = (name: GridName, at: readonly [number, number]): Anchor => ({
      grid: grids[name]!,
      at: drawnAt(scene, name, at),
    });
    return products.map((p) => ({
      key: `${p.input}|${p.kernel}|${p.output}`,
      from: anchor("input", p.input),
      via: anchor("kernel", p.kernel),
      to: anchor("output", p.output),
      tint: tint(p.kernel[0] * kw + p.kernel[1], kh * kw),
      // By the weight's row (for lines that run down the page) and column (for lines that run across).
      spread: [
        (p.kernel[0] - (kh - 1) / 2) / Math.max(kh, 1),
        (p.kernel[1] - (kw - 1) / 2) / Math.max(kw, 1),
      ] as const,
    }));
  }, [products, redraw, scene]);

  const grid = (name: GridName, step: number, column: 1 | 3 | 5) => {
    const drawn = scene.grids[name];
    const here = settled.grid === name ? ([settled.row, settled.column] as const) : null;
    const editable = name !== "output";
    return (
      <div class={`cb-side cb-side-${name} cb-column-${column}`} key={name}>
        <p class="cb-title" aria-hidden="true">
          <span class="cb-step">
            <span>{step}</span>
          </span>{" "}
          {words.GRIDS[name]}{" "}
          <span class="cb-size">
            {title(name)}
          </span>
        </p>
        <Grid
          label={words.GRIDS[name]}
          role={name}
          size={drawn.size}
          dataSize={drawn.dataSize}
          cell={(r, c) => ({ kind: drawn.kind(r, c), value: drawn.value(r, c), at: dataAt(scene, name, r, c) })}
          marks={marks[name]}
          selected={here}
          boxes={boxesOf(scene, name, stamp)}
          cellPx={cellPx}
          editable={editable}
          version={scene}
          rootRef={setGrid(name)}
          onHover={(at) => {
            if (at) sweep.pause();
            setHover(at && { grid: name, row: at[0], column: at[1] });
          }}
          onSelect={(at) => {
            sweep.pause();
            setHover(null);
            setFocus({ grid: name, row: at[0], column: at[1] });
          }}
          onEdit={(at, value) => {
            const edited = (name === "kernel" ? good.kernel : good.input).map((row, r) =>
              row.map((v, c) => (r === at[0] && c === at[1] ? value : v)),
            );
            commit(name === "kernel" ? { ...good, kernel: edited } : { ...good, input: edited });
          }}
          onBadEdit={(text) => setNotice(badCell(text))}
        />
      </div>
    );
  };

  const flow = (i: number) => (
    <div class="cb-flow" aria-hidden="true" key={`flow${i}`}>
      <span>{stacked ? (isConv ? "\u2193" : "\u2191") : isConv ? "\u2192" : "\u2190"}</span>
    </div>
  );

  const numberBox = (field: NumberField) => <NumberBox key={field} {...box(field, errorId, sweep.pause)} />;

  const sizeMenu = (which: 0 | 1) => {
    const range = legalSizes(good, which)!;
    const standard = defaultSize(good, which);
    const out = outputSize(good);
    const named = typeof good.padding === "string" ? words.kerasSize : words.smallestSize;
    return (
      <Menu
        key={which}
        label={words.OUTPUT_SIDES[which === 0 ? "height" : "width"]}
        value={String(out[which])}
        options={Array.from({ length: range.last - range.first + 1 }, (_, i) => {
          const v = range.first + i;
          return { value: String(v), label: v === standard ? named(v) : String(v) };
        })}
        onChoose={(value) => {
          const size = which === 0 ? ([Number(value), out[1]] as const) : ([out[0], Number(value)] as const);
          const isDefault = size[0] === defaultSize(good, 0) && size[1] === defaultSize(good, 1);
          commit({ ...good, outputSize: isDefault ? null : size });
        }}
      />
    );
  };

  const fillMenu = (name: "input" | "kernel") => (
    <Menu
      label={words.VALUES[name]}
      value=""
      options={[{ value: "", label: words.FILL }, ...FILLS.map(({ value }) => ({ value, label: words.FILLS[value] }))]}
      onChoose={(value) => {
        const fill = FILLS.find((f) => f.value === value);
        if (!fill) return;
        const old = name === "kernel" ? good.kernel : good.input;
        const [h, w] = sizeOf(old);
        const values = old.map((row, r) => row.map((_, c) => fill.cell(r, c, w)));
        if (value === "spike") values[h >> 1]![w >> 1] = 1;
        sweep.pause();
        commit(name === "kernel" ? { ...good, kernel: values } : { ...good, input: values });
      }}
    />
  );

  const kinds = new Set<string>();
  for (const g of order) {
    const drawn = scene.grids[g];
    for (let r = 0; r < drawn.size[0]; r++)
      for (let c = 0; c < drawn.size[1]; c++) kinds.add(drawn.kind(r, c));
  }
  const explicit = typeof good.padding !== "string";
  const code = useMemo(() => snippets(good, scene.output), [good, scene]);
  const preset = PRESETS.find((p) => sameSettings(p.settings, good));

  const folded = Boolean(model.get("folded"));
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;

  return (
    <div class={`cb-explorer${stacked ? " cb-stacked" : ""}${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Choice
          label={words.MODE}
          value={good.mode}
          options={(["conv", "transpose"] as const).map((value) => ({ value, label: words.MODES[value] }))}
          onChoose={(mode) => {
            if (mode === good.mode) return;
            sweep.pause();
            const turned = turnedRound(good, other.current);
            other.current = good.input;
            commit(turned);
            const [h, w] = outputSize(good);
            const kept = sizeOf(turned.input);
            if (kept[0] < h || kept[1] < w) {
              setNotice(words.cut(`${h} \u00d7 ${w}`, kept.join(" \u00d7 ")));
            }
          }}
        />
        {!isConv && (
          <Choice
            label={words.PICTURE}
            value={good.picture}
            options={(["scatter", "gather"] as const).map((value) => ({ value, label: words.PICTURES[value] }))}
            onChoose={(picture) => commit({ ...good, picture: picture as Settings["picture"] })}
          />
        )}
        <Examples
          presets={PRESETS}
          current={preset}
          onChoose={(chosen) => {
            sweep.pause();
            commit(chosen.settings);
            setFocus(firstFocus(chosen.settings));
          }}
        />
      </div>

      {width > 0 && (
        <div class="cb-stage" ref={setStage} onScrollCapture={() => setRedraw((n) => n + 1)}>
          {grid(order[0]!, isConv ? 1 : 3, 1)}
          {flow(0)}
          {grid("kernel", 2, 3)}
          {flow(1)}
          {grid(order[2]!, isConv ? 3 : 1, 5)}
          <Links stage={stage} links={links} cellPx={cellPx} stacked={stacked} version={`${width} ${redraw}`} />
        </div>
      )}
      <p class="cb-legend">
        {(["padding", "zero", "cropped", "appended"] as const).map((kind) =>
          kinds.has(kind) ? (
            <span key={kind}>
              <span class={`cb-swatch cb-${kind}`} aria-hidden="true" /> {words.LEGEND[kind]}
            </span>
          ) : null,
        )}
        {kinds.has("cropped") ? (
          <span>
            <span class="cb-swatch cb-swatch-kept" aria-hidden="true" /> {words.LEGEND.kept}
          </span>
        ) : null}
      </p>

      <Notice text={notice} />
      <Sum scene={scene} focus={shownFocus} products={products} stamp={stamp} live={!hover && !sweep.playing} />
      <PlayBar sweep={sweep}>
        <p class="cb-hint">{words.HINT}</p>
      </PlayBar>

      {folded && message}
      <Fold folded={folded} summary={words.FOLDED}>
      <div class="cb-controls">
        {numberBox("inputHeight")}
        {numberBox("inputWidth")}
        {numberBox("kernelSize")}
        {numberBox("stride")}
        {numberBox("dilation")}
        <Menu
          label={PADDING}
          value={explicit ? "explicit" : (good.padding as string)}
          options={(["valid", "same", "explicit"] as const).map((value) => ({ value, label: words.PADDINGS[value] }))}
          onChoose={(value) => {
            const start = value === "explicit" ? ([[1, 1], [1, 1]] as const) : (value as "valid" | "same");
            sweep.pause();
            commit({ ...good, padding: start });
          }}
        />
        {explicit && (["padTop", "padBottom", "padLeft", "padRight"] as const).map(numberBox)}
        {!isConv && sizeMenu(0)}
        {!isConv && sizeMenu(1)}
        {fillMenu("input")}
        {fillMenu("kernel")}
      </div>
      {!folded && message}

      <dl class="cb-readout">
        {formulaLines(good).map((line) => (
          <div key={line.axis}>
            <dt>{words.OUTPUT_SIDES[line.axis]}</dt>
            <dd>
              <span class="cb-formula">
                {line.symbols} = {line.numbers} = <strong>{line.result}</strong>
              </span>{" "}
              <span class="cb-aside">{line.note}</span>
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.SHAPES}</dt>
          <dd>
            <code>(1, {sizeOf(good.input).join(", ")}, 1)</code> {"\u2192"}{" "}
            <code>(1, {outputSize(good).join(", ")}, 1)</code>
          </dd>
        </div>
      </dl>
      <Code summary={LAYER_CODE} snippets={code} />
      <Foot
        host={host}
        query={() => toQuery(good)}
        python={() => code[code.length - 1]!.code}
        onReset={() => {
          sweep.pause();
          setNotice(null);
          commit(initial);
          setFocus(firstFocus(initial));
        }}
      />
      </Fold>
    </div>
  );
}

/** A grid's size, and what padding and inserted zeros make of it. */
function drawnSize({ size, dataSize, step, kind }: DrawnGrid): string {
  const own = dataSize.join(" \u00d7 ");
  if ((size[0] === dataSize[0] && size[1] === dataSize[1]) || kind(0, 0) === "cropped") return own;
  return (step > 1 ? words.spread : words.padded)(own, size.join(" \u00d7 "));
}

/** The same small-side cell after the layer was turned round, so that the same links stay lit. */
function followed(focus: Focus, before: Settings, after: Settings): Focus {
  const small = before.mode === "conv" ? "output" : "input";
  if (before.mode !== after.mode && after.picture === "scatter" && focus.grid === small) {
    return { ...focus, grid: small === "output" ? "input" : "output" };
  }
  return firstFocus(after);
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Explorer model={model} host={host} />, el);
  return () => render(null, el);
}

