/** The decoder ruler: a chain of layers, the size after each drawn to scale, and what does not fit. */
import { render } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu, NumberBox, QUIET } from "../ui/controls.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Foot } from "../ui/parts.tsx";
import { Prose } from "../ui/prose.tsx";
import { useSettings } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/chain.ts";
import { toQuery } from "./link.ts";
import { by, KINDS, made, MOST_LAYERS, sourceWords, titleOf, type Framework, type Kind, type Layer, type Pair } from "./layers.ts";
import { readCode, type Reading } from "./read.ts";
import { inserted, KIND, moved, PRESETS, presetOf, removed, withLayer } from "./settings.ts";
import { pythonOf, snippets } from "./snippets.ts";
import { amount, joins, linesOf, remediesOf, rounding, rulesOf, shapeWords, verdictOf, type Remedy } from "./readout.ts";
import { isMap, walkChain, type Chain, type Shape } from "./walk.ts";

const BESIDES = ["params", "macs", "field"] as const;
type Beside = (typeof BESIDES)[number];

/** Kinds with a button of their own. */
const ADDED = ["conv", "pool", "transposed", "upsample", "concat"] as const;

/** The lane in which each skip is drawn: skips that overlap have different ones. */
function lanesOf(chain: Chain): { lane: number; from: number; to: number }[] {
  const found: { lane: number; from: number; to: number }[] = [];
  chain.layers.forEach((layer, i) => {
    if (!joins(layer)) return;
    const [from, to] = [layer.source, i + 1];
    let lane = 0;
    while (found.some((s) => s.lane === lane && s.from < to && from < s.to)) lane++;
    found.push({ lane, from, to });
  });
  return found;
}

function Chains({ model, host }: { model: Model; host: Host | null }) {
  const [open, setOpen] = useState<number | null>(null);
  const [beside, setBeside] = useState<Beside>("params");
  const [pasted, setPasted] = useState("");
  const [reading, setReading] = useState<{ text: string; read: Reading } | null>(null);
  const [apart, setApart] = useState(false);
  const { good, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(KIND, model, host, (s, _before, source) => {
    if (source !== "reader") setReading(null);
    setOpen((now) => (now !== null && (source === "link" || now >= s.layers.length) ? null : now));
  });
  const [rootRef, width] = useWidth<HTMLDivElement>();
  const id = useUid();
  const errorId = `${id}-error`;
  const list = useRef<HTMLOListElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);

  const walk = useMemo(() => walkChain(good), [good]);
  const verdict = useMemo(() => verdictOf(walk), [walk]);
  const rules = useMemo(() => rulesOf(walk), [walk]);
  const code = useMemo(() => snippets(good), [good]);
  const lanes = useMemo(() => lanesOf(good), [good]);
  const { layers } = good;
  const shapes: (Shape | null)[] = [walk.start, ...walk.steps.map((step) => step.output)];
  const maps = shapes.filter(isMap);
  const widest = Math.max(...maps.map((m) => Math.max(m.h, m.w)), 1);
  const twoBars = maps.some((m) => m.h !== m.w);
  const preset = presetOf(good);
  const out = shapes[shapes.length - 1] ?? null;
  const numberBox = (field: string) => <NumberBox key={field} {...box(field, errorId, () => undefined)} />;

  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>(".cb-d-row") ?? [])];
  const focusRow = (index: number) => setTimeout(() => rows()[index]?.focus());
  const change = (next: Chain, row: number | null, opened: number | null) => {
    commit(next);
    setOpen(opened);
    if (row !== null) focusRow(row);
  };
  const addAt = (index: number, kind: Kind = "conv") => {
    const source = Math.max(index - 2, 0);
    change(inserted(good, index, made(kind, good.framework, { source })), index + 1, index);
  };
  const remove = (index: number) => change(removed(good, index), Math.min(index + 1, layers.length - 1), null);
  const shift = (index: number, by: 1 | -1) => {
    if (index + by < 0 || index + by >= layers.length) return;
    change(moved(good, index, by), index + by + 1, open === index ? index + by : open);
  };
  const key = (event: KeyboardEvent, index: number) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key] as 1 | -1 | undefined;
    if (by && event.altKey && index >= 0) shift(index, by);
    else if (by) rows()[index + 1 + by]?.focus();
    else if (event.key === "Home") rows()[0]?.focus();
    else if (event.key === "End") rows()[layers.length]?.focus();
    else if (event.key === "Delete" && index >= 0) remove(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const readPasted = (text: string, part: string | null = null) => {
    const read = readCode(text, good, part);
    if (read.chain) {
      commit(read.chain);
      setOpen(null);
      read.notes.unshift(words.read(read.chain.layers.length, read.chain.framework === "keras" ? "Keras" : "PyTorch"));
    }
    setReading({ text, read });
  };
  const buttons = (remedies: readonly Remedy[]) =>
    remedies.map((r) => (
      <button type="button" class="cb-button cb-fix" key={r.label} onClick={() => commit(r.settings)}>
        {r.label}
      </button>
    ));
  const besideText = (index: number): string => {
    const step = walk.steps[index];
    if (!step || !step.output) return "";
    if (beside === "params") return step.params ? amount(step.params) : "";
    if (beside === "macs") return step.macs ? amount(step.macs) : "";
    const field = step.field;
    return field ? (field[0].size === field[1].size ? String(field[0].size) : `${field[0].size}\u00d7${field[1].size}`) : "";
  };
  const most = lanes.reduce((m, l) => Math.max(m, l.lane + 1), 0);
  const laneCells = (at: number) => (
    <span class="cb-d-lanes" aria-hidden="true" style={{ width: `${most * 9}px` }}>
      {lanes
        .filter((l) => l.from <= at && at <= l.to)
        .map((l) => {
          const bad = walk.steps[l.to - 1]?.misfit ? " cb-bad" : "";
          const part = at === l.from ? "start" : at === l.to ? "end" : "mid";
          return <i key={l.to} class={`cb-d-${part}${bad}`} style={{ width: `${l.lane * 9 + 6}px` }} />;
        })}
    </span>
  );
  const bar = (shape: Shape | null, at: number) => {
    if (!isMap(shape)) return <span class="cb-d-bar" aria-hidden="true">{shape && <i class="cb-d-flat" />}</span>;
    const share = layers.length ? at / layers.length : 0;
    const colour = at === 0 ? "var(--cb-input-strong)" : at === layers.length ? "var(--cb-output-strong)" : `color-mix(in oklab, var(--cb-output-strong) ${Math.round(share * 100)}%, var(--cb-input-strong))`;
    const thick = Math.round(5 + Math.log2(Math.max(shape.c ?? 1, 1)) * 1.1);
    const one = (n: number, name: string) => (
      <i key={name} class={`cb-d-${name}`} style={{ width: `${(100 * n) / widest}%`, height: `${twoBars ? Math.max(Math.round(thick / 2), 4) : thick}px`, background: colour }} />
    );
    return (
      <span class="cb-d-bar" aria-hidden="true">
        {one(shape.w, "w")}
        {twoBars && one(shape.h, "h")}
      </span>
    );
  };
  const row = (index: number) => {
    const at = index + 1;
    const layer = layers[index];
    const step = walk.steps[index];
    const title = layer ? titleOf(layer, good.framework) : { name: words.INPUT, details: "" };
    const shape = shapes[at] ?? null;
    const bad = Boolean(step && (step.problem || step.misfit || step.remark));
    const said = step ? rounding(step) : null;
    const thin = layer?.kind === "pass" || layer?.kind === "norm";
    const editing = open === index;
    const panelId = `${id}-panel-${index}`;
    return (
      <li key={index} class={`${bad ? "cb-d-bad" : ""}${thin ? " cb-d-thin" : ""}${editing ? " cb-d-open" : ""}`}>
        <button
          type="button"
          class="cb-d-row"
          aria-expanded={editing}
          aria-controls={editing ? panelId : undefined}
          onClick={() => setOpen(editing ? null : index)}
          onKeyDown={(event) => key(event, index)}
          {...QUIET}
        >
          <span class="cb-d-number">{at || ""}</span>
          <span class="cb-d-title">
            <b>{title.name}</b> <span>{title.details}</span>
          </span>
          {bar(shape, at)}
          {laneCells(at)}
          <span class="cb-d-size">
            {shapeWords(shape)}
            {said && <em>{said}</em>}
          </span>
          <span class="cb-d-beside">{besideText(index)}</span>
          {bad && (
            <span class="cb-d-why">
              {step!.misfit ? words.brings(by(step!.misfit.skip), by(step!.misfit.meets)) : (step!.problem ?? step!.remark)}
            </span>
          )}
        </button>
        {editing && (
          <div class="cb-d-panel" id={panelId} role="group" aria-label={layer ? words.layer(`${at}`, title.name) : words.INPUT}>
            {layer && editor(layer, index)}
            <div class="cb-bar">
              <button type="button" class="cb-button" disabled={layers.length >= MOST_LAYERS} onClick={() => addAt(at)}>
                {words.ADD_AFTER}
              </button>
              {layer && (
                <>
                  <button type="button" class="cb-button" disabled={index === 0} onClick={() => shift(index, -1)}>
                    {words.MOVE_UP}
                  </button>
                  <button type="button" class="cb-button" disabled={index === layers.length - 1} onClick={() => shift(index, 1)}>
                    {words.MOVE_DOWN}
                  </button>
                  <button type="button" class="cb-button" onClick={() => remove(index)}>
                    {words.REMOVE}
                  </button>
                </>
              )}
            </div>
          </div>
        )}
      </li>
    );
  };
  const pairBoxes = (part: "kernel" | "stride" | "padding" | "dilation" | "output_padding", index: number, pair: Pair) =>
    apart || pair[0] !== pair[1] ? [numberBox(`${part}0@${index}`), numberBox(`${part}1@${index}`)] : [numberBox(`${part}@${index}`)];
  const editor = (layer: Layer, index: number) => {
    const set = (settings: Partial<Layer>) => commit(withLayer(good, index, settings));
    const fields = [];
    const kernels = ["conv", "depthwise", "transposed", "pool"].includes(layer.kind);
    if (["conv", "transposed", "dense"].includes(layer.kind)) fields.push(numberBox(`filters@${index}`));
    if (kernels) fields.push(...pairBoxes("kernel", index, layer.kernel));
    if (kernels || layer.kind === "upsample") fields.push(...pairBoxes("stride", index, layer.stride));
    if (layer.kind === "shuffle") fields.push(numberBox(`stride@${index}`));
    if (kernels) {
      fields.push(
        <Menu
          key="padding"
          label={words.FIELDS.padding}
          value={typeof layer.padding === "string" ? layer.padding : "pixels"}
          options={["valid", "same", "pixels"].map((value) => ({ value, label: value === "pixels" ? words.IN_PIXELS : value }))}
          onChoose={(v) => set({ padding: v === "pixels" ? [1, 1] : (v as "valid" | "same") })}
        />,
      );
      if (typeof layer.padding !== "string") fields.push(...pairBoxes("padding", index, layer.padding));
      fields.push(...pairBoxes("dilation", index, layer.dilation));
    }
    if (layer.kind === "transposed") {
      fields.push(
        <Menu
          key="output_padding"
          label="output_padding"
          value={layer.output_padding ? "given" : "none"}
          options={[
            { value: "none", label: good.framework === "keras" ? "None" : "0" },
            { value: "given", label: words.GIVEN },
          ]}
          onChoose={(v) => set({ output_padding: v === "given" ? [good.framework === "keras" ? 0 : 1, good.framework === "keras" ? 0 : 1] : null })}
        />,
      );
      if (layer.output_padding) fields.push(...pairBoxes("output_padding", index, layer.output_padding));
    }
    if (layer.kind === "conv" || (layer.kind === "transposed" && good.framework === "torch")) fields.push(numberBox(`groups@${index}`));
    if (layer.kind === "pad" || layer.kind === "crop") fields.push(...[0, 1, 2, 3].map((n) => numberBox(`size${n}@${index}`)));
    if (joins(layer))
      fields.push(
        <Menu
          key="source"
          label={words.SKIP_FROM}
          value={String(layer.source)}
          options={Array.from({ length: index + 1 }, (_, n) => ({ value: String(n), label: words.place(sourceWords(n), shapeWords(shapes[n] ?? null)) }))}
          onChoose={(v) => set({ source: Number(v) })}
        />,
        <Menu
          key="cut"
          label={words.IF_LARGER}
          value={layer.name === "crop" ? "crop" : ""}
          options={[
            { value: "", label: words.IF_LARGERS.fails },
            { value: "crop", label: words.IF_LARGERS.crop },
          ]}
          onChoose={(name) => set({ name })}
        />,
      );
    const lines = linesOf(walk, index);
    const step = walk.steps[index]!;
    return (
      <>
        <div class="cb-d-fields">
          <Menu
            label={words.KIND}
            value={layer.kind}
            options={KINDS.filter((k) => k !== "unknown" || layer.kind === "unknown").map((k) => ({ value: k, label: words.KINDS[k] }))}
            onChoose={(kind) => {
              const { kernel, stride, filters } = layer;
              const keep = ["conv", "transposed"].includes(kind) && ["conv", "transposed"].includes(layer.kind) ? { kernel, stride, filters } : {};
              commit({ ...good, layers: layers.map((l, i) => (i === index ? made(kind as Kind, good.framework, { source: Math.max(index - 2, 0), ...keep }) : l)) });
            }}
          />
          {fields}
        </div>
        {kernels && (
          <label class="cb-d-check">
            <input type="checkbox" checked={apart} onChange={(event) => setApart((event.target as HTMLInputElement).checked)} {...QUIET} /> {words.APART}
          </label>
        )}
        {lines.length > 0 && (
          <dl class="cb-d-lines">
            {lines.map(({ term, text }) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        )}
        {step.misfit && <p class="cb-bar">{buttons(remediesOf(good, index, step))}</p>}
      </>
    );
  };

  return (
    <div class={`cb-chain${width && width < 620 ? " cb-narrow" : ""}`} ref={rootRef}>
      <div class="cb-bar cb-d-top">
        <Examples presets={PRESETS} current={preset} onChoose={(p) => change(p.settings, null, null)} />
        <Choice
          label={words.RULES_OF}
          value={good.framework}
          options={[
            { value: "keras", label: "Keras" },
            { value: "torch", label: "PyTorch" },
          ]}
          onChoose={(framework) => commit({ ...good, framework: framework as Framework })}
        />
      </div>
      <div class="cb-d-input" role="group" aria-label={words.INPUT}>
        {["height", "width", "channels"].map(numberBox)}
      </div>
      <details class="cb-code cb-d-paste">
        <summary>{words.PASTE}</summary>
        <label for={`${id}-text`}>{words.PASTE_LABEL}</label>
        <textarea
          id={`${id}-text`}
          ref={area}
          rows={7}
          spellcheck={false}
          autocomplete="off"
          placeholder={`nn.Conv2d(3, 64, 4, stride=2, padding=1),\nnn.ConvTranspose2d(64, 3, 4, 2, 1)\n\n${words.PASTE_OR} x = layers.Conv2D(64, 3, padding="same")(x)`}
          value={pasted}
          onInput={(event) => setPasted((event.target as HTMLTextAreaElement).value)}
          onPaste={() => setTimeout(() => area.current && readPasted(area.current.value))}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
              event.preventDefault();
              event.stopPropagation();
              readPasted((event.target as HTMLTextAreaElement).value);
            }
          }}
          {...QUIET}
        />
        <div class="cb-bar">
          <button type="button" class="cb-button" onClick={() => readPasted(area.current?.value ?? pasted)}>
            {words.READ_LINES}
          </button>
          {reading && reading.read.parts.length > 0 && (
            <Menu
              label={words.READ_WHICH}
              value={reading.read.part}
              options={reading.read.parts.map(({ name, kind }) => ({ value: name, label: kind === "outside" ? words.OUTSIDE : name }))}
              onChoose={(part) => readPasted(reading.text, part)}
            />
          )}
        </div>
        <div role="status" class="cb-d-notes">
          {reading && (
            <ul>
              {reading.read.notes.map((note) => (
                <li key={note}>
                  <Prose text={note} />
                </li>
              ))}
            </ul>
          )}
        </div>
      </details>
      <Notice text={notice} />
      <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />
      <p class="cb-d-headline">
        {shapeWords(walk.start)} <span aria-hidden="true">{"\u2192"}</span>
        <span class="cb-d-hidden">{words.TO}</span> {shapeWords(out)}
        <span class="cb-d-totals">
          {words.totals(amount(walk.params), amount(walk.macs))}
        </span>
      </p>
      <div class={`cb-d-verdict cb-d-${verdict.tone}`} role="status">
        <p>
          <b aria-hidden="true">{verdict.tone === "good" ? "\u2713" : verdict.tone === "bad" ? "\u2717" : "!"}</b> {verdict.text}
        </p>
        {verdict.remedies.length > 0 && <p class="cb-d-remedies">{buttons(verdict.remedies)}</p>}
      </div>
      <dl class="cb-d-rules">
        {rules.map((rule) => (
          <div key={rule.label}>
            <dt>{rule.label}</dt>
            <dd>
              <span class={rule.fits ? "cb-d-yes" : "cb-d-no"}>{rule.text}</span> {buttons(rule.remedies)}
            </dd>
          </div>
        ))}
      </dl>
      <div class="cb-d-head">
        <span>{twoBars ? words.TWO_BARS : words.ONE_BAR}</span>
        <Menu
          label={words.BESIDE}
          value={beside}
          options={BESIDES.map((value) => ({ value, label: words.BESIDES[value] }))}
          onChoose={(v) => setBeside(v as Beside)}
        />
      </div>
      <ol class="cb-d-list" ref={list} aria-label={words.LAYERS} start={0}>
        {row(-1)}
        {layers.map((_, index) => row(index))}
      </ol>
      <div class="cb-bar cb-d-add">
        {ADDED.map((kind) => (
          <button type="button" key={kind} class="cb-button" disabled={layers.length >= MOST_LAYERS} onClick={() => addAt(layers.length, kind)} aria-label={words.addAtEnd(words.ADD[kind])}>
            + {words.ADD[kind]}
          </button>
        ))}
      </div>
      <Code summary={words.CODE_SUMMARY} snippets={code} />
      <Foot
        host={host}
        query={() => toQuery(good)}
        python={() => pythonOf(good)}
        onReset={() => {
          setPasted("");
          setReading(null);
          setNotice(null);
          change(initial, null, null);
        }}
      />
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Chains model={model} host={host} />, el);
  return () => render(null, el);
}
