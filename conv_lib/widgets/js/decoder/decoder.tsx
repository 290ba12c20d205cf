/** The live decoder: one point of the latent plane through two decoders, layer by layer, at any moment of their training. */
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { parseNumber, show } from "../core/numbers.ts";
import { Choice, Menu, NumberBox, QUIET } from "../ui/controls.tsx";
import { Filled } from "../ui/filled.tsx";
import { Grid, keyOf, type Mark } from "../ui/grid.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { tint } from "../ui/tint.ts";
import { useSettings } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/decoder.ts";
import { MapCanvas, type Spot } from "./canvas.tsx";
import { checkerboard, pattern, phaseMeans, run, unpack, type Decoders, type Kind, type Maps } from "./network.ts";
import { nearest, Plane } from "./plane.tsx";
import { kindOf, mapOps, REACH, readDecoders, rounded, type Point, type Settings, type View } from "./settings.ts";
import { snippets } from "./snippets.ts";
import { batches, Training } from "./training.tsx";

const STEP_MS = 800;
/** How much the fine part is amplified. */
const LOUDER = 4;

/** A number within reach: typed; what cannot be used stays, with a reason. */
function CoordinateBox(props: { label: string; value: number; onValue(v: number): void; onBad(text: string | null): void }) {
  const id = useUid();
  const [draft, setDraft] = useState<string | null>(null);
  useEffect(() => setDraft(null), [props.value]);
  const change = (text: string) => {
    setDraft(text);
    const value = parseNumber(text);
    if (value === null || Math.abs(value) > REACH) {
      props.onBad(words.wrongPoint(props.label, REACH, text));
      return;
    }
    props.onBad(null);
    props.onValue(value);
  };
  const bad = draft !== null && (parseNumber(draft) === null || Math.abs(parseNumber(draft)!) > REACH);
  return (
    <div class="cb-field">
      <label for={id}>{props.label}</label>
      <div class={`cb-stepper${bad ? " cb-invalid" : ""}`}>
        <input
          id={id}
          type="text"
          inputMode="decimal"
          autocomplete="off"
          aria-invalid={bad}
          value={draft ?? show(props.value, 3)}
          onInput={(event) => change((event.target as HTMLInputElement).value)}
          onBlur={() => {
            setDraft(null);
            props.onBad(null);
          }}
          {...QUIET}
        />
      </div>
    </div>
  );
}

interface Twin {
  kind: Kind;
  /** Results of the layers that make maps; the last is the picture. */
  maps: Maps[];
  fine: Maps[];
}

function twinOf(decoders: Decoders, kind: Kind, weights: Float64Array[], z: Point, view: View): Twin {
  const ops = decoders.models.find((m) => m.kind === kind)!.ops;
  const results = run(ops, weights, z);
  const maps = results.filter((_, i) => ops[i]!.size);
  return { kind, maps, fine: view === "pattern" ? maps.map(pattern) : maps };
}

const largest = (values: Float64Array): number => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

function LiveDecoder({ model, host }: { model: Model; host: Host | null }) {
  const [decoders, setDecoders] = useState(() => readDecoders(model));
  const kind = useMemo(() => kindOf(decoders), [decoders]);
  const [live, setLive] = useState<{ z?: Point; checkpoint?: number }>({});
  const now = useRef(live);
  const change = (next: typeof live) => {
    now.current = next;
    setLive(next);
  };
  const sliding = useRef(false);
  const [spot, setSpot] = useState<(Spot & { layer: number }) | null>(null);
  const { good, initial, problem, notice, setNotice, commit, dismiss, box } = useSettings(
    kind,
    model,
    host,
    (_s, _before, source) => {
      change({});
      if (source === "link") sweep.pause();
    },
  );
  const z = live.z ?? good.z;
  const checkpoint = Math.min(live.checkpoint ?? good.checkpoint, decoders.steps.length - 1);
  const count = decoders.steps.length;
  const sweep = useSweep(
    model,
    (by) => change({ ...now.current, checkpoint: (checkpoint + by + count) % count }),
    STEP_MS,
  );
  /** What was dragged or played becomes the state that "back" undoes. */
  const settle = () => {
    sliding.current = false;
    // An effect may come after what it waited for was settled already.
    if (now.current.z === undefined && now.current.checkpoint === undefined) return;
    const next = { ...good, z: rounded(now.current.z ?? good.z), checkpoint: now.current.checkpoint ?? good.checkpoint };
    change({});
    commit(next);
  };
  useEffect(() => {
    if (!sweep.playing && live.checkpoint !== undefined && !sliding.current) settle();
  }, [sweep.playing, live.checkpoint]);
  useEffect(() => {
    const trained = () => setDecoders(readDecoders(model));
    model.on("change:decoders", trained);
    return () => model.off("change:decoders", trained);
  }, [model]);

  const kinds = useMemo(() => (["k3", "k4"] as const).filter((k) => decoders.models.some((m) => m.kind === k)), [decoders]);
  const weights = useMemo(() => {
    const of = (name: Kind) => {
      const found = decoders.models.find((m) => m.kind === name)!;
      return unpack(found.weights[checkpoint]!, found.ops);
    };
    return [of(good.kind), of("resize")] as const;
  }, [decoders, good.kind, checkpoint]);
  const twins = useMemo(
    () => [
      twinOf(decoders, good.kind, weights[0], z, good.view),
      twinOf(decoders, "resize", weights[1], z, good.view),
    ],
    [weights, z[0], z[1], good.view],
  );

  const [rootRef, fullWidth] = useWidth<HTMLDivElement>();
  const width = Math.max(fullWidth - 30, 120);
  const errorId = useUid();
  const wide = width >= 620;
  const planePx = wide ? Math.min(320, Math.floor(width * 0.42)) : Math.min(width, 300);
  const twinPx = Math.floor(((wide ? width - planePx - 28 : width) - 16) / 2);
  const stages = mapOps(decoders.models[0]!.ops);
  const last = stages.length - 1;
  const stageName = (i: number): string => words.stage(i, last);
  const sizeName = (i: number): string => {
    const [h, w, m] = stages[i]!.size as [number, number, number];
    return words.size(m, h, w);
  };

  const canvas = (twin: Twin, i: number) => {
    const maps = twin.fine[i]!;
    // One row of maps, or two where the maps would be too small to see.
    const scaleFor = (n: number): number => Math.floor(((twinPx + 4) / n - 4) / maps.width);
    const two = Math.ceil(maps.channels / 2);
    const across = maps.channels > 1 && scaleFor(maps.channels) * maps.height < 40 ? two : maps.channels;
    const scale = Math.max(2, Math.min(scaleFor(across), i === last ? 8 : Math.ceil(40 / maps.height) + 1));
    const most = i === last ? 1 : largest(twin.maps[i]!.values) || 1;
    const [black, white] = good.view === "picture" ? [0, most] : [-most / 2 / LOUDER, most / 2 / LOUDER];
    const apart = i === last && i > 0 ? show(checkerboard(twin.maps[i]!), 3) : null;
    return (
      <MapCanvas
        maps={maps}
        scale={scale}
        across={across}
        black={black}
        white={white}
        label={words.maps(words.NAMES[twin.kind], stageName(i), sizeName(i), show(largest(twin.maps[i]!.values)), apart)}
        chosen={good.layer === i && maps.channels > 1 ? good.channel : -1}
        onHover={(at) => setSpot(at && { ...at, layer: i })}
        onChoose={(channel) => commit({ ...good, ...pending(), layer: i, channel })}
      />
    );
  };
  /** A change elsewhere keeps what is being dragged. */
  const pending = () => ({
    z: rounded(now.current.z ?? good.z),
    checkpoint: now.current.checkpoint ?? good.checkpoint,
  });
  const set = (part: Partial<Settings>) => {
    sweep.pause();
    commit({ ...good, ...pending(), ...part });
  };

  /** The end of the gauges below the pictures. */
  const loudest = Math.max(0.01, ...decoders.models.flatMap((m) => m.checkerboard)) * 1.5;
  const near = nearest(decoders, z);
  const valueAt = (twin: Twin, at: Spot & { layer: number }): string => {
    const maps = twin.maps[at.layer]!;
    return show(maps.values[(at.row * maps.width + at.column) * maps.channels + at.channel]!, 3);
  };
  const code = useMemo(() => snippets(good, decoders), [good, decoders]);
  const preset = kind.presets.find((p) => kind.same({ ...p.settings, layer: good.layer, channel: good.channel }, good));
  const folded = Boolean(model.get("folded"));

  const numbers = (twin: Twin) => {
    const maps = twin.maps[good.layer]!;
    const channel = Math.min(good.channel, maps.channels - 1);
    const marks = new Map<string, Mark>();
    if (good.layer > 0) {
      for (let r = 0; r < maps.height; r++)
        for (let c = 0; c < maps.width; c++) marks.set(keyOf(r, c), { tint: tint((r % 2) * 2 + (c % 2), 4), role: "whole" });
    }
    const room = wide ? (width - 20) / 2 : width;
    return (
      <div class="cb-small" key={twin.kind}>
        <p class="cb-title">
          {words.NAMES[twin.kind]} <span class="cb-size">{`${maps.height} \u00d7 ${maps.width}`}</span>
        </p>
        <Grid
          key={channel} // all maps of a layer are one version, so another one is another grid
          label={words.map(words.NAMES[twin.kind], stageName(good.layer), channel)}
          role="output"
          size={[maps.height, maps.width]}
          dataSize={[maps.height, maps.width]}
          cell={(r, c) => {
            const value = maps.values[(r * maps.width + c) * maps.channels + channel]!;
            return { kind: "data", value, text: show(value), at: [r, c] };
          }}
          marks={marks}
          selected={null}
          boxes={[]}
          cellPx={Math.max(22, Math.min(Math.floor(room / maps.width), 44))}
          editable={false}
          version={maps}
          onHover={(at) => setSpot(at && { channel, row: at[0], column: at[1], layer: good.layer })}
          onSelect={() => undefined}
        />
      </div>
    );
  };

  return (
    <div class={`cb-explorer cb-decoder${folded ? " cb-folded" : ""}${wide ? " cb-wide" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Choice
          label={words.DECODER}
          value={good.kind}
          options={kinds.map((k) => ({ value: k, label: words.KERNELS[k] }))}
          onChoose={(v) => set({ kind: v as "k3" | "k4" })}
        />
        <Choice
          label={words.WHAT_IS_SHOWN}
          value={good.view}
          options={[
            { value: "picture", label: words.VALUES },
            { value: "pattern", label: words.finePart(LOUDER) },
          ]}
          onChoose={(v) => set({ view: v as View })}
        />
        <Examples presets={kind.presets} current={preset} onChoose={(p) => set(p.settings)} />
      </div>
      {fullWidth > 0 && (
        <div class="cb-decoder-body">
          <div class="cb-latent" style={{ width: `${planePx}px` }}>
            <p class="cb-title cb-name-input">
              {words.PLANE} <span class="cb-size">{words.DRAG}</span>
            </p>
            <Plane
              decoders={decoders}
              z={z}
              onMove={(point) => change({ ...now.current, z: point })}
              onSettle={settle}
            />
            <div class="cb-coordinates">
              <CoordinateBox label={words.ACROSS} value={z[0]} onValue={(v) => set({ z: [v, z[1]] })} onBad={setNotice} />
              <CoordinateBox label={words.UP} value={z[1]} onValue={(v) => set({ z: [z[0], v] })} onBad={setNotice} />
              <p class="cb-near">
                <Filled text={words.NEAREST} parts={[<strong>{near.label}</strong>]} />
              </p>
            </div>
          </div>
          <div class="cb-time" style={{ width: `${wide ? planePx : width}px` }}>
            <Training
              decoders={decoders}
              checkpoint={checkpoint}
              kind={good.kind}
              width={wide ? planePx : width}
              onSlide={(i) => {
                sweep.pause();
                sliding.current = true;
                change({ ...now.current, checkpoint: i });
              }}
              onSettle={settle}
            />
            <PlayBar sweep={sweep} />
            <p class="cb-spot">
              {spot ? (
                <Filled
                  text={words.values(stageName(spot.layer), spot.channel, spot.row, spot.column)}
                  parts={twins.map((twin) => <strong>{valueAt(twin, spot)}</strong>)}
                />
              ) : (
                words.HINT
              )}
            </p>
          </div>
          <div class="cb-twins">
            {twins.map((twin) => (
              <p class="cb-twin-name" key={twin.kind}>
                {words.NAMES[twin.kind]}
              </p>
            ))}
            {stages
              .map((_, i) => last - i)
              .flatMap((i) => [
                <p class="cb-stage-name" key={`name${i}`}>
                  {stageName(i)} <span class="cb-size">{sizeName(i)}</span>
                </p>,
                ...twins.map((twin) => (
                  <div class="cb-stage-maps" key={`${twin.kind === "resize"}${i}`}>
                    {canvas(twin, i)}
                    {i === last && (
                      <p class="cb-meter">
                        <Filled text={words.CHECKERBOARD} parts={[<strong>{checkerboard(twin.maps[last]!).toFixed(3)}</strong>]} />
                        <span
                          class={`cb-gauge cb-gauge-${twin.kind}`}
                          aria-hidden="true"
                          style={{ width: `${Math.min(100, (checkerboard(twin.maps[last]!) / loudest) * 100)}%` }}
                        />
                      </p>
                    )}
                  </div>
                )),
              ])}
          </div>
        </div>
      )}
      <Notice text={notice} />
      <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />
      <Fold folded={folded} summary={words.FOLD}>
        <dl class="cb-readout">
          {twins.map((twin) => {
            const picture = twin.maps[last]!;
            const means = phaseMeans(picture).map((v) => v.toFixed(3));
            return (
              <div key={twin.kind}>
                <dt>{words.NAMES[twin.kind]}</dt>
                <dd>
                  <span class="cb-formula">
                    <Filled text={words.phases(means)} parts={[<strong>{checkerboard(picture).toFixed(4)}</strong>]} />
                  </span>{" "}
                  <span class="cb-aside">{twin.kind === "resize" ? "" : words.PHASES_HINT}</span>
                </dd>
              </div>
            );
          })}
        </dl>
        <details class="cb-code">
          <summary>{words.ONE_MAP}</summary>
          <div class="cb-controls">
            <Menu
              label={words.LABELS.layer}
              value={String(good.layer)}
              options={stages.map((_, i) => ({ value: String(i), label: words.stageAndSize(stageName(i), sizeName(i)) }))}
              onChoose={(v) => set({ layer: Number(v), channel: 0 })}
            />
            <NumberBox {...box("channel", errorId, sweep.pause)} high={stages[good.layer]!.size![2]! - 1} />
          </div>
          {good.layer > 0 && <p class="cb-hint">{words.TINTS_HINT}</p>}
          <div class="cb-pair">{fullWidth > 0 && twins.map(numbers)}</div>
        </details>
        <Code summary={words.code(batches(decoders, good.checkpoint))} snippets={code} />
        <Foot
          host={host}
          query={() => kind.toQuery(good)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            sweep.pause();
            setNotice(null);
            change({});
            commit(initial);
          }}
        />
      </Fold>
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<LiveDecoder model={model} host={host} />, el);
  return () => render(null, el);
}
