/** The upsampling bench: one grid, or a photograph, through eight ways to double it, linked pixel by pixel. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { show, short } from "../core/numbers.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import { Choice, NumberBox, Tabs } from "../ui/controls.tsx";
import { Filled } from "../ui/filled.tsx";
import { Grid, keyOf, type Mark } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { tint } from "../ui/tint.ts";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/upsampling.ts";
import { CALLS } from "./calls.ts";
import { Costs, Difference, Numbers, Projecting } from "./panels.tsx";
import { PHOTO, Picture } from "./photo.tsx";
import {
  check, FIELDS, fromQuery, PRESETS, read, same, TABS, toQuery, TRAITS, withCell, write,
  type NumberField, type Settings,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { costOf, kernelAt, outputOf, termsOf, WAYS, type Term, type Way } from "./ways.ts";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };
const NO_MARKS: ReadonlyMap<string, Mark> = new Map();

/** The pixel that is looked at: of the outputs, with the way that its sum is written for, or of the input. */
interface Focus {
  where: "output" | "input";
  way: Way;
  row: number;
  column: number;
}

const start = (s: Settings): Focus => ({ where: "output", way: s.first, row: 1, column: 2 });

function inside(f: Focus, s: Settings): Focus {
  const [h, w] = sizeOf(s.input);
  const times = f.where === "output" ? 2 : 1;
  return { ...f, row: Math.min(f.row, times * h - 1), column: Math.min(f.column, times * w - 1) };
}

/** The sum of one output pixel, or where an input pixel goes. */
function Line({ s, focus, outputs, live }: { s: Settings; focus: Focus; outputs: Record<Way, Matrix>; live: boolean }) {
  const { way, row, column } = focus;
  const { name } = words.WAYS[way];
  let content;
  if (s.shown === "photo") {
    const values = outputs[way].flat();
    const [low, high] = [Math.min(...values), Math.max(...values)];
    content = (
      <>
        <Filled text={words.levels(show(low), show(high))} parts={[<span class="cb-name cb-name-output">{name}</span>]} />{" "}
        <span class="cb-aside">{low < 0 || high > 1.005 ? words.BEYOND : words.WITHIN}</span>
      </>
    );
  } else if (focus.where === "input") {
    const places = WAYS.map((w) => words.pixelsOf(reached(w, s, row, column).length, words.WAYS[w].short));
    const [pixel, where] = words.reaches(row, column, show(s.input[row]![column]!), places);
    content = (
      <>
        <span class="cb-name cb-name-input">{pixel}</span>
        {where}
      </>
    );
  } else {
    const terms = termsOf(way, sizeOf(s.input), s, row, column);
    content = (
      <>
        <span class="cb-name cb-name-output">
          {name} [{row}, {column}]
        </span>{" "}
        ={" "}
        {terms.map((term, i) => (
          <span key={keyOf(...term.at)}>
            {i ? " + " : ""}
            <span class="cb-chip" style={{ "--cb-tint": tint(i, terms.length) }}>
              {coefficient(term)} {"\u00b7"} {show(s.input[term.at[0]]![term.at[1]]!)}
            </span>
          </span>
        ))}
        {terms.length ? " = " : ""}
        <span class="cb-target">
          <strong>{show(outputs[way][row]![column]!, 4)}</strong>
        </span>{" "}
        <span class="cb-aside">{remark(way, terms)}</span>
      </>
    );
  }
  return (
    <div class="cb-sum" role="group" aria-label={words.MADE_OF} aria-live={live ? "polite" : "off"} tabIndex={0}>
      {content}
    </div>
  );
}

function coefficient(term: Term): string {
  if (term.parts.length > 1 && term.taps.length) return `(${term.parts.map((v) => show(v, 4)).join(" + ")})`;
  return show(term.parts.reduce((a, b) => a + b, 0), 4);
}

function remark(way: Way, terms: Term[]): string {
  if (!terms.length) return words.UNREACHED;
  if (way === "resize" && terms.some((t) => t.taps.length > 1)) return words.IN_BRACKETS;
  const met = terms.reduce((n, t) => n + t.taps.length, 0);
  if (way === "transposed3" || way === "transposed4") return words.meets(met, way === "transposed3" ? 9 : 16);
  return "";
}

/** The output pixels of a way that hold an input pixel with a factor that is not 0 by construction. */
function reached(way: Way, s: Settings, row: number, column: number): [number, number][] {
  const [h, w] = sizeOf(s.input);
  const found: [number, number][] = [];
  for (let r = 0; r < 2 * h; r++)
    for (let c = 0; c < 2 * w; c++)
      if (termsOf(way, [h, w], s, r, c).some((t) => t.at[0] === row && t.at[1] === column)) found.push([r, c]);
  return found;
}

/** The kernel that the chosen way uses, its weights tinted with the input pixel that they meet. */
function Kernel({
  s, focus, terms, cellPx, onChange, onBadEdit,
}: {
  s: Settings;
  focus: Focus;
  terms: Term[];
  cellPx: number;
  onChange(s: Settings): void;
  onBadEdit(text: string | null): void;
}) {
  const { way } = focus;
  const marks = new Map<string, Mark>();
  if (s.shown === "grid" && focus.where === "output")
    terms.forEach((term, i) => term.taps.forEach((tap) => marks.set(keyOf(...tap), { tint: tint(i, terms.length), role: "part" })));
  if (way === "shuffle") {
    const used = s.shown === "grid" && focus.where === "output" ? (focus.row % 2) * 2 + (focus.column % 2) : -1;
    return (
      <div class="cb-side-kernel">
        <p class="cb-title">{words.FOUR_KERNELS} <span class="cb-size">3 {"\u00d7"} 3</span></p>
        <div class="cb-four">
          {s.shuffle.map((kernel, i) => (
            <Numbers
              key={i}
              label={words.kernelForPlace(i >> 1, i % 2)}
              role="kernel"
              values={kernel}
              cellPx={cellPx > 30 ? 26 : 22}
              marks={i === used ? marks : NO_MARKS}
              onEdit={(at, v) => onChange({ ...s, shuffle: s.shuffle.map((k, j) => (j === i ? withCell(k, at, v) : k)) })}
              onBadEdit={onBadEdit}
            />
          ))}
        </div>
      </div>
    );
  }
  const kernel = kernelAt(way, s, 0, 0);
  if (!kernel) return <div class="cb-side-kernel"><p class="cb-title">{words.KERNEL_TITLE}</p><p class="cb-none">{words.NO_KERNEL}</p></div>;
  const name = way as "transposed3" | "transposed4" | "resize";
  return (
    <div class="cb-side-kernel">
      <p class="cb-title">{words.KERNEL_TITLE} <span class="cb-size">{kernel.length} {"\u00d7"} {kernel.length}</span></p>
      <Numbers
        label={words.kernelOf(words.WAYS[way].name)}
        role="kernel"
        values={kernel}
        cellPx={cellPx}
        marks={marks}
        onEdit={(at, v) => onChange({ ...s, [name]: withCell(s[name], at, v) })}
        onBadEdit={onBadEdit}
      />
    </div>
  );
}

function Bench({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Focus>(() => start(read(model)));
  const [hover, setHover] = useState<Focus | null>(null);
  const { good, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(KIND, model, host, (_s, _before, source) => {
    setHover(null);
    if (source === "link") sweep.pause();
  });
  const [rootRef, fullWidth] = useWidth<HTMLDivElement>();
  const width = fullWidth - 30;
  const errorId = useUid();
  const photo = good.shown === "photo";
  const x: Matrix = photo ? PHOTO : good.input;
  const [h, w] = sizeOf(x);

  const outputs = useMemo(
    () => Object.fromEntries(WAYS.map((way) => [way, outputOf(way, x, good)])) as unknown as Record<Way, number[][]>,
    [good],
  );
  const settled = inside(focus, good);
  const shown = hover ? inside(hover, good) : settled;
  const terms = useMemo(
    () => (photo || shown.where === "input" ? [] : termsOf(shown.way, sizeOf(good.input), good, shown.row, shown.column)),
    [good, shown.where, shown.way, shown.row, shown.column],
  );
  const marks = useMemo(() => {
    const input = new Map<string, Mark>();
    terms.forEach((term, i) => input.set(keyOf(...term.at), { tint: tint(i, terms.length), role: "part" }));
    const out = Object.fromEntries(WAYS.map((way) => [way, NO_MARKS])) as Record<Way, ReadonlyMap<string, Mark>>;
    if (shown.where === "input" && !photo)
      for (const way of WAYS)
        out[way] = new Map(reached(way, good, shown.row, shown.column).map((at) => [keyOf(...at), { tint: "var(--cb-input-strong)", role: "part" } as Mark]));
    return { input, out };
  }, [good, terms, shown.where, shown.row, shown.column]);

  const advance = (by: number) => {
    setHover(null);
    setFocus((f) => {
      const now = inside({ ...f, where: "output" }, good);
      const count = 4 * h * w;
      const at = (now.row * 2 * w + now.column + by + count) % count;
      return { ...now, row: Math.floor(at / (2 * w)), column: at % (2 * w) };
    });
  };
  const sweep = useSweep(model, advance);
  const change = (s: Settings) => {
    sweep.pause();
    commit(s);
  };
  const choose = (f: Focus) => {
    sweep.pause();
    setHover(null);
    setFocus(f);
  };
  const point = (f: Focus | null) => {
    if (f) sweep.pause();
    setHover(f);
  };
  const onBadEdit = (text: string | null) => setNotice(badCell(text));

  // ------------------------------------------------------------------------ sizes of what is drawn
  const narrow = width < 560;
  const [gap, frame] = narrow ? [8, 12] : [12, 20];
  const room = (columns: number) => Math.floor((width - (columns - 1) * gap) / columns - frame);
  let columns = narrow ? 2 : 4;
  while (!photo && columns > 1 && room(columns) < 22 * 2 * w) columns /= 2;
  const cellPx = Math.min(Math.floor(room(columns) / (2 * w)), 40);
  // Whole screen pixels for each pixel, where there is room.
  const times = Math.max(Math.floor(Math.min(room(columns), 160) / (2 * w)), 1);
  const pictureWidth = times * 2 * w;
  const inputPx = Math.min(narrow ? 36 : 40, Math.floor(width / 2 / Math.max(w, 1)));
  const kernelPx = narrow ? Math.min(36, Math.floor((width - 30 - (photo ? 128 : w * inputPx)) / 4)) : 40;
  const version = useMemo(() => ({}), [good, cellPx]);
  const code = useMemo(() => snippets(good), [good]);
  const alike = (s: Settings) =>
    same({ ...s, tab: good.tab, in_channels: good.in_channels, out_channels: good.out_channels }, good);
  const message = <ProblemLine id={errorId} problem={problem} onFix={change} onDismiss={dismiss} />;
  const folded = Boolean(model.get("folded"));
  const number = (field: NumberField) => box(field, errorId, sweep.pause);

  return (
    <div class={`cb-explorer cb-bench${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Choice
          label={words.WHAT_IS_DOUBLED}
          value={good.shown}
          options={[{ value: "grid", label: words.GRID }, { value: "photo", label: words.PHOTOGRAPH }]}
          onChoose={(v) => change({ ...good, shown: v as Settings["shown"] })}
        />
        <Examples presets={PRESETS} current={PRESETS.find((p) => alike(p.settings))} onChoose={(p) => {
          change(p.settings);
          setFocus(start(p.settings));
        }} />
      </div>
      {fullWidth > 0 && (
        <>
          <div class="cb-bench-top">
            <div class="cb-side-input">
              <p class="cb-title">{words.INPUT_TITLE} <span class="cb-size">{h} {"\u00d7"} {w}</span></p>
              {photo ? (
                <Picture values={PHOTO} label={words.photograph(h, w)} width={128} />
              ) : (
                <Numbers
                  label={words.INPUT}
                  role="input"
                  values={good.input}
                  cellPx={inputPx}
                  marks={marks.input}
                  selected={settled.where === "input" ? [settled.row, settled.column] : null}
                  onEdit={(at, v) => change({ ...good, input: withCell(good.input, at, v) })}
                  onBadEdit={onBadEdit}
                  onSelect={([row, column]) => choose({ ...settled, where: "input", row, column })}
                  onHover={(at) => point(at && { ...settled, where: "input", row: at[0], column: at[1] })}
                />
              )}
            </div>
            <Kernel s={good} focus={shown} terms={terms} cellPx={kernelPx} onChange={change} onBadEdit={onBadEdit} />
            <div class="cb-bench-words">
              <p class="cb-title cb-name-output">{words.WAYS[shown.way].name}</p>
              <p>{words.WAYS[shown.way].does}</p>
              <p class="cb-call"><code>{CALLS[shown.way]}</code></p>
            </div>
          </div>
          <div class="cb-ways" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
            {WAYS.map((way) => {
              const cost = costOf(way, sizeOf(good.input), 1, 1);
              const chosen = way === shown.way;
              return (
                <div key={way} role="group" class={`cb-way${chosen ? " cb-way-chosen" : ""}`} aria-label={words.WAYS[way].name}>
                  <button
                    type="button"
                    class="cb-way-name"
                    aria-pressed={way === settled.way}
                    onClick={() => choose({ ...settled, where: "output", ...(settled.where === "input" ? start(good) : {}), way })}
                  >
                    {words.WAYS[way].name}
                  </button>
                  {photo ? (
                    <Picture values={outputs[way]} label={words.output(words.WAYS[way].name)} width={pictureWidth} />
                  ) : (
                    <Grid
                      label={words.output(words.WAYS[way].name)}
                      role="output"
                      size={[2 * h, 2 * w]}
                      dataSize={[2 * h, 2 * w]}
                      cell={(r, c) => {
                        const value = outputs[way][r]![c]!;
                        return { kind: "data", value, text: cellPx < 34 ? fitted(value, Math.max(2, Math.floor(cellPx / 6.4))) : undefined, at: [r, c] };
                      }}
                      marks={marks.out[way]}
                      selected={shown.where === "output" ? [shown.row, shown.column] : null}
                      boxes={[]}
                      cellPx={cellPx}
                      editable={false}
                      version={version}
                      onHover={(at) => point(at && { where: "output", way, row: at[0], column: at[1] })}
                      onSelect={([row, column]) => choose({ where: "output", way, row, column })}
                    />
                  )}
                  <p class="cb-way-cost">{words.cost(cost.weights, cost.each ? show(cost.each) : null)}</p>
                </div>
              );
            })}
          </div>
        </>
      )}
      <Notice text={notice} />
      <Line s={good} focus={shown} outputs={outputs} live={!hover && !sweep.playing} />
      {!photo && (
        <PlayBar sweep={sweep}>
          <p class="cb-hint">{words.HINT}</p>
        </PlayBar>
      )}
      {folded && message}
      <Fold folded={folded} summary={words.FOLD}>
        <div class="cb-bench-tabs">
          <Tabs
            label={words.WHAT_TO_LOOK_AT}
            names={TABS.map((tab) => words.TABS[tab])}
            current={TABS.indexOf(good.tab)}
            onChoose={(i) => change({ ...good, tab: TABS[i]! })}
          >
            {good.tab === "difference" && fullWidth > 0 && (
              <Difference s={good} outputs={outputs} width={width} onChange={change} />
            )}
            {good.tab === "cost" && <Costs s={good} size={[h, w]} boxes={[number("inChannels"), number("outChannels")]} />}
            {good.tab === "project" && <Projecting s={good} width={width} onChange={change} onBadEdit={onBadEdit} />}
          </Tabs>
        </div>
        {!photo && (
          <div class="cb-controls">
            <NumberBox {...number("height")} />
            <NumberBox {...number("width")} />
          </div>
        )}
        {!folded && message}
        <Code summary={words.CODE} snippets={code} />
        <Foot
          host={host}
          query={() => toQuery(good)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            sweep.pause();
            setNotice(null);
            commit(initial);
            setFocus(start(initial));
          }}
        />
      </Fold>
    </div>
  );
}

/** A number for a small cell: rounded until it has at most `signs` signs, where that can be. */
function fitted(value: number, signs: number): string {
  for (const digits of [2, 1, 0]) {
    const text = show(value, digits);
    if (text.length <= signs) return text;
  }
  return short(value);
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Bench model={model} host={host} />, el);
  return () => render(null, el);
}
