/** The channel view: which kernel slice meets which channel, and how the partial maps add up to one channel out. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { short } from "../core/numbers.ts";
import { sizeOf, type Matrix } from "../core/ops.ts";
import { Menu, NumberBox } from "../ui/controls.tsx";
import { Grid, type CellView } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/channels.ts";
import { LAYER_CODE, PADDING } from "../words/en/shared.ts";
import { fromQuery, sameSettings, toQuery } from "./link.ts";
import { litBy, type Marks } from "./marks.ts";
import { Overview } from "./overview.tsx";
import { sceneOf, type Focus } from "./picture.ts";
import { counted, drawn, lines, parameterNumbers, shapeOfKernel, type Line } from "./readout.ts";
import {
  channelsIn,
  channelsOut,
  check,
  COUNTED_AT_FIRST,
  COUNT_FIELDS,
  FIELDS,
  freshBias,
  inputSize,
  kernelSize,
  legalGroups,
  outputSize,
  reshaped,
  type Counted,
  type NumberField,
  type Padding,
  type Settings,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { Sum } from "./sum.tsx";
import { PRESETS, readModel, TRAITS, writeModel } from "./traits.ts";


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

const FILLS: { value: words.Fill; cell: (plane: number, r: number, c: number, h: number, w: number) => number }[] = [
  { value: "ones", cell: () => 1 },
  { value: "powers", cell: (plane) => 10 ** plane },
  { value: "spike", cell: (_, r, c, h, w) => (r === h >> 1 && c === w >> 1 ? 1 : 0) },
  { value: "random", cell: () => Math.floor(Math.random() * 7) - 2 },
];

function firstFocus(s: Settings): Focus {
  const [h, w] = outputSize(s);
  return { grid: "output", channel: 0, row: Math.min(1, h - 1), column: Math.min(1, w - 1) };
}

/** Whether the cell is still there; after a change of sizes it may not be. */
function inside(s: Settings, f: Focus): boolean {
  if (f.channel >= channelsIn(s) || (f.grid === "bias" && !s.bias)) return false;
  const size = f.grid === "input" ? inputSize(s) : f.grid === "kernel" ? kernelSize(s) : f.grid === "bias" ? [1, 1] : outputSize(s);
  return f.row < size[0]! && f.column < size[1]!;
}


function ChannelView({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Focus>(() => firstFocus(readModel(model)));
  const [hover, setHover] = useState<Focus | null>(null);
  const { good, initial, drafts, problem, notice, setNotice, commit, box, dismiss } = useSettings(
    KIND,
    model,
    host,
    (s, before, source) => {
      setHover(null);
      if (source !== "link") return;
      if (JSON.stringify(s.counted) !== JSON.stringify(before.counted)) setCounting(true);
      setFocus(firstFocus(s));
      sweep.pause();
    },
  );
  // The counting boxes are folded away until a reader, a chapter or a link asks for them.
  const [counting, setCounting] = useState(
    () => JSON.stringify(model.get("counted")) !== JSON.stringify(COUNTED_AT_FIRST),
  );
  const [rootRef, width] = useWidth<HTMLDivElement>();
  const errorId = useUid();

  const scene = useMemo(() => sceneOf(good), [good]);
  const settled = inside(good, focus) ? focus : firstFocus(good);
  const shown = hover && inside(good, hover) ? hover : settled;
  const lit = useMemo(() => litBy(scene, shown), [scene, shown.grid, shown.channel, shown.row, shown.column]);

  const ins = channelsIn(good);
  const outs = channelsOut(good);
  const o = good.channel;
  const [outHeight, outWidth] = outputSize(good);
  const advance = (by: number) => {
    setHover(null);
    setFocus((f) => {
      const cells = outHeight * outWidth;
      const now = f.grid === "output" || f.grid === "partial" ? f.row * outWidth + f.column : -by;
      const next = (now + by + cells) % cells;
      return { grid: "output", channel: 0, row: Math.floor(next / outWidth), column: next % outWidth };
    });
  };
  const sweep = useSweep(model, advance);
  const still = () => {
    sweep.pause();
    setHover(null);
  };

  // Sizes: the card stands beside the picture where there is room, above it on a phone.
  const [kh, kw] = kernelSize(good);
  const [h, w] = inputSize(good);
  const [[top, bottom], [left, right]] = scene.pad;
  // Cells are as small as the longest number in them allows, and no smaller than a finger can meet.
  const longest = useMemo(
    () =>
      Math.max(
        ...[good.inputs, good.slices[o]!, scene.rows.map((row) => row.partial ?? []), [scene.output, [[good.bias?.[o] ?? 0]]]]
          .flat(3)
          .map((v) => short(v).length),
      ),
    [scene],
  );
  const smallest = longest > 5 ? 34 : longest > 4 ? 28 : 24;
  const inner = width - (width <= 400 ? 22 : 30);
  let title = 88;
  /** Widths of input, slice and part with cells of `px`: titles need some room whatever the grids are. */
  const widths = (px: number) => [
    Math.max((w + left + right) * px, 54) + 6,
    Math.max(kw * px, title) + 6,
    Math.max(outWidth * px, 44) + 6,
  ];
  const rowsWidth = (px: number, sign: number) => widths(px).reduce((sum, n) => sum + n, 2 * sign);
  const card = Math.max(60 + outs * 40 + 26, 216);
  const stacked = rowsWidth(Math.max(smallest, 26), 26) + card + 16 > inner;
  const sign = stacked ? 18 : 26;
  const room = stacked ? inner : inner - card - 16;
  // Where room is short the slices' titles are too.
  if (rowsWidth(smallest, sign) > room) title = 44;
  // Three channels and their sum are to be seen at once.
  let cellPx = Math.max(ins > 2 || stacked ? 30 : 36, smallest);
  while (cellPx > smallest && rowsWidth(cellPx, sign) > room) cellPx--;
  const [first, second, third] = widths(cellPx);
  const columns = `${first}px ${sign}px ${second}px ${sign}px ${third}px`;
  const perLine = Math.max(Math.floor((inner - 90) / 48), 1);
  const sumLines = Math.max((width < 420 ? 3 : 1) + (ins / good.groups) * Math.ceil((kh * kw) / perLine), 4);

  const plain =
    (values: Matrix) =>
    (r: number, c: number): CellView => ({ kind: "data", value: values[r]![c]!, at: [r, c] });
  const padded =
    (values: Matrix) =>
    (r: number, c: number): CellView => {
      const [y, x] = [r - top, c - left];
      const data = y >= 0 && y < h && x >= 0 && x < w;
      return { kind: data ? "data" : "padding", value: data ? values[y]![x]! : 0, at: data ? [y, x] : null };
    };

  const grid = (
    name: Focus["grid"],
    channel: number,
    label: string,
    values: Matrix,
    marks: Marks,
    onEdit?: (at: readonly [number, number], value: number) => void,
  ) => {
    const size = sizeOf(values);
    const ring = name === "input";
    return (
      <Grid
        key={label}
        label={label}
        role={name === "input" ? "input" : name === "kernel" || name === "bias" ? "kernel" : "output"}
        size={ring ? [h + top + bottom, w + left + right] : size}
        dataSize={size}
        cell={ring ? padded(values) : plain(values)}
        marks={marks}
        selected={settled.grid === name && settled.channel === channel ? [settled.row, settled.column] : null}
        boxes={ring && lit.window && scene.rows[channel]!.slice ? [lit.window] : []}
        cellPx={cellPx}
        editable={onEdit !== undefined}
        version={scene}
        onHover={(at) => {
          if (at) sweep.pause();
          setHover(at && { grid: name, channel, row: at[0], column: at[1] });
        }}
        onSelect={(at) => {
          still();
          setFocus({ grid: name, channel, row: at[0], column: at[1] });
        }}
        onEdit={onEdit}
        onBadEdit={(text) => setNotice(badCell(text))}
      />
    );
  };
  const edited = (m: Matrix, at: readonly [number, number], value: number): Matrix =>
    m.map((row, r) => row.map((v, c) => (r === at[0] && c === at[1] ? value : v)));

  const channelRow = (c: number) => {
    const { slice, partial } = scene.rows[c]!;
    const input = grid("input", c, words.inputOf(c), good.inputs[c]!, lit.inputs[c]!, (at, value) =>
      commit({ ...good, inputs: good.inputs.map((m, i) => (i === c ? edited(m, at, value) : m)) }),
    );
    const m = slice ? good.slices[o]!.indexOf(slice) : -1;
    return (
      <div class={`cb-channel${slice ? "" : " cb-unseen"}`} key={c} role="group" aria-label={words.channelOf(c)}>
        <p class="cb-channel-title cb-name-input cb-at-1">
          {c === 0 ? words.firstIn(c) : words.inOf(c)}
        </p>
        <div class="cb-at-1">{input}</div>
        {slice && partial ? (
          <>
            <span class="cb-sign cb-at-2" aria-hidden="true">
              {"\u2217"}
            </span>
            <p class="cb-channel-title cb-name-kernel cb-at-3">
              {title < 88 ? `${c} \u2192 ${o}` : words.slice(c, o)}
            </p>
            <div class="cb-at-3">
              {grid("kernel", c, words.sliceOf(c, o), slice, lit.slices[c]!, (at, value) =>
                commit({
                  ...good,
                  slices: good.slices.map((of, i) => (i === o ? of.map((one, j) => (j === m ? edited(one, at, value) : one)) : of)),
                }),
              )}
            </div>
            <span class="cb-sign cb-at-4" aria-hidden="true">
              =
            </span>
            <p class="cb-channel-title cb-at-5">
              <span class="cb-plus">{m > 0 ? "+ " : ""}</span>
              {words.part(c)}
            </p>
            <div class="cb-at-5 cb-partial">{grid("partial", c, words.partOf(c), partial, lit.partials[c]!)}</div>
          </>
        ) : (
          <p class="cb-aside cb-no-link">{words.noSlice(c, o)}</p>
        )}
      </div>
    );
  };

  const numberBox = (field: NumberField) => <NumberBox key={field} {...box(field, errorId, sweep.pause)} />;
  const fillMenu = () => (
    <Menu
      label={words.FILL}
      value=""
      options={[
        { value: "", label: words.FILL_WITH },
        ...(["input", "kernel"] as const).flatMap((name) =>
          FILLS.map(({ value }) => ({ value: `${name} ${value}`, label: words.fill(name, value) })),
        ),
      ]}
      onChoose={(value) => {
        const [name, kind] = value.split(" ");
        const fill = FILLS.find((f) => f.value === kind);
        if (!fill) return;
        sweep.pause();
        const filled = (m: Matrix, plane: number) =>
          m.map((row, r) => row.map((_, c) => fill.cell(plane, r, c, m.length, row.length)));
        if (name === "input") commit({ ...good, inputs: good.inputs.map(filled) });
        else commit({ ...good, slices: good.slices.map((of) => of.map(filled)) });
      }}
    />
  );
  const paddingMenu = (value: Padding, onChoose: (padding: Padding) => void) => (
    <Menu
      label={PADDING}
      value={value}
      options={["valid", "same"].map((v) => ({ value: v, label: v }))}
      onChoose={(v) => onChoose(v as Padding)}
    />
  );
  const biasMenu = (on: boolean, onChoose: (on: boolean) => void) => (
    <Menu
      label={words.BIAS}
      value={on ? "on" : "off"}
      options={(["on", "off"] as const).map((v) => ({ value: v, label: words.SWITCH[v] }))}
      onChoose={(v) => onChoose(v === "on")}
    />
  );
  const readout = (found: Line[]) => (
    <dl class="cb-readout">
      {found.map((line) => (
        <div key={line.name}>
          <dt>{line.name}</dt>
          <dd>
            {line.code && <code>{line.code}</code>}
            {line.formula && (
              <span class="cb-formula">
                {line.formula}
                {line.result && (
                  <>
                    {" = "}
                    <strong>{line.result}</strong>
                  </>
                )}
              </span>
            )}{" "}
            <span class="cb-aside">{line.note}</span>
          </dd>
        </div>
      ))}
    </dl>
  );

  // Neither changes while a reader points: kept as they are, so that pointing answers within a frame.
  const overview = useMemo(
    () => (
      <Overview
        s={good}
        onChoose={(channel) => {
          setHover(null);
          commit({ ...good, channel });
        }}
      />
    ),
    [good],
  );
  const counts = useMemo(() => [readout(lines(drawn(good))), readout(lines(counted(good)))], [good]);
  const layer = drawn(good);
  const numbers = parameterNumbers(layer);
  const code = useMemo(() => snippets(good), [good]);
  const preset = PRESETS.find((p) => sameSettings({ ...p.settings, channel: o, counted: good.counted }, good));
  const folded = Boolean(model.get("folded"));
  // What is wrong is said where it was typed.
  const inCounted = COUNT_FIELDS.some((field) => drafts[field] !== undefined);
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;
  const count = good.counted;
  const recount = (change: Partial<Counted>) => commit({ ...good, counted: { ...count, ...change } });

  return (
    <div class={`cb-explorer cb-channels${stacked ? " cb-stacked" : ""}${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <p class="cb-hint">{words.LEAD}</p>
        <Examples
          presets={PRESETS}
          current={preset}
          onChoose={(chosen) => {
            sweep.pause();
            // An example that has no sizes of its own to count leaves the reader's.
            const own = chosen.settings.counted !== COUNTED_AT_FIRST;
            commit(own ? chosen.settings : { ...chosen.settings, counted: good.counted });
            setFocus(firstFocus(chosen.settings));
          }}
        />
      </div>

      {width > 0 && (
        <div class="cb-channel-stage">
          <div class="cb-kernel-card">
            <p class="cb-title cb-name-kernel">{words.KERNEL}</p>
            {overview}
            <div class="cb-kernel-counts">
              <table class="cb-axes">
                <caption class="cb-hidden">{words.SHAPE}</caption>
                <tbody>
                  <tr>
                    {shapeOfKernel(layer).map((n, i) => (
                      <td key={i}>{n}</td>
                    ))}
                  </tr>
                  <tr>
                    {words.axes(good.groups).map((axis) => (
                      <th key={axis}>{axis}</th>
                    ))}
                  </tr>
                </tbody>
              </table>
              <p class="cb-total">
                {words.parameters(numbers.weights, numbers.biases, outs, good.bias !== null)}
                <strong>{numbers.total}</strong>
              </p>
            </div>
          </div>
          <div class="cb-channel-scroll">
            <div class="cb-channel-rows" style={{ "--cb-columns": columns }}>
              {good.inputs.map((_, c) => channelRow(c))}
              {good.bias && (
                <div class="cb-channel cb-bias-row" role="group" aria-label={words.BIAS}>
                  <p class="cb-channel-title cb-name-kernel cb-before">{words.PLUS_BIAS}</p>
                  <div class="cb-at-5">
                    {grid("bias", 0, words.biasOf(o), [[good.bias[o]!]], new Map(), (_, value) =>
                      commit({ ...good, bias: good.bias!.map((b, i) => (i === o ? value : b)) }),
                    )}
                  </div>
                </div>
              )}
              <div class="cb-channel cb-out-row" role="group" aria-label={words.SUM_OF_PARTS}>
                <p class="cb-channel-title cb-name-output cb-before">{words.equals(o)}</p>
                <div class="cb-at-5">{grid("output", 0, words.outputOf(o), scene.output, lit.output)}</div>
              </div>
            </div>
          </div>
        </div>
      )}

      <Notice text={notice} />
      <Sum scene={scene} focus={shown} lit={lit} rows={sumLines} live={!hover && !sweep.playing} />
      <PlayBar sweep={sweep}>
        <p class="cb-hint">{words.HINT}</p>
      </PlayBar>

      {folded && message}
      <Fold folded={folded} summary={words.FOLDED}>
        <div class="cb-controls">
          {numberBox("channelsIn")}
          {numberBox("channelsOut")}
          <Menu
            label={words.GROUPS}
            value={String(good.groups)}
            options={legalGroups(ins, outs).map((g) => ({
              value: String(g),
              label: g > 1 && g === ins ? words.depthwise(g) : String(g),
            }))}
            onChoose={(v) => commit(reshaped(good, { groups: Number(v) }))}
          />
          {biasMenu(good.bias !== null, (on) =>
            commit({ ...good, bias: on ? good.slices.map((_, i) => freshBias(i)) : null }),
          )}
          {numberBox("inputHeight")}
          {numberBox("inputWidth")}
          {numberBox("kernelSize")}
          {numberBox("stride")}
          {paddingMenu(good.padding, (padding) => commit({ ...good, padding }))}
          {fillMenu()}
        </div>
        {!folded && !inCounted && message}
        {counts[0]}

        <details class="cb-code cb-count" open={counting} onToggle={(event) => setCounting(event.currentTarget.open)}>
          <summary>
            {words.COUNT}{" "}
            <span class="cb-aside">{words.counted(count, parameterNumbers(counted(good)).total)}</span>
          </summary>
          <div class="cb-controls">
            {COUNT_FIELDS.map(numberBox)}
            {paddingMenu(count.padding, (padding) => recount({ padding }))}
            {biasMenu(count.bias, (bias) => recount({ bias }))}
          </div>
          {!folded && inCounted && message}
          {counts[1]}
        </details>
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

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<ChannelView model={model} host={host} />, el);
  return () => render(null, el);
}
