/** The size ruler: one axis of a convolution, of its transpose, or of a stack of layers, drawn to scale. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu, NumberBox } from "../ui/controls.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { Filled } from "../ui/filled.tsx";
import { SliderBox } from "../ui/slider.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/ruler.ts";
import { APPENDED_ZERO, CONVOLUTION, IN_PIXELS, INPUT, OUTPUT, PADDING, TRANSPOSED } from "../words/en/shared.ts";
import { fromQuery, sameSettings, toQuery } from "./link.ts";
import { KeptRow, Picture } from "./picture.tsx";
import { scaleOf } from "./scale.ts";
import { buildScene, rowsOf, torchRow, type Focus, type LegalRow, type Scene } from "./scene.ts";
import {
  check,
  defaultSize,
  FIELDS,
  fieldValue,
  layerField,
  MOST_LAYERS,
  outputSize,
  settle,
  turnedRound,
  withField,
  type Mode,
  type NumberField,
  type Settings,
  type View,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { PRESETS, presetOf, readModel, TRAITS, writeModel } from "./traits.ts";
import { headline, keptWords, lines, torchRefusal, torchVerdict, trace } from "./words.ts";

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

/** Where the first look goes: an output pixel, or an input pixel where the layer scatters. */
function firstFocus(s: Settings): Focus {
  // Where stamps are wide, the first is the one that surely shows.
  if (s.mode === "transpose") return { level: 0, index: s.stride > 8 ? 0 : Math.min(1, s.size - 1) };
  const level = s.mode === "stack" ? s.layers.length : 1;
  const size = Math.max(outputSize(s), 1);
  return { level, index: s.mode === "stack" ? (size - 1) >> 1 : Math.min(1, size - 1) };
}

const inside = (scene: Scene, { level, index }: Focus) => index < (scene.levels[level]?.size ?? 0);

function Ruler({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Focus>(() => firstFocus(readModel(model)));
  /** Whether a reader moved the focus: then the picture follows it. */
  const [moved, setMoved] = useState(false);
  const [hover, setHover] = useState<Focus | null>(null);
  const [dragged, setDragged] = useState<Settings | null>(null);
  const look = (at: Focus, byReader: boolean) => {
    setFocus(at);
    setMoved(byReader);
  };
  const { good, initial, drafts, problem, notice, setNotice, commit, box, dismiss } = useSettings(
    KIND,
    model,
    host,
    (s, before, source) => {
      setHover(null);
      setDragged(null);
      if (source === "link") sweep.pause();
      if (source === "link" || s.mode !== before.mode || s.layers.length !== before.layers.length) look(firstFocus(s), false);
    },
  );
  const [rootRef, width] = useWidth<HTMLDivElement>();
  const id = useUid();
  const errorId = `${id}-error`;

  const s = dragged ?? good;
  const scene = useMemo(() => buildScene(s), [s]);
  const settled = inside(scene, focus) ? focus : firstFocus(s);
  const shown = hover && inside(scene, hover) ? hover : settled;
  const drawn = Math.max(width - 2, 0);
  const middle = scene.levels[settled.level]!.origin + settled.index * scene.levels[settled.level]!.step;
  const scale = useMemo(
    () => scaleOf(scene.from, scene.to, drawn, s.view, moved ? middle : null),
    [scene, drawn, s.view, moved ? middle : null],
  );

  const transposed = s.mode === "transpose";
  const last = scene.levels.length - 1;
  const playLevel = transposed ? 0 : last;
  const advance = (by: number) => {
    setHover(null);
    setMoved(true);
    setFocus((f) => {
      const { size } = scene.levels[playLevel]!;
      return { level: playLevel, index: f.level === playLevel && f.index < size ? (f.index + by + size) % size : 0 };
    });
  };
  const sweep = useSweep(model, advance);
  const still = () => {
    sweep.pause();
    setHover(null);
  };

  const boxProps = (field: NumberField) => ({
    ...box(field, errorId, () => {
      still();
      setDragged(null);
    }),
    // While a slider is dragged its number goes along.
    text: drafts[field] ?? String(fieldValue(s, field)),
    value: fieldValue(s, field),
  });
  const numberBox = (field: NumberField) => <NumberBox key={field} {...boxProps(field)} />;
  const slider = (field: NumberField) => (
    <SliderBox
      key={field}
      {...boxProps(field)}
      onSlide={(value) => {
        still();
        const next = settle(withField(good, field, value));
        // Outside what is legal the last good picture stays, and letting go explains.
        if (!check(next)) setDragged(next);
      }}
    />
  );
  const padding = typeof s.padding === "string" ? s.padding : "explicit";
  const paddingMenu = (
    <Menu
      label={PADDING}
      value={padding}
      options={[
        { value: "valid", label: "valid" },
        { value: "same", label: "same" },
        { value: "explicit", label: IN_PIXELS },
      ]}
      onChoose={(value) => {
        still();
        commit({ ...good, padding: value === "explicit" ? [1, 1] : (value as "valid" | "same") });
      }}
    />
  );
  const preset = presetOf(good);
  const names = scene.levels.map((_, l) =>
    l === 0 ? INPUT : transposed ? words.FULL_RESULT : l === last ? OUTPUT : words.layerName(l),
  );
  const code = useMemo(() => snippets(good), [good]);
  const out = outputSize(s);
  const folded = Boolean(model.get("folded"));
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;
  const kinds = new Set<string>();
  if (scene.levels.some((level) => level.before + level.after)) kinds.add("padding");
  if (s.mode === "conv" && scene.counts.includes(0)) kinds.add("unread");
  const legal = transposed ? rowsOf(s) : [];
  if (legal.some((row) => row.start > 0 || row.stop < scene.levels[1]!.size)) kinds.add("cropped");
  if (legal.some((row) => row.stop > scene.levels[1]!.size)) kinds.add("appended");
  const legend = { ...words.LEGEND, appended: APPENDED_ZERO };

  return (
    <div class={`cb-ruler${width && width < 560 ? " cb-narrow" : ""}`}>
      <div class="cb-bar">
        <Choice
          label={words.MODE}
          value={good.mode}
          options={[
            { value: "conv", label: CONVOLUTION },
            { value: "transpose", label: TRANSPOSED },
            { value: "stack", label: words.STACK },
          ]}
          onChoose={(mode) => {
            if (mode === good.mode) return;
            still();
            commit(turnedRound(good, mode as Mode));
          }}
        />
        <Examples
          presets={PRESETS}
          current={preset}
          onChoose={(chosen) => {
            still();
            commit(chosen.settings);
            look(firstFocus(chosen.settings), false);
          }}
        />
      </div>

      <p class="cb-r-headline">
        <span class="cb-name cb-name-input">{s.size}</span> {"\u2192"}{" "}
        <span class="cb-name cb-name-output">{out}</span> <span class="cb-r-how">{headline(scene)}</span>
      </p>

      <div class="cb-r-stage" ref={rootRef}>
        {drawn > 0 && (
          <Picture
            scene={scene}
            scale={scale}
            width={drawn}
            focus={shown}
            id={id}
            names={names}
            valueText={(f) => trace(scene, f)}
            onHover={(at) => {
              if (at) sweep.pause();
              setHover(at);
            }}
            onFocus={(at) => {
              still();
              look(at, true);
            }}
          />
        )}
      </div>
      <p class="cb-legend">
        {Object.entries(legend).map(([kind, text]) =>
          kinds.has(kind) ? (
            <span key={kind}>
              <span class={`cb-swatch cb-${kind}`} aria-hidden="true" /> {text}
            </span>
          ) : null,
        )}
      </p>
      <p class="cb-r-trace">{trace(scene, shown)}</p>
      <PlayBar sweep={sweep}>
        {scale.roomy ? (
          <p class="cb-hint">{words.HINT}</p>
        ) : (
          <Choice
            label={words.VIEW}
            value={scale.view}
            options={Object.entries(words.VIEWS).map(([value, label]) => ({ value, label }))}
            onChoose={(view) => {
              setMoved(view === "close");
              commit({ ...good, view: view as View });
            }}
          />
        )}
      </PlayBar>

      {drawn > 0 && transposed && (
        <Legal
          scene={scene}
          scale={scale}
          width={drawn}
          id={id}
          rows={legal}
          lit={shown.level === 1 ? shown.index : null}
          onChoose={(size) => {
            still();
            commit({ ...good, outputSize: size === defaultSize(good) ? null : size });
          }}
        />
      )}
      <Notice text={notice} />
      {folded && message}
      <Fold folded={folded} summary={words.CHANGE}>
        <div class="cb-r-sliders">
          {slider("size")}
          {s.mode !== "stack" && (
            <>
              {slider("kernel")}
              {slider("stride")}
              {slider("dilation")}
              {paddingMenu}
              {padding === "explicit" && numberBox("padBefore")}
              {padding === "explicit" && numberBox("padAfter")}
              {transposed && numberBox("torchPadding")}
              {transposed && numberBox("torchOutputPadding")}
            </>
          )}
        </div>
        {s.mode === "stack" && <Layers scene={scene} settings={good} numberBox={numberBox} commit={(next) => (still(), commit(next))} />}
        {!folded && message}
        {s.mode !== "stack" && (
          <dl class="cb-readout">
            {lines(scene).map((line) => (
              <div key={line.name}>
                <dt>{line.name}</dt>
                <dd>
                  {line.formula && (
                    <span class="cb-formula">
                      {line.formula[0]} = {line.formula[1]} = <strong>{line.formula[2]}</strong>
                    </span>
                  )}{" "}
                  <span class="cb-aside">{line.note}</span>
                </dd>
              </div>
            ))}
          </dl>
        )}
        <Code summary={words.CODE} snippets={code} />
        <Foot
          host={host}
          query={() => toQuery(good)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            still();
            setNotice(null);
            commit(initial);
            look(firstFocus(initial), false);
          }}
        />
      </Fold>
    </div>
  );
}

/** Every legal output size with who gives it; choosing one sets the output size. */
function Legal({ scene, scale, width, id, rows, lit, onChoose }: { scene: Scene; scale: ReturnType<typeof scaleOf>; width: number; id: string; rows: LegalRow[]; lit: number | null; onChoose(size: number): void }) {
  const s = scene.settings;
  const out = outputSize(s);
  const full = scene.levels[1]!.size;
  const torch = torchRow(s);
  const refusal = torchRefusal(s);
  const [p, op] = s.torch;
  const own = torch && rows.some((row) => row.start === torch.start && row.size === torch.size);
  const mine = `PyTorch padding=${p}, output_padding=${op}`;
  return (
    <>
      <fieldset class={`cb-r-legal${rows.length > 8 ? " cb-r-scroll" : ""}`} role="radiogroup" aria-label={words.LEGAL_SIZES} {...(rows.length > 8 ? { tabIndex: 0 } : {})}>
        {rows.map((row) => (
          <div key={row.size} class={`cb-r-row${row.size === out ? " cb-r-chosen" : ""}`}>
            <div class="cb-r-head">
            <label>
              <input type="radio" name={`${id}-out`} checked={row.size === out} onChange={() => onChoose(row.size)} data-lm-suppress-shortcuts="true" />
              <span class="cb-r-size">{words.output(row.size)}</span> <span class="cb-r-quiet">{keptWords(row, full)}</span>
            </label>
            <span class="cb-r-badges">
              {row.kerasDefault && <span class="cb-badge cb-badge-first">{words.KERAS_DEFAULT}</span>}
              {row.kerasPadding !== null && <span class="cb-badge">Keras output_padding={row.kerasPadding}</span>}
              {row.tf && <span class="cb-badge">tf.nn output_shape={row.size}</span>}
              {torch && row.start === torch.start && row.size === torch.size ? (
                <span class="cb-badge cb-badge-own">{mine}</span>
              ) : (
                row.torch && (
                  <span class="cb-badge">
                    PyTorch padding={row.torch[0]}, output_padding={row.torch[1]}
                  </span>
                )
              )}
            </span>
            </div>
            <KeptRow scene={scene} scale={scale} row={row} width={width} id={id} lit={lit} />
          </div>
        ))}
      </fieldset>
      {!own && (
        <div class="cb-r-row cb-r-torch">
          <p>
            <span class="cb-r-size">{torch ? words.output(torch.size) : words.NO_OUTPUT}</span>{" "}
            <span class="cb-badge cb-badge-own">{mine}</span>{" "}
            <span class="cb-r-quiet">{torch ? words.keepsAnd(keptWords(torch, full), torchVerdict(s)) : refusal}</span>
          </p>
          {torch && <KeptRow scene={scene} scale={scale} row={torch} width={width} id={id} lit={lit} />}
        </div>
      )}
    </>
  );
}

/** The layers of a stack: their settings, and what a pixel sees after each. */
function Layers({ scene, settings, numberBox, commit }: { scene: Scene; settings: Settings; numberBox(field: NumberField): preact.JSX.Element; commit(s: Settings): void }) {
  const { layers } = settings;
  const shownLayers = scene.fields;
  const sum = (
    <span class="cb-formula">
      1{" "}
      {layers.map((l, i) => {
        const jump = i ? scene.fields[i - 1]?.jump : 1;
        return `+ ${(l.kernel - 1) * l.dilation}\u00b7${jump} `;
      })}
      = <strong>{scene.fields[scene.fields.length - 1]?.size}</strong>
    </span>
  );
  return (
    <div class="cb-r-layers">
      {layers.map((layer, i) => {
        const field = shownLayers[i];
        return (
          <div class="cb-r-layer" key={i}>
            {(["kernel", "stride", "dilation"] as const).map((part) => numberBox(layerField(part, i)))}
            <Menu
              label={words.ofLayer(PADDING, i + 1)}
              value={layer.padding}
              options={["valid", "same"].map((v) => ({ value: v, label: v }))}
              onChoose={(value) =>
                commit({ ...settings, layers: layers.map((l, j) => (j === i ? { ...l, padding: value as "valid" | "same" } : l)) })
              }
            />
            <p class="cb-r-after">
              {field && (
                <Filled
                  text={words.seesAfter(field.output, field.jump)}
                  parts={[<span class="cb-r-quiet">{words.afterLayer(i + 1)}</span>, <strong>{field.size}</strong>]}
                />
              )}
            </p>
            <button
              type="button"
              class="cb-button cb-r-remove"
              disabled={layers.length < 2}
              aria-label={words.removeLayer(i + 1)}
              onClick={() => commit({ ...settings, layers: layers.filter((_, j) => j !== i) })}
            >
              {"\u00d7"}
            </button>
          </div>
        );
      })}
      <button
        type="button"
        class="cb-button"
        disabled={layers.length >= MOST_LAYERS}
        onClick={() => commit({ ...settings, layers: [...layers, { ...layers[layers.length - 1]! }] })}
      >
        {words.ADD_LAYER}
      </button>
      <p class="cb-aside cb-r-rule">
        <Filled text={words.RULE} parts={[sum]} />
      </p>
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Ruler model={model} host={host} />, el);
  return () => render(null, el);
}
