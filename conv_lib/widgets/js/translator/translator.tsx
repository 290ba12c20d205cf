/** The translator: one layer in five frameworks, and one port of it laid over the source. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import { FRAMEWORKS, NO_GROUPS, onnxRefuses, type Name } from "../core/frameworks.ts";
import type { Host, Model } from "../core/model.ts";
import { show } from "../core/numbers.ts";
import { Choice, Menu, NumberBox, QUIET } from "../ui/controls.tsx";
import { Grid, keyOf, type Mark } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import {
  buildScene,
  kernelAxes,
  planes,
  shiftWords,
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
  SHORT,
  toQuery,
  TRAITS,
  withOperation,
  withSource,
  write,
  type NumberField,
  type Settings,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { Windows } from "./windows.tsx";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };
const MINUS = "\u2212";
const NONE = "\u2013";

/** Targets as radio buttons, each with what the same numbers make of it. */
function Targets({ s, scene, onChoose }: { s: Settings; scene: Scene; onChoose(name: Name): void }) {
  const group = useUid();
  return (
    <fieldset class="cb-t-targets" role="radiogroup" aria-label="To">
      <span class="cb-t-label" aria-hidden="true">
        To
      </span>
      {scene.badges.map(({ name, text, good }) => (
        <label key={name} class={name === s.target ? "cb-chosen" : ""}>
          <input
            type="radio"
            name={group}
            value={name}
            checked={name === s.target}
            aria-label={`${SHORT[name]}: ${text}`}
            onChange={() => onChoose(name)}
            {...QUIET}
          />
          <span class="cb-t-target">{SHORT[name]}</span>
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

const flipWords = (name: Name) => (FRAMEWORKS[name].flipped ? "yes, by 180\u00b0" : "no");

/** How many output cells later the port shows each value; null where no slide brings the two together. */
function slideOf(s: Settings, { typed }: Scene): readonly [number, number] | null {
  if (s.shown !== "typed" || !typed || typed.found.turned || !typed.found.starts.some(Boolean)) return null;
  const step = s.operation === "conv" ? s.stride : 1;
  const by = typed.found.starts.map((n) => n / step);
  return by.every(Number.isInteger) ? (by as unknown as readonly [number, number]) : null;
}

/** What the port comes to, in plain words. */
function Says({ s, scene }: { s: Settings; scene: Scene }) {
  const [us, them] = [SHORT[s.source], SHORT[s.target]];
  const { typed, right } = scene;
  const verdict = verdictOf(typed);
  if (s.shown === "converted") {
    const pads = right.inputPad.flat().some(Boolean);
    return (
      <div class="cb-verdict">
        <p>
          <strong>Equal in every value.</strong>{" "}
          {right.native
            ? `One call of ${them} is enough.`
            : `No call of ${them} has these values alone; with the ${pads ? "padding of x" : "crop or padding of the result"} that stands in the line it is exact.`}{" "}
          {right.anySize
            ? "The line holds for every larger input too."
            : `The numbers hold for an input of ${s.size.join(" \u00d7 ")}: ask again for another size.`}
        </p>
        {right.notes.map((note) => (
          <p key={note} class="cb-aside">
            {note[0]!.toUpperCase() + note.slice(1)}.
          </p>
        ))}
      </div>
    );
  }
  const sizes = `${sizeWords(scene.axes)} and ${typed ? sizeWords(typed.axes) : ""}`;
  const shift = typed && typed.found.starts.some(Boolean) ? shiftWords(s, typed.found.starts) : null;
  const where =
    shift &&
    (s.operation === "transposed"
      ? `In ${them} every value stands ${shift}.`
      : `In ${them} every window reads the input ${shift}.`);
  return (
    <div class={`cb-verdict${verdict === "same" ? "" : " cb-differs"}`}>
      <p>
        {verdict === "same" && (
          <>
            <strong>The same values.</strong> Here the numbers can be typed in as they are.
          </>
        )}
        {verdict === "shape" && (
          <>
            <strong>Only the shape matches.</strong> {where} {typed!.found.turned && "The kernel is turned by 180 degrees."}
          </>
        )}
        {verdict === "nothing" && (
          <>
            <strong>Not even the shape matches:</strong> {sizes}. {where} {typed!.found.turned && "The kernel is turned by 180 degrees."}
          </>
        )}
        {verdict === "refused" && (
          <>
            <strong>{them} refuses these numbers.</strong> {scene.refusal}
          </>
        )}{" "}
        {typed && onnxRefuses(typed.layer) && "The standard says so; ONNX Runtime does not run auto_pad with dilation. "}
        {verdict !== "same" && `The converted line has the values of ${us}.`}
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
  const [us, them] = [SHORT[s.source], SHORT[s.target]];

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
        Output{s.channels[1] > 1 ? `, channel ${s.channel}` : ""} <span class="cb-size">{sizeWords(scene.axes)}</span>
      </p>
      <Grid
        label={`Output of ${us} and ${them}`}
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
              ? `${text(a)} ${text(b)}, ${us} and ${them}, row ${r + top}, column ${c + left}`
              : `${text(a)}${theirs ? ", both" : ""}, row ${r + top}, column ${c + left}`,
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
          `All ${rows * columns - marks.size} cells that both have agree; ${marks.size} belong to one of them`
        ) : marks.size > 0 ? (
          <>
            <span class="cb-t-sample">
              <span>5</span>
              <span>7</span>
            </span>{" "}
            above {us}, below {them}: {marks.size} of {rows * columns} cells differ
          </>
        ) : theirs ? (
          `${us} and ${them} agree in all ${rows * columns} cells`
        ) : (
          `${us} alone`
        )}
      </p>
      {shift && (
        <button type="button" class="cb-button cb-t-slide" aria-pressed={slid} onClick={() => (sweep.pause(), setSlid(!slid))}>
          {slid ? "Back to where it stands" : `Slide ${them} into place`}
        </button>
      )}
    </div>
  );
  const [a, b] = [oursAt(row, column), theirsAt(row, column)];
  const mine = [row + top, column + left] as const;
  const yours = [mine[0] - dr, mine[1] - dc] as const;
  const placeOf = (axes: Scene["axes"] | null, cell: readonly [number, number]) => {
    if (!axes) return null;
    const at = axes.map((axis, i) => axis.start + cell[i]! * (transposed ? 1 : axis.stride));
    const signed = at.map((n) => (n < 0 ? `${MINUS}${-n}` : n)).join(", ");
    return transposed ? `full[${signed}]` : `the window from input [${signed}]`;
  };
  const trace = (
    <p class="cb-t-trace" aria-live={hover || sweep.playing ? "off" : "polite"}>
      <span class="cb-name-output cb-name">{us}</span> [{mine.join(", ")}]{" "}
      {a === undefined ? "is outside" : <>= <strong>{show(a)}</strong>, {placeOf(scene.axes, mine)}</>}
      {". "}
      <span class="cb-name">{them}</span>{" "}
      {!theirs ? "refuses" : <>[{yours.join(", ")}] {b === undefined ? "is outside" : <>= <strong>{show(b)}</strong>, {placeOf(scene.theirAxes, yours)}</>}</>}.
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
    ...(s.source === "keras" ? [] : [{ value: "pixels", label: s.source === "onnx" ? "pads" : "in pixels" }]),
  ];
  const paddingName = typeof s.padding === "string" ? s.padding : "pixels";
  const extraName = s.source === "tf" ? "output_shape" : "output_padding";
  const extras = s.source === "tf" ? legalOutputs(s) : [];
  const grids = (
    <details class="cb-code">
      <summary>
        Change the numbers: input and kernel
      </summary>
      <div class="cb-bar cb-t-planes">
        {s.channels[0] > 1 && (
          <Choice
            label="Input channel"
            value={String(Math.min(plane, s.channels[0] - 1))}
            options={Array.from({ length: s.channels[0] }, (_, i) => ({ value: String(i), label: `in ${i}` }))}
            onChoose={(v) => setPlane(Number(v))}
          />
        )}
      </div>
      <div class="cb-t-numbers">{numberGrids()}</div>
      <p class="cb-hint">Click a cell twice, or press Enter on it, to change its number.</p>
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
        {cells(`Input, channel ${c}`, "input", data, (r, i, value) => {
          const input = inputOf(s);
          input[r]![i]![c] = value;
          commit({ ...s, input });
        })}
        {connected ? (
          cells(`Kernel, in ${c} to out ${s.channel}`, "kernel", slice, (r, i, value) => {
            const next = kernelOf(s);
            next[r]![i]![third]![fourth] = value;
            commit({ ...s, kernel: next });
          })
        ) : (
          <p class="cb-aside">Groups cut channel {c} off from channel {s.channel} of the output.</p>
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
    ["Data", FRAMEWORKS[s.source].data.replace("S", "HW"), FRAMEWORKS[s.target].data.replace("S", "HW")],
    ["Kernel axes", <KernelAxes s={s} name={s.source} />, <KernelAxes s={s} name={s.target} />],
    ...(transposed
      ? ([["Flipped", flipWords(s.source), flipWords(s.target)]] as [string, string, string][])
      : []),
    [
      transposed ? "Crops" : "Pads",
      splitWords(s, scene.layer, scene.axes),
      s.shown === "converted" ? splitWords(s, scene.layer, scene.axes) : scene.typed ? splitWords(s, scene.typed.layer, scene.typed.axes) : "refuses",
    ],
  ];

  return (
    <div class={`cb-explorer cb-translator${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Menu
          label="From"
          value={s.source}
          options={choices(s.operation).map((name) => ({ value: name, label: FRAMEWORKS[name].label }))}
          onChoose={(name) => (sweep.pause(), commit(withSource(s, name as Name)))}
        />
        <Choice
          label="Layer"
          value={s.operation}
          options={[
            { value: "conv", label: "Convolution" },
            { value: "transposed", label: "Transposed" },
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
              label="Port"
              value={s.shown}
              options={[
                { value: "typed", label: "Typed in" },
                { value: "converted", label: "Converted" },
              ]}
              onChoose={(v) => (sweep.pause(), commit({ ...s, shown: v as Settings["shown"] }))}
            />
          </div>
          <code>{shownCode ?? `# refused: ${scene.refusal}`}</code>
        </div>
      </div>

      <div class="cb-t-verdict">
        <Says s={s} scene={scene} />
      </div>

      {fullWidth > 0 && (
        <div class="cb-t-stage">
          {overlay}
          <div class="cb-t-axes">
            {(["Rows", "Columns"] as const).map((title, i) => (
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
        <p class="cb-hint">Point at an output cell to see where each takes it from.</p>
      </PlayBar>

      {folded && message}
      <Notice text={notice} />
      <Fold folded={folded} summary="Change arguments, sizes and numbers; see layouts and code">
        <div class="cb-controls">
          {numberBox("kernelSize")}
          {numberBox("stride", names.stride)}
          <Menu
            label={s.source === "onnx" ? "auto_pad" : "padding"}
            value={paddingName}
            options={named}
            onChoose={(v) => (sweep.pause(), commit(v === "pixels" ? FIELDS.set(s, "before", Math.max(FIELDS.get(s, "before"), 0)) : { ...s, padding: v as "valid" }))}
          />
          {paddingName === "pixels" && s.source === "torch" && numberBox("before", "padding, pixels")}
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
              label="Output channel"
              value={String(s.channel)}
              options={Array.from({ length: s.channels[1] }, (_, i) => ({ value: String(i), label: String(i) }))}
              onChoose={(v) => commit({ ...s, channel: Number(v) })}
            />
          )}
        </div>
        {!folded && message}
        <table class="cb-t-facts">
          <caption class="cb-hidden">What the two store and keep</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">{us}</th>
              <th scope="col">
                {them}, {s.shown === "typed" ? "typed in" : "converted"}
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
              <th scope="row">Weights</th>
              <td colSpan={2}>
                {weightLine(s) === "kernel = kernel" ? (
                  "the same array; nothing to do"
                ) : (
                  <code>{weightLine(s)}</code>
                )}
                {scene.right.spread || scene.right.dense ? <span class="cb-aside"> and zeros written in: see the code</span> : null}
              </td>
            </tr>
          </tbody>
        </table>
        {grids}
        <Code summary="Code that runs as pasted" snippets={code} />
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
