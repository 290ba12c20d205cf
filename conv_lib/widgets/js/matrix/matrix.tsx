/** The matrix view: the grids of one convolution, and the matrix that does the same, linked cell by cell. */
import { render } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { show } from "../core/numbers.ts";
import { sizeOf } from "../core/ops.ts";
import { boxesOf, marksOf } from "../explorer/marks.ts";
import { buildScene, dataAt, drawnAt, stampOf, sweepOf, type GridName } from "../explorer/picture.ts";
import { formulaLines } from "../explorer/readout.ts";
import type { Settings as LayerSettings } from "../explorer/settings.ts";
import { Menu, NumberBox, Tabs } from "../ui/controls.tsx";
import { Grid, keyOf, type Box, type Mark } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { Filled } from "../ui/filled.tsx";
import { PlayBar, reducedMotion, useSweep } from "../ui/play.tsx";
import { tint } from "../ui/tint.ts";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/matrix.ts";
import { KERNEL, PADDING } from "../words/en/shared.ts";
import { algebraOf, type Algebra } from "./algebra.ts";
import { Line } from "./line.tsx";
import {
  check,
  conv,
  FIELDS,
  fromQuery,
  PRESETS,
  read,
  same,
  toQuery,
  TRAITS,
  write,
  type NumberField,
  type Settings,
  type Tab,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { Adjoint, Back } from "./tests.tsx";
import { cellOf, entriesOf, explorerFocus, gridOf, inside, productOf, whereOf, type Cell, type Focus } from "./trace.ts";

const TURN_MS = 800;
const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };
const TABS: readonly Tab[] = ["adjoint", "back"];

/** The same layer in the explorer's words: it draws padding and cropped cells. */
function layerOf(s: Settings): LayerSettings {
  return {
    ...conv(s),
    kernel: s.kernel,
    mode: s.transposed ? "transpose" : "conv",
    picture: "scatter",
    input: s.transposed ? s.y : s.x,
    outputSize: s.transposed ? sizeOf(s.x) : null,
  };
}

/** The first cell that is looked at: an output cell, so that a row of the matrix lights up. */
function firstFocus(s: Settings, a: Algebra): Focus {
  const [h, w] = s.transposed ? a.image : a.map;
  return { where: s.transposed ? "image" : "map", row: Math.min(1, h - 1), column: Math.min(1, w - 1) };
}

/** The input along the columns of the matrix, or the output along its rows: the same cells, in one line. */
function Strip(props: {
  side: "top" | "right";
  role: "input" | "output";
  values: number[];
  width: number;
  cellPx: number;
  text: boolean;
  lit: ReadonlyMap<number, string>;
  chosen: number;
  onHover(index: number | null): void;
  onSelect(index: number): void;
}) {
  const indexOf = (event: Event) => {
    const el = (event.target as HTMLElement).closest<HTMLElement>("[data-index]");
    return el ? Number(el.dataset.index) : null;
  };
  return (
    <div
      aria-hidden="true"
      class={`cb-vector cb-vector-${props.side} cb-grid-${props.role}`}
      style={{ "--cb-cell": `${props.cellPx}px`, "--cb-vector": `${props.width}px` }}
      onPointerOver={(event) => event.pointerType !== "touch" && props.onHover(indexOf(event))}
      onPointerLeave={() => props.onHover(null)}
      onClick={(event) => {
        const index = indexOf(event);
        if (index !== null) props.onSelect(index);
      }}
    >
      {props.values.map((value, i) => {
        const text = show(value);
        return (
          <div
            key={i}
            data-index={i}
            class={`cb-cell cb-data ${text.length > 3 ? "cb-xs" : ""} ${props.lit.has(i) ? "cb-is-part" : ""} ${i === props.chosen ? "cb-is-selected" : ""}`}
            style={props.lit.has(i) ? { "--cb-tint": props.lit.get(i) } : undefined}
          >
            {props.text ? text : ""}
          </div>
        );
      })}
    </div>
  );
}

function MatrixView({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Focus>(() => {
    const s = read(model);
    return firstFocus(s, algebraOf(s));
  });
  const [hover, setHover] = useState<Focus | null>(null);
  const { good, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(
    KIND,
    model,
    host,
    (s, _before, source) => {
      setHover(null);
      if (source === "link") {
        setFocus(firstFocus(s, algebraOf(s)));
        sweep.pause();
      }
    },
  );
  const [rootRef, fullWidth] = useWidth<HTMLDivElement>();
  const width = fullWidth - 30;
  const errorId = useUid();
  const sheet = useRef<HTMLDivElement>(null);
  const turned = useRef(good.transposed);

  const a = useMemo(() => algebraOf(good), [good]);
  const scene = useMemo(() => buildScene(layerOf(good)), [good]);
  const T = good.transposed;
  const settled = inside(focus, good, a) ? focus : firstFocus(good, a);
  const shown = hover && inside(hover, good, a) ? hover : settled;
  const [kh, kw] = sizeOf(good.kernel);

  const { lit, marks, onMatrix, litIn, litOut, stamp } = useMemo(() => {
    const lit = entriesOf(shown, good, a);
    const at = explorerFocus(shown, T);
    const stamp = at && stampOf(scene, at);
    const links = lit.map((e) => productOf(e, good, a));
    const marks = marksOf(scene, at ?? ({ grid: "none" } as never), links, stamp);
    const colour = (weight: number) => tint(weight, kh * kw);
    const onMatrix = new Map<string, Mark>();
    const drawn = (row: number, column: number) => (T ? keyOf(column, row) : keyOf(row, column));
    for (const e of a.entries) onMatrix.set(drawn(e.row, e.column), { tint: colour(e.weight), role: "whole" });
    for (const e of lit) onMatrix.set(drawn(e.row, e.column), { tint: colour(e.weight), role: "part" });
    const litIn = new Map<number, string>();
    const litOut = new Map<number, string>();
    for (const e of lit) {
      // The cell that is pointed at keeps its own colour.
      if (shown.where !== (T ? "map" : "image")) litIn.set(T ? e.row : e.column, colour(e.weight));
      if (shown.where !== (T ? "image" : "map")) litOut.set(T ? e.column : e.row, colour(e.weight));
    }
    if (shown.where === "matrix" && !lit.length) {
      // A place without a weight: both cells are shown all the same.
      const grey = "var(--cb-rule)";
      marks[gridOf("image", T)].set(keyOf(...drawnAt(scene, gridOf("image", T), cellOf(shown.column, a.image[1]))), { tint: grey, role: "part" });
      marks[gridOf("map", T)].set(keyOf(...drawnAt(scene, gridOf("map", T), cellOf(shown.row, a.map[1]))), { tint: grey, role: "part" });
      litIn.set(T ? shown.row : shown.column, grey);
      litOut.set(T ? shown.column : shown.row, grey);
    }
    return { lit, marks, onMatrix, litIn, litOut, stamp };
  }, [good, shown.where, shown.row, shown.column]);

  // Aᵀ is A turned over along its diagonal, and that is how it is shown.
  useLayoutEffect(() => {
    if (turned.current === T) return;
    turned.current = T;
    if (reducedMotion()) return;
    sheet.current?.animate?.(
      [{ transform: "rotate3d(1, 1, 0, 180deg)" }, { transform: "rotate3d(1, 1, 0, 0deg)" }],
      { duration: TURN_MS, easing: "cubic-bezier(.45, 0, .25, 1)" },
    );
  }, [T]);

  const path = useMemo(
    () => sweepOf({ ...scene, settings: { ...scene.settings, picture: "gather" } }).map((f): Focus => ({
      where: whereOf(f.grid, T), row: f.row, column: f.column,
    })),
    [scene],
  );
  const advance = (by: number) => {
    setHover(null);
    setFocus((f) => {
      const at = path.findIndex((x) => x.where === f.where && x.row === f.row && x.column === f.column);
      return path[(at < 0 ? 0 : at + by + path.length) % path.length]!;
    });
  };
  const sweep = useSweep(model, advance);

  const choose = (f: Focus) => {
    sweep.pause();
    setHover(null);
    setFocus(f);
  };
  const point = (f: Focus | null) => {
    if (f) sweep.pause();
    setHover(f);
  };
  const onBadEdit = (text: string | null) =>
    setNotice(badCell(text));
  const withCell = (m: number[][], at: Cell, value: number) =>
    m.map((row, r) => row.map((v, c) => (r === at[0] && c === at[1] ? value : v)));

  // ------------------------------------------------------------------------ the grids
  const order: GridName[] = T ? ["output", "kernel", "input"] : ["input", "kernel", "output"];
  const across = order.reduce((sum, g) => sum + scene.grids[g].size[1], 0);
  const fits = Math.floor((width - (width < 480 ? 76 : 110)) / across);
  const cellPx = fits >= 24 ? Math.min(fits, 38) : 26;
  const titles: Record<GridName, string> = T
    ? { input: words.inputTitle("y"), kernel: KERNEL, output: words.outputTitle("A\u1d40y") }
    : { input: words.inputTitle("x"), kernel: KERNEL, output: words.outputTitle("Ax") };
  const grid = (name: GridName) => {
    const drawn = scene.grids[name];
    const where = whereOf(name, T);
    const values = where === "kernel" ? "kernel" : T ? "y" : "x";
    const data = drawn.dataSize;
    return (
      <div class={`cb-small cb-side-${name}`} key={where}>
        <p class="cb-title" aria-hidden="true">
          {titles[name]} <span class="cb-size">{data.join(" \u00d7 ")}</span>
        </p>
        <Grid
          label={titles[name]}
          role={name}
          size={drawn.size}
          dataSize={data}
          cell={(r, c) => ({ kind: drawn.kind(r, c), value: drawn.value(r, c), at: dataAt(scene, name, r, c) })}
          marks={marks[name]}
          selected={settled.where === where ? [settled.row, settled.column] : null}
          boxes={boxesOf(scene, name, stamp)}
          cellPx={cellPx}
          editable={name !== "output"}
          version={scene}
          onHover={(at) => point(at && { where, row: at[0], column: at[1] })}
          onSelect={(at) => choose({ where, row: at[0], column: at[1] })}
          onEdit={(at, value) => commit({ ...good, [values]: withCell(good[values], at, value) })}
          onBadEdit={onBadEdit}
        />
      </div>
    );
  };
  const flow = fits >= 24 && (
    <span class="cb-arrow" aria-hidden="true">
      {T ? "\u2190" : "\u2192"}
    </span>
  );

  // ------------------------------------------------------------------------ the matrix
  const [rows, columns] = T ? [a.columns, a.rows] : [a.rows, a.columns];
  const side = Math.max(rows, columns);
  const beside = Math.floor((width - 250) / (side + 2.2));
  const below = Math.floor(width / (side + 1.6));
  const roomy = width >= 560 && (beside >= 17 || beside >= below - 2);
  const entryPx = Math.max(6, Math.min(roomy ? beside : below, 28));
  const longest = Math.max(...good.kernel.flat().map((v) => show(v).length));
  const numbers = entryPx >= Math.max(16, longest * 5.5 + 4);
  const outPx = numbers ? Math.max(entryPx, 34) : Math.max(entryPx, 12);
  const flatW = good.kernel.flat();
  const inputValues = (T ? good.y : good.x).flat();
  const outputValues = (T ? a.aty : a.ax).flat();
  const [inWhere, outWhere] = T ? (["map", "image"] as const) : (["image", "map"] as const);
  const widthOf = { image: a.image[1], map: a.map[1] };
  const focusAt = (where: "image" | "map", index: number): Focus => {
    const [row, column] = cellOf(index, widthOf[where]);
    return { where, row, column };
  };
  const stripIndex = (where: "image" | "map") => (shown.where === where ? shown.row * widthOf[where] + shown.column : -1);
  /** From a place as drawn to a place in A, and back: the same turn. */
  const turn = ([r, c]: Cell): Cell => (T ? [c, r] : [r, c]);
  const weightOf = (at: Cell) => {
    const [r, c] = turn(at);
    return a.weightAt[r * a.columns + c]!;
  };
  const boxes: Box[] = [];
  if (shown.where === outWhere) boxes.push({ kind: "stamp", at: [stripIndex(outWhere), 0], size: [1, columns] });
  if (shown.where === inWhere) boxes.push({ kind: "stamp", at: [0, stripIndex(inWhere)], size: [rows, 1] });
  const version = useMemo(() => ({}), [good, numbers]);
  const matrixName = T ? "A\u1d40" : "A";
  const cellName = (r: number, c: number, weight: number): string => {
    const out = cellOf(r, widthOf[outWhere]).join(", ");
    const from = cellOf(c, widthOf[inWhere]).join(", ");
    return words.place(r, out, c, from, weight < 0 ? null : [cellOf(weight, kw).join(", "), show(flatW[weight]!)]);
  };

  const matrix = (
    <div class={`cb-matrix${roomy ? " cb-roomy" : ""}${entryPx < 14 ? " cb-tiny" : ""}`}>
      <div class="cb-matrix-head">
        <p class="cb-matrix-name">
          <strong>{matrixName}</strong>{" "}
          <span class="cb-size">
            {rows} {"\u00d7"} {columns}
          </span>
        </p>
        <button
          type="button"
          class="cb-button cb-turn"
          aria-pressed={T}
          title={T ? words.BACK_TO_A : words.TO_TRANSPOSE}
          onClick={() => {
            sweep.pause();
            commit({ ...good, transposed: !T });
          }}
        >
          <span aria-hidden="true">T</span> <span class="cb-turn-words">{T ? words.BACK : words.TRANSPOSE}</span>
        </button>
        <p class="cb-axes">
          <span class="cb-name-input">{words.COLUMNS}</span> <span class="cb-name-output">{words.ROWS}</span>
        </p>
      </div>
      <div class="cb-matrix-body">
        <div
          class="cb-matrix-square"
          style={{ width: `${side * entryPx + outPx + 10}px`, height: `${side * entryPx + entryPx + 18}px` }}
        >
          <Strip
            side="top"
            role="input"
            values={inputValues}
            width={entryPx}
            cellPx={entryPx}
            text={numbers}
            lit={litIn}
            chosen={stripIndex(inWhere)}
            onHover={(i) => point(i === null ? null : focusAt(inWhere, i))}
            onSelect={(i) => choose(focusAt(inWhere, i))}
          />
          <div
            class="cb-ghost"
            aria-hidden="true"
            style={{ width: `${rows * entryPx}px`, height: `${columns * entryPx}px` }}
          >
            {columns > rows + 1 && <span>{T ? "A" : "A\u1d40"}</span>}
          </div>
          <div class="cb-sheet" ref={sheet}>
            <Grid
              label={words.matrixTitle(matrixName)}
              role="matrix"
              size={[rows, columns]}
              dataSize={[rows, columns]}
              cell={(r, c) => {
                const weight = weightOf([r, c]);
                return {
                  kind: weight < 0 ? "void" : "data",
                  value: weight < 0 ? 0 : flatW[weight]!,
                  text: weight < 0 ? (entryPx >= 14 ? "\u00b7" : "") : numbers ? undefined : "",
                  name: cellName(r, c, weight),
                  at: [r, c],
                };
              }}
              marks={onMatrix}
              selected={settled.where === "matrix" ? turn([settled.row, settled.column]) : null}
              boxes={boxes}
              cellPx={entryPx}
              editable={numbers}
              version={version}
              onHover={(at) => {
                const place = at && turn(at);
                point(place && { where: "matrix", row: place[0], column: place[1] });
              }}
              onSelect={(at) => {
                const [row, column] = turn(at);
                choose({ where: "matrix", row, column });
              }}
              onEdit={(at, value) => {
                const weight = weightOf(at);
                if (weight >= 0) commit({ ...good, kernel: withCell(good.kernel, cellOf(weight, kw), value) });
                else if (value !== 0) setNotice(words.STAYS_ZERO);
              }}
              onBadEdit={onBadEdit}
            />
          </div>
          <Strip
            side="right"
            role="output"
            values={outputValues}
            width={outPx}
            cellPx={entryPx}
            text={numbers}
            lit={litOut}
            chosen={stripIndex(outWhere)}
            onHover={(i) => point(i === null ? null : focusAt(outWhere, i))}
            onSelect={(i) => choose(focusAt(outWhere, i))}
          />
        </div>
        <Facts s={good} a={a} rows={rows} columns={columns} />
      </div>
    </div>
  );

  // ------------------------------------------------------------------------ the rest
  const numberBox = (field: NumberField) => <NumberBox key={field} {...box(field, errorId, sweep.pause)} />;
  const explicit = typeof good.padding === "number";
  const code = useMemo(() => snippets(good, a), [good, a]);
  const alike = (s: Settings) => same({ ...s, y: good.y, tab: good.tab, transposed: good.transposed }, good);
  const preset = PRESETS.find((p) => alike(p.settings));
  const folded = Boolean(model.get("folded"));
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;
  const tests = { s: good, a, width, onChange: commit, onBadEdit };

  return (
    <div class={`cb-explorer cb-matrix-view${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <p class="cb-lead">
          <Filled text={T ? words.LEAD_TRANSPOSED : words.LEAD} parts={[<strong>{T ? "A\u1d40y" : "Ax"}</strong>]} />
        </p>
        <Examples
          presets={PRESETS}
          current={preset}
          onChoose={(chosen) => {
            sweep.pause();
            commit(chosen.settings);
            setFocus(firstFocus(chosen.settings, algebraOf(chosen.settings)));
          }}
        />
      </div>
      {fullWidth > 0 && (
        <>
          <div class="cb-trio">
            {grid(order[0]!)}
            {flow}
            {grid("kernel")}
            {flow}
            {grid(order[2]!)}
          </div>
          {matrix}
        </>
      )}
      <Notice text={notice} />
      <Line s={good} a={a} focus={shown} entries={lit} live={!hover && !sweep.playing} />
      <PlayBar sweep={sweep}>
        <p class="cb-hint">
          {words.HINT}
        </p>
      </PlayBar>
      {folded && message}
      <Fold folded={folded} summary={words.CHANGE}>
        <div class="cb-controls">
          {numberBox("height")}
          {numberBox("width")}
          {numberBox("kernelSize")}
          {numberBox("stride")}
          {numberBox("dilation")}
          <Menu
            label={PADDING}
            value={explicit ? "explicit" : String(good.padding)}
            options={["valid", "same", "explicit"].map((v) => ({ value: v, label: v === "explicit" ? words.EXPLICIT : v }))}
            onChoose={(value) => {
              sweep.pause();
              commit({ ...good, padding: value === "explicit" ? 1 : (value as "valid" | "same") });
            }}
          />
          {explicit && numberBox("pad")}
        </div>
        {!folded && message}
        <dl class="cb-readout">
          {formulaLines(layerOf({ ...good, transposed: false })).map((line) => (
            <div key={line.axis}>
              <dt>{words.SIZE_OF_AX[line.axis]}</dt>
              <dd>
                <span class="cb-formula">
                  {line.symbols} = {line.numbers} = <strong>{line.result}</strong>
                </span>{" "}
                <span class="cb-aside">{line.note}</span>
              </dd>
            </div>
          ))}
        </dl>
        <details
          class="cb-code"
          open={good.tab !== "none"}
          onToggle={(event) => {
            const open = (event.currentTarget as HTMLDetailsElement).open;
            if (open !== (good.tab !== "none")) commit({ ...good, tab: open ? "adjoint" : "none" });
          }}
        >
          <summary>{words.TESTS}</summary>
          {good.tab !== "none" && (
            <Tabs
              label={words.TESTS_SHORT}
              names={[words.TABS.adjoint, words.TABS.back]}
              current={TABS.indexOf(good.tab)}
              onChoose={(i) => commit({ ...good, tab: TABS[i]! })}
            >
              {good.tab === "adjoint" ? <Adjoint {...tests} /> : <Back {...tests} />}
            </Tabs>
          )}
        </details>
        <Code summary={words.CODE} snippets={code} />
        <Foot
          host={host}
          query={() => toQuery(good)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            sweep.pause();
            setNotice(null);
            commit(initial);
            setFocus(firstFocus(initial, algebraOf(initial)));
          }}
        />
      </Fold>
    </div>
  );
}

/** What can be counted in the matrix. */
function Facts({ s, a, rows, columns }: { s: Settings; a: Algebra; rows: number; columns: number }) {
  const places = rows * columns;
  const empty = places - a.entries.length;
  const flat = s.kernel.flat();
  const zeroWeights = a.entries.filter((e) => flat[e.weight] === 0).length;
  const [least, most] = [Math.min(...a.counts), Math.max(...a.counts)];
  const reached = new Set(a.entries.map((e) => e.column));
  const used = new Set(a.entries.map((e) => e.row));
  const deadImage = a.columns - reached.size;
  const deadMap = a.rows - used.size;
  const full = Math.min(a.rows, a.columns);
  const [image, map] = [a.image.join("\u00b7"), a.map.join("\u00b7")];
  const lines: [string, string, string][] = [
    [words.SHAPE, `${rows} \u00d7 ${columns}`, s.transposed ? words.outputsAndInputs(image, map) : words.outputsAndInputs(map, image)],
    [words.WEIGHTS, words.entriesOf(a.entries.length, places), words.uses(flat.length, least, most, zeroWeights)],
    [words.ZEROS, `${empty}`, words.empty(Math.round((100 * empty) / places))],
    [words.RANK, `${a.rank}`, a.rank === full ? words.fullRank(full) : words.lowRank(full)],
  ];
  if (deadImage) {
    lines.push([s.transposed ? words.EMPTY_ROWS : words.EMPTY_COLUMNS, `${deadImage}`, words.NOT_REACHED]);
  }
  if (deadMap) {
    lines.push([s.transposed ? words.EMPTY_COLUMNS : words.EMPTY_ROWS, `${deadMap}`, words.ONLY_PADDING]);
  }
  return (
    <dl class="cb-facts">
      {lines.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong> <span class="cb-aside">{note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<MatrixView model={model} host={host} />, el);
  return () => render(null, el);
}
