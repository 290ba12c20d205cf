/** The translator: one layer in five frameworks, and one port of it laid over the source. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import { FRAMEWORKS, NO_GROUPS, onnxRefuses, type Name } from "../core/frameworks.ts";
import type { Host, Model } from "../core/model.ts";
import { show } from "../core/numbers.ts";
import { Choice, Menu, NumberBox, QUIET } from "../ui/controls.tsx";
import { Filled } from "../ui/filled.tsx";
import { Grid, keyOf, type Mark } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/translator.ts";
import {
  buildScene,
  kernelAxes,
  planes,
  sizeWords,
  splitWords,
  verdictOf,
  weightLine,
  type Scene,
} from "./scene.ts";
import {
  check,
  choices,
  extraOf,
  FIELDS,
  fromQuery,
  inputOf,
  kernelOf,
  legalOutputs,
  PRESETS,
  read,
  same,
  toQuery,
  TRAITS,
  withOperation,
  withSource,
  write,
  type NumberField,
  type Settings,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { signed, Windows } from "./windows.tsx";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };
const NONE = "\u2013";

/** Targets as radio buttons, each with what the same numbers make of it. */
function Targets({ s, scene, onChoose }: { s: Settings; scene: Scene; onChoose(name: Name): void }) {
  const group = useUid();
  return (
    <fieldset class="cb-t-targets" role="radiogroup" aria-label={words.TO}>
      <span class="cb-t-label" aria-hidden="true">
        {words.TO}
      </span>
      {scene.badges.map(({ name, text, good }) => (
        <label key={name} class={name === s.target ? "cb-chosen" : ""}>
          <input
            type="radio"
            name={group}
            value={name}
            checked={name === s.target}
            aria-label={words.target(words.SHORT[name], text)}
            onChange={() => onChoose(name)}
            {...QUIET}
          />
          <span class="cb-t-target">{words.SHORT[name]}</span>
          <span class={good ? "cb-t-good" : "cb-t-bad"}>
            {good ? "=" : "\u2260"} {text}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function KernelAxes({ s, name }: { s: Settings; name: Name }) {
  const { letters, lengths } = kernelAxes(s, name);
  return (
    <span class="cb-t-letters">
      <strong>{letters.join("")}</strong> <span class="cb-aside">{lengths.join(" \u00d7 ")}</span>
    </span>
  );
}

const flipWords = (name: Name) => (FRAMEWORKS[name].flipped ? words.YES_FLIPPED : words.NOT_FLIPPED);

/** How many output cells later the port shows each value; null where no slide brings the two together. */
function slideOf(s: Settings, { typed }: Scene): readonly [number, number] | null {
  if (s.shown !== "typed" || !typed || typed.found.turned || !typed.found.starts.some(Boolean)) return null;
  const step = s.operation === "conv" ? s.stride : 1;
  const by = typed.found.starts.map((n) => n / step);
  return by.every(Number.isInteger) ? (by as unknown as readonly [number, number]) : null;
}

/** What the port comes to, in plain words. */
function Says({ s, scene }: { s: Settings; scene: Scene }) {
  const [us, them] = [words.SHORT[s.source], words.SHORT[s.target]];
  const { typed, right } = scene;
  if (s.shown === "converted") {
    const pads = right.inputPad.flat().some(Boolean);
    return (
      <div class="cb-verdict">
        <p>
          <strong>{words.EQUAL_VALUES}</strong> {(right.native ? words.oneCall : pads ? words.withPadding : words.withCrop)(them)}{" "}
          {right.anySize ? words.ANY_SIZE : words.thisSize(s.size.join(" \u00d7 "))}
        </p>
        {right.notes.map((note) => (
          <p key={note} class="cb-aside">
            {words.note(note)}
          </p>
        ))}
      </div>
    );
  }
  const verdict = verdictOf(typed);
  // A window of the transposed layer that begins later shows every value earlier.
  const where = typed?.found.starts.some(Boolean) && (s.operation === "transposed" ? words.standsAt : words.readsAt)(them, ...typed.found.starts);
  const apart = [where, typed?.found.turned && words.KERNEL_TURNED];
  const [what, ...why] = {
    same: () => [words.SAME_VALUES, words.TYPE_THEM],
    shape: () => [words.ONLY_SHAPE, ...apart],
    nothing: () => [words.NO_SHAPE, words.sizes(sizeWords(scene.axes), sizeWords(typed!.axes)), ...apart],
    refused: () => [words.refuses(them), scene.refusal],
  }[verdict]();
  const more = [typed && onnxRefuses(typed.layer) && words.NOT_RUN, verdict !== "same" && words.convertedHas(us)];
  return (
    <div class={`cb-verdict${verdict === "same" ? "" : " cb-differs"}`}>
      <p>
        <strong>{what}</strong> {[...why, ...more].filter(Boolean).join(" ")}
      </p>
    </div>
  );
}

function Translator({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<readonly [number, number]>([1, 1]);
  const [hover, setHover] = useState<readonly [number, number] | null>(null);
  const [plane, setPlane] = useState(0);
  const [slid, setSlid] = useState(false);
  const { good: s, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(KIND, model, host, () => {
    setHover(null);
    setSlid(false);
  });
  const [rootRef, fullWidth] = useWidth<HTMLDivElement>();
  const errorId = useUid();
  const scene = useMemo(() => buildScene(s), [s]);
  const code = useMemo(() => snippets(s, scene), [s, scene]);
  const transposed = s.operation === "transposed";
  const [us, them] = [words.SHORT[s.source], words.SHORT[s.target]];

  // --------------------------------------------------------------------------- the overlay
  const { ours, theirs } = scene;
  const shift = slideOf(s, scene);
  const [dr, dc] = slid && shift ? shift : [0, 0];
  // A target that was slid may begin before the source does: the grid begins with the first of both.
  const [top, left] = [Math.min(0, dr), Math.min(0, dc)];
  const rows = Math.max(ours.length, theirs ? theirs.length + dr : 0) - top;
  const columns = Math.max(ours[0]!.length, theirs ? theirs[0]!.length + dc : 0) - left;
  const inside = ([r, c]: readonly [number, number]): readonly [number, number] => [Math.min(r, rows - 1), Math.min(c, columns - 1)];
  const [row, column] = inside(hover ?? focus);
  const oursAt = (r: number, c: number) => ours[r + top]?.[c + left];
  const theirsAt = (r: number, c: number) => theirs?.[r + top - dr]?.[c + left - dc];
  const differ = (r: number, c: number) => {
    const [a, b] = [oursAt(r, c), theirsAt(r, c)];
    return theirs !== null && (a === undefined || b === undefined || Math.abs(a - b) > 1e-9 * (1 + Math.abs(a)));
  };
  const marks = useMemo(() => {
    const found = new Map<string, Mark>();
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++) if (differ(r, c)) found.set(keyOf(r, c), { role: "whole", tint: "var(--cb-warn-fill)" });
    return found;
  }, [scene, slid]);
  const text = (value: number | undefined) => (value === undefined ? NONE : show(value, 1));
  const width = fullWidth - 30;
  const room = width >= 640 ? width - 300 : width - 8;
  // Sliding needs room for both: it is kept, so that nothing jumps.
  const [moreRows, moreColumns] = shift ? shift.map(Math.abs) : [0, 0];
  const most = {
    rows: Math.max(ours.length, theirs?.length ?? 0) + moreRows!,
    columns: Math.max(ours[0]!.length, theirs?.[0]?.length ?? 0) + moreColumns!,
  };
  const cellPx = Math.max(30, Math.min(46, Math.floor(room / most.columns)));
  const sweep = useSweep(model, (by) => {
    setHover(null);
    setFocus((at) => {
      const [r, c] = inside(at);
      const next = (r * columns + c + by + rows * columns) % (rows * columns);
      return [Math.floor(next / columns), next % columns];
    });
  });
  const overlay = (
    <div class="cb-t-overlay cb-side-output" style={{ "--cb-t-room": `${most.rows * cellPx + 6}px` }}>
      <p class="cb-title" aria-hidden="true">
        {s.channels[1] > 1 ? words.outputChannel(s.channel) : words.OUTPUT} <span class="cb-size">{sizeWords(scene.axes)}</span>
      </p>
      <Grid
        label={words.outputsOf(us, them)}
        role="output"
        size={[rows, columns]}
        dataSize={[rows, columns]}
        cell={(r, c) => {
          const [a, b] = [oursAt(r, c), theirsAt(r, c)];
          const apart = differ(r, c);
          return {
            kind: "data",
            value: a ?? 0,
            text: apart ? `${text(a)}\n${text(b)}` : text(a),
            name: apart
              ? words.cellApart(text(a), text(b), us, them, r + top, c + left)
              : (theirs ? words.cellBoth : words.cellAlone)(text(a), r + top, c + left),
            at: [r, c],
          };
        }}
        marks={marks}
        selected={inside(focus)}
        boxes={[]}
        cellPx={cellPx}
        editable={false}
        version={marks}
        onHover={(at) => {
          if (at) sweep.pause();
          setHover(at);
        }}
        onSelect={(at) => {
          sweep.pause();
          setHover(null);
          setFocus(at);
        }}
      />
      <p class="cb-t-key" aria-hidden="true">
        {slid && shift ? (
          words.slid(rows * columns - marks.size, marks.size)
        ) : marks.size > 0 ? (
          <>
            <span class="cb-t-sample">
              <span>5</span>
              <span>7</span>
            </span>{" "}
            {words.apart(us, them, marks.size, rows * columns)}
          </>
        ) : theirs ? (
          words.agree(us, them, rows * columns)
        ) : (
          words.alone(us)
        )}
      </p>
      {shift && (
        <button type="button" class="cb-button cb-t-slide" aria-pressed={slid} onClick={() => (sweep.pause(), setSlid(!slid))}>
          {slid ? words.SLIDE_BACK : words.slide(them)}
        </button>
      )}
    </div>
  );
  const [a, b] = [oursAt(row, column), theirsAt(row, column)];
  const mine = [row + top, column + left] as const;
  const yours = [mine[0] - dr, mine[1] - dc] as const;
  /** What a framework has in a cell, and where it takes it from; null axes: it refuses. */
  const traced = (name: string, mark: string, axes: Scene["theirAxes"], cell: readonly [number, number], value: number | undefined) => {
    const at = axes?.map((axis, i) => signed(axis.start + cell[i]! * (transposed ? 1 : axis.stride))).join(", ");
    const text =
      at === undefined ? words.REFUSES_THERE
      : value === undefined ? words.outsideAt(cell.join(", "))
      : words.valueAt(cell.join(", "), transposed ? `full[${at}]` : words.windowFrom(at));
    return <Filled text={text} parts={[<span class={mark}>{name}</span>, <strong>{show(value ?? 0)}</strong>]} />;
  };
  const trace = (
    <p class="cb-t-trace" aria-live={hover || sweep.playing ? "off" : "polite"}>
      {traced(us, "cb-name-output cb-name", scene.axes, mine, a)} {traced(them, "cb-name", scene.theirAxes, yours, b)}
    </p>
  );

  // --------------------------------------------------------------------------- the controls
  const names = FRAMEWORKS[s.source].names[s.operation];
  const numberBox = (field: NumberField, label?: string) => {
    const props = box(field, errorId, sweep.pause);
    return <NumberBox key={field} {...props} label={label ?? props.label} />;
  };
  const named: { value: string; label: string }[] = [
    ...(s.source === "torch" && transposed ? [] : [
      { value: "valid", label: s.source === "keras" || s.source === "torch" ? "'valid'" : "VALID" },
      { value: "same", label: s.source === "onnx" ? "SAME_UPPER" : s.source === "keras" || s.source === "torch" ? "'same'" : "SAME" },
    ]),
    ...(s.source === "onnx" ? [{ value: "lower", label: "SAME_LOWER" }] : []),
    ...(s.source === "keras" ? [] : [{ value: "pixels", label: s.source === "onnx" ? "pads" : words.IN_PIXELS }]),
  ];
  const paddingName = typeof s.padding === "string" ? s.padding : "pixels";
  const extraName = s.source === "tf" ? "output_shape" : "output_padding";
  const extras = s.source === "tf" ? legalOutputs(s) : [];
  const grids = (
    <details class="cb-code">
      <summary>{words.NUMBERS}</summary>
      <div class="cb-bar cb-t-planes">
        {s.channels[0] > 1 && (
          <Choice
            label={words.INPUT_CHANNEL}
            value={String(Math.min(plane, s.channels[0] - 1))}
            options={Array.from({ length: s.channels[0] }, (_, i) => ({ value: String(i), label: words.inChannel(i) }))}
            onChoose={(v) => setPlane(Number(v))}
          />
        )}
      </div>
      <div class="cb-t-numbers">{numberGrids()}</div>
      <p class="cb-hint">{words.CELLS_HINT}</p>
    </details>
  );
  function numberGrids() {
    const c = Math.min(plane, s.channels[0] - 1);
    const [ins, outs] = s.channels;
    const [perIn, perOut] = [ins / s.groups, outs / s.groups];
    const connected = Math.floor(c / perIn) === Math.floor(s.channel / perOut);
    const kernel = kernelOf(s);
    const [third, fourth] = transposed ? [s.channel % perOut, c] : [c % perIn, s.channel];
    const data = planes(s)[c]!;
    const slice = kernel.map((r) => r.map((tap) => tap[third]![fourth]!));
    const px = (n: number) => Math.max(24, Math.min(36, Math.floor((width < 480 ? width / 2 - 14 : 300) / n)));
    const cells = (label: string, role: "input" | "kernel", values: readonly (readonly number[])[], onEdit: (r: number, c: number, value: number) => void) => (
      <div class={`cb-side-${role}`}>
        <p class="cb-title" aria-hidden="true">
          {label}
        </p>
        <Grid
          label={label}
          role={role}
          size={[values.length, values[0]!.length]}
          dataSize={[values.length, values[0]!.length]}
          cell={(r, i) => ({ kind: "data", value: values[r]![i]!, at: [r, i] })}
          marks={new Map()}
          selected={null}
          boxes={[]}
          cellPx={px(values[0]!.length)}
          editable
          version={values}
          onHover={() => undefined}
          onSelect={() => undefined}
          onEdit={([r, i], value) => onEdit(r, i, value)}
          onBadEdit={(bad) => setNotice(badCell(bad))}
        />
      </div>
    );
    return (
      <>
        {cells(words.input(c), "input", data, (r, i, value) => {
          const input = inputOf(s);
          input[r]![i]![c] = value;
          commit({ ...s, input });
        })}
        {connected ? (
          cells(words.kernel(c, s.channel), "kernel", slice, (r, i, value) => {
            const next = kernelOf(s);
            next[r]![i]![third]![fourth] = value;
            commit({ ...s, kernel: next });
          })
        ) : (
          <p class="cb-aside">{words.cutOff(c, s.channel)}</p>
        )}
      </>
    );
  }

  const alike = (p: Settings) => same({ ...p, channel: s.channel, shown: s.shown }, { ...s });
  const preset = PRESETS.find((p) => alike(p.settings));
  const shownCode = s.shown === "converted" ? scene.right.code : (scene.typed?.code ?? null);
  const folded = Boolean(model.get("folded"));
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;
  const facts: [string, preact.ComponentChildren, preact.ComponentChildren][] = [
    [words.DATA, FRAMEWORKS[s.source].data.replace("S", "HW"), FRAMEWORKS[s.target].data.replace("S", "HW")],
    [words.KERNEL_AXES, <KernelAxes s={s} name={s.source} />, <KernelAxes s={s} name={s.target} />],
    ...(transposed
      ? ([[words.FLIPPED, flipWords(s.source), flipWords(s.target)]] as [string, string, string][])
      : []),
    [
      transposed ? words.CROPS : words.PADS,
      splitWords(scene.layer, scene.axes),
      s.shown === "converted" ? splitWords(scene.layer, scene.axes) : scene.typed ? splitWords(scene.typed.layer, scene.typed.axes) : words.REFUSES,
    ],
  ];

  return (
    <div class={`cb-explorer cb-translator${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Menu
          label={words.FROM}
          value={s.source}
          options={choices(s.operation).map((name) => ({ value: name, label: FRAMEWORKS[name].label }))}
          onChoose={(name) => (sweep.pause(), commit(withSource(s, name as Name)))}
        />
        <Choice
          label={words.LAYER}
          value={s.operation}
          options={[
            { value: "conv", label: words.LAYERS.conv },
            { value: "transposed", label: words.LAYERS.transposed },
          ]}
          onChoose={(v) => (sweep.pause(), commit(withOperation(s, v as Settings["operation"])))}
        />
        <Examples presets={PRESETS} current={preset} onChoose={(p) => (sweep.pause(), commit({ ...p.settings }))} />
      </div>
      <Targets s={s} scene={scene} onChoose={(target) => (sweep.pause(), commit({ ...s, target }))} />

      <div class="cb-t-calls">
        <div class="cb-t-call">
          <p class="cb-t-call-head">
            <span class="cb-name cb-name-output">{us}</span>
          </p>
          <code>{scene.code}</code>
        </div>
        <div class={`cb-t-call${s.shown === "typed" && verdictOf(scene.typed) !== "same" ? " cb-t-wrong" : ""}`}>
          <div class="cb-t-call-head">
            <span class="cb-name">{them}</span>
            <Choice
              label={words.PORT}
              value={s.shown}
              options={[
                { value: "typed", label: words.TYPED },
                { value: "converted", label: words.CONVERTED },
              ]}
              onChoose={(v) => (sweep.pause(), commit({ ...s, shown: v as Settings["shown"] }))}
            />
          </div>
          <code>{shownCode ?? words.refusedCall(scene.refusal!)}</code>
        </div>
      </div>

      <div class="cb-t-verdict">
        <Says s={s} scene={scene} />
      </div>

      {fullWidth > 0 && (
        <div class="cb-t-stage">
          {overlay}
          <div class="cb-t-axes">
            {words.AXES.map((title, i) => (
              <Windows
                key={title}
                operation={s.operation}
                title={title}
                names={[us, them]}
                ours={scene.axes[i]!}
                theirs={scene.theirAxes?.[i] ?? null}
                at={[mine[i]!, yours[i]!]}
              />
            ))}
          </div>
        </div>
      )}
      {trace}
      <PlayBar sweep={sweep}>
        <p class="cb-hint">{words.HINT}</p>
      </PlayBar>

      {folded && message}
      <Notice text={notice} />
      <Fold folded={folded} summary={words.FOLD}>
        <div class="cb-controls">
          {numberBox("kernelSize")}
          {numberBox("stride", names.stride)}
          <Menu
            label={s.source === "onnx" ? "auto_pad" : "padding"}
            value={paddingName}
            options={named}
            onChoose={(v) => (sweep.pause(), commit(v === "pixels" ? FIELDS.set(s, "before", Math.max(FIELDS.get(s, "before"), 0)) : { ...s, padding: v as "valid" }))}
          />
          {paddingName === "pixels" && s.source === "torch" && numberBox("before", words.PADDING_PIXELS)}
          {paddingName === "pixels" && s.source !== "torch" && [numberBox("before"), numberBox("after")]}
          {numberBox("dilation", names.dilation)}
          {transposed && !s.source.startsWith("jax") && (
            <Menu
              label={extraName}
              value={s.source === "tf" ? String(extraOf(s)) : s.extra === null ? "none" : String(s.extra)}
              options={
                s.source === "tf"
                  ? extras.map((size, i) => ({ value: String(i), label: size.join(" \u00d7 ") }))
                  : [
                      ...(s.source === "keras" || s.extra === null ? [{ value: "none", label: s.source === "keras" ? "None" : "0" }] : []),
                      ...Array.from({ length: Math.max(s.stride, s.source === "torch" ? s.dilation : 1) }, (_, i) => ({ value: String(i), label: String(i) })).filter(
                        (o) => s.source === "keras" || s.extra !== null || o.value !== "0",
                      ),
                    ]
              }
              onChoose={(v) => (sweep.pause(), commit({ ...s, extra: v === "none" ? null : Number(v) }))}
            />
          )}
          {!(transposed && NO_GROUPS.includes(s.source)) && numberBox("groups", names.groups)}
          {numberBox("height")}
          {numberBox("width")}
          {numberBox("channelsIn")}
          {numberBox("channelsOut")}
          {s.channels[1] > 1 && (
            <Menu
              label={words.OUTPUT_CHANNEL}
              value={String(s.channel)}
              options={Array.from({ length: s.channels[1] }, (_, i) => ({ value: String(i), label: String(i) }))}
              onChoose={(v) => commit({ ...s, channel: Number(v) })}
            />
          )}
        </div>
        {!folded && message}
        <table class="cb-t-facts">
          <caption class="cb-hidden">{words.STORED}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{us}</th>
              <th scope="col">
                {(s.shown === "typed" ? words.typedIn : words.converted)(them)}
              </th>
            </tr>
          </thead>
          <tbody>
            {facts.map(([name, left, right]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{left}</td>
                <td>{right}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{words.WEIGHTS}</th>
              <td colSpan={2}>
                {weightLine(s) === "kernel = kernel" ? (
                  words.SAME_ARRAY
                ) : (
                  <code>{weightLine(s)}</code>
                )}
                {scene.right.spread || scene.right.dense ? <span class="cb-aside"> {words.AND_ZEROS}</span> : null}
              </td>
            </tr>
          </tbody>
        </table>
        {grids}
        <Code summary={words.CODE} snippets={code} />
        <Foot
          host={host}
          query={() => toQuery(s)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            sweep.pause();
            setNotice(null);
            commit(initial);
          }}
        />
      </Fold>
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Translator model={model} host={host} />, el);
  return () => render(null, el);
}
