/** The phase lab: overlap counts, phase sums and the output of an upsampler on a flat image, a photograph, its spectrum. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { show } from "../core/numbers.ts";
import type { Size } from "../core/ops.ts";
import { Choice, Menu, NumberBox } from "../ui/controls.tsx";
import { Grid, keyOf, type Mark } from "../ui/grid.tsx";
import { badCell, Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Fold, Foot } from "../ui/parts.tsx";
import { PlayBar, useSweep } from "../ui/play.tsx";
import { SliderBox } from "../ui/slider.tsx";
import { tint } from "../ui/tint.ts";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { useWidth } from "../ui/use-width.ts";
import * as words from "../words/en/phase.ts";
import { INPUT_SIZE, KERNEL, KERNEL_SIZE, OUTPUT, PADDING } from "../words/en/shared.ts";
import { Flat } from "./flat.tsx";
import { labOf, levelled, tapsAt, tapsOf, type Lab } from "./phases.ts";
import { Photo } from "./photo.tsx";
import {
  check,
  FIELDS,
  fromQuery,
  PRESETS,
  read,
  same,
  toQuery,
  TRAITS,
  VIEWS,
  withDims,
  write,
  type NumberField,
  type Settings,
  type View,
} from "./settings.ts";
import { snippets } from "./snippets.ts";
import { Spectrum } from "./spectrum.tsx";
import { borderWords, headline, judged, trace } from "./words.ts";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };

/** The first cell that is looked at: a kept one, where the most weights meet, away from the border if there is room. */
function firstFocus(lab: Lab): Size {
  const at = (a: 0 | 1) => {
    const [start, stop] = lab.window[a];
    const first = start + lab.border.before[a];
    const upTo = Math.min(stop - lab.border.after[a], first + lab.strides[a]);
    let best = Math.min(first, stop - 1);
    for (let u = first; u < upTo; u++) if (tapsAcross(lab, a, u) > tapsAcross(lab, a, best)) best = u;
    return best;
  };
  return [at(0), at(1)];
}
const tapsAcross = (lab: Lab, a: 0 | 1, u: number) => tapsOf(lab.kernelSize[a], lab.strides[a], u % lab.strides[a]);

function PhaseLab({ model, host }: { model: Model; host: Host | null }) {
  const [focus, setFocus] = useState<Size>(() => firstFocus(labOf(read(model))));
  const [hover, setHover] = useState<Size | null>(null);
  const [slid, setSlid] = useState<Settings | null>(null);
  const { good, initial, problem, notice, setNotice, commit, box, dismiss } = useSettings(
    KIND,
    model,
    host,
    (s, before, source) => {
      setHover(null);
      setSlid(null);
      if (source === "link") sweep.pause();
      if (source === "link" || s.dims !== before.dims) setFocus(firstFocus(labOf(s)));
    },
  );
  const [rootRef, fullWidth] = useWidth<HTMLDivElement>();
  const width = fullWidth - (fullWidth < 480 ? 22 : 30);
  const errorId = useUid();

  const s = slid ?? good;
  const lab = useMemo(() => labOf(s), [s]);
  const inside = (at: Size) => at[0] < lab.drawn[0] && at[1] < lab.drawn[1];
  const settled = inside(focus) ? focus : firstFocus(lab);
  const shown = hover && inside(hover) ? hover : settled;
  const [sv, sh] = lab.strides;
  const [kh, kw] = lab.kernelSize;
  const flat = s.view === "flat";

  const still = () => {
    sweep.pause();
    setHover(null);
  };
  const advance = (by: number) => {
    setHover(null);
    setFocus((now) => {
      const [rows, columns] = lab.drawn;
      const [r, c] = inside(now) ? now : [0, 0];
      const next = (r * columns + c + by + rows * columns) % (rows * columns);
      return [Math.floor(next / columns), next % columns];
    });
  };
  const sweep = useSweep(model, (by) => {
    if (flat) advance(by);
  });

  // ------------------------------------------------------------------------ kernel and phases
  const colourOf = (r: number, c: number) => tint((r % sv) * sh + (c % sh), sv * sh);
  const kernelMarks = useMemo(() => {
    const marks = new Map<string, Mark>();
    for (let r = 0; r < kh; r++)
      for (let c = 0; c < kw; c++) marks.set(keyOf(r, c), { tint: colourOf(r, c), role: "whole" });
    if (flat) for (const { weight } of tapsAt(lab, shown)) marks.set(keyOf(...weight), { tint: colourOf(...weight), role: "part" });
    return marks;
  }, [lab, shown[0], shown[1], flat]);
  const phaseMarks = useMemo(() => {
    const marks = new Map<string, Mark>();
    for (let p = 0; p < sv; p++) for (let q = 0; q < sh; q++) marks.set(keyOf(p, q), { tint: colourOf(p, q), role: "whole" });
    if (flat) {
      const [p, q] = [shown[0] % sv, shown[1] % sh];
      marks.set(keyOf(p, q), { tint: colourOf(p, q), role: "part" });
    }
    return marks;
  }, [lab, shown[0], shown[1], flat]);
  const [weightAt, setWeightAt] = useState<Size>([0, 0]);
  const [phaseAt, setPhaseAt] = useState<Size>([0, 0]);
  const within = (at: Size, size: Size): Size => [Math.min(at[0], size[0] - 1), Math.min(at[1], size[1] - 1)];
  const top = good.dims === 1 ? Math.min(44, Math.floor((width - 12) / kw)) : Math.max(Math.min(38, Math.floor((width - 12) / Math.max(kw, 6))), 24);
  const onBadEdit = (text: string | null) => setNotice(badCell(text));
  const level = levelled(good.kernel, lab.strides);
  const refill = (cell: () => number) => {
    still();
    commit({ ...good, kernel: good.kernel.map((row) => row.map(cell)) });
  };
  const kernel = (
    <div class="cb-ph-kernel">
      <p class="cb-title cb-name-kernel" aria-hidden="true">
        {KERNEL} <span class="cb-size">{s.dims === 1 ? kw : `${kh} \u00d7 ${kw}`}</span>
      </p>
      <Grid
        label={KERNEL}
        role="kernel"
        size={[kh, kw]}
        dataSize={[kh, kw]}
        cell={(r, c) => ({ kind: "data", value: s.kernel[r]![c]!, at: [r, c] })}
        marks={kernelMarks}
        selected={within(weightAt, [kh, kw])}
        boxes={[]}
        cellPx={top}
        editable
        version={lab}
        onHover={() => undefined}
        onSelect={setWeightAt}
        onEdit={([r, c], value) => {
          still();
          commit({ ...good, kernel: good.kernel.map((row, i) => row.map((v, j) => (i === r && j === c ? value : v))) });
        }}
        onBadEdit={onBadEdit}
      />
      {s.dims === 1 && (
        <p class="cb-ph-names" aria-hidden="true" style={{ "--cb-cell": `${top}px` }}>
          {s.kernel[0]!.map((_, c) => (
            <span key={c}>{c % sh}</span>
          ))}
        </p>
      )}
    </div>
  );
  const sumText = (p: number) => {
    const weights = s.kernel[0]!.filter((_, c) => c % sh === p);
    if (!weights.length) return words.NO_WEIGHT;
    return weights.map((w, i) => (i && w >= 0 ? `+ ${show(w)}` : i ? `\u2212 ${show(-w)}` : show(w))).join(" ");
  };
  const phases =
    s.dims === 1 ? (
      <div class="cb-ph-phases" role="group" aria-label={words.PHASE_SUMS}>
        <p class="cb-title" aria-hidden="true">
          {words.PHASE_SUMS}
        </p>
        {lab.sums[0]!.map((sum, p) => (
          <p key={p} class={`cb-ph-phase${flat && shown[1] % sh === p ? " cb-ph-lit" : ""}`} style={{ "--cb-tint": colourOf(0, p) }}>
            <span class="cb-ph-chip">{words.phase(String(p))}</span> <span class="cb-formula">{sumText(p)} = </span>
            <strong>{show(sum)}</strong>
          </p>
        ))}
      </div>
    ) : (
      <div class="cb-ph-phases">
        <p class="cb-title" aria-hidden="true">
          {words.PHASE_SUMS} <span class="cb-size">{`${sv} \u00d7 ${sh}`}</span>
        </p>
        <Grid
          label={words.PHASE_SUMS}
          role="matrix"
          size={[sv, sh]}
          dataSize={[sv, sh]}
          cell={(r, c) => ({ kind: "data", value: lab.sums[r]![c]!, at: [r, c], name: words.phaseSum(r, c, show(lab.sums[r]![c]!)) })}
          marks={phaseMarks}
          selected={within(phaseAt, [sv, sh])}
          boxes={[]}
          cellPx={Math.max(top, 32)}
          editable={false}
          version={lab}
          onHover={() => undefined}
          onSelect={setPhaseAt}
        />
      </div>
    );
  const verdict = headline(lab);
  const says = judged(lab);
  const border = borderWords(lab);

  // ------------------------------------------------------------------------ the rest
  const boxProps = (field: NumberField) => {
    const shownBox = box(field, errorId, () => {
      still();
      setSlid(null);
    });
    const strip = s.dims === 1 && { kernelWidth: KERNEL_SIZE, width: INPUT_SIZE }[field as string];
    return { ...shownBox, label: strip || shownBox.label };
  };
  const numberBox = (field: NumberField) => <NumberBox key={field} {...boxProps(field)} />;
  const explicit = typeof good.padding !== "string";
  const code = useMemo(() => snippets(good, labOf(good)), [good]);
  const alike = (p: Settings) => same({ ...p, view: good.view, wave: good.wave }, good);
  const preset = PRESETS.find((p) => same(p.settings, good)) ?? PRESETS.find((p) => alike(p.settings));
  const folded = Boolean(model.get("folded"));
  const message = <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />;
  const line = trace(lab, shown);

  return (
    <div class={`cb-explorer cb-phase${folded ? " cb-folded" : ""}`} ref={rootRef}>
      <div class="cb-bar">
        <Choice
          label={words.UPSAMPLED}
          value={String(good.dims)}
          options={[
            { value: "1", label: words.STRIP },
            { value: "2", label: words.IMAGE },
          ]}
          onChoose={(value) => {
            still();
            commit(withDims(good, value === "1" ? 1 : 2));
          }}
        />
        <Examples
          presets={PRESETS}
          current={preset}
          onChoose={(chosen) => {
            still();
            commit(chosen.settings);
            setFocus(firstFocus(labOf(chosen.settings)));
          }}
        />
      </div>
      <p class={`cb-ph-headline${lab.verdict.clean ? "" : " cb-ph-dirty"}`} role="status">
        <strong>{verdict.word}</strong> <span>{verdict.rest}</span>
      </p>
      {fullWidth > 0 && (
        <>
          <div class="cb-ph-top">
            {kernel}
            <div class="cb-ph-sums">{phases}</div>
            <dl class="cb-ph-says">
              <div>
                <dt>{words.COUNTS}</dt>
                <dd>{says.counts}</dd>
              </div>
              <div>
                <dt>{words.SUMS}</dt>
                <dd>
                  <strong>{says.sums}</strong>
                </dd>
              </div>
            </dl>
          </div>
          <div class="cb-bar cb-ph-tools">
            <button
              type="button"
              class="cb-button"
              disabled={!level || lab.verdict.clean}
              onClick={() => {
                still();
                if (level) commit({ ...good, kernel: level });
              }}
            >
              {words.LEVEL}
            </button>
            <button type="button" class="cb-button" onClick={() => refill(() => 1)}>
              {words.ONES}
            </button>
            <button type="button" class="cb-button" onClick={() => refill(() => Math.floor(Math.random() * 10))}>
              {words.RANDOM}
            </button>
            <p class="cb-hint">{words.EDIT_HINT}</p>
          </div>
          <Notice text={notice} />
          <div class="cb-ph-view">
            <Choice
              label={words.SHOWN}
              value={s.view}
              options={VIEWS.map((value) => ({ value, label: words.VIEWS[value] }))}
              onChoose={(view) => {
                still();
                commit({ ...good, view: view as View });
              }}
            />
          </div>
          {flat && (
            <>
              <Flat
                lab={lab}
                width={width}
                focus={settled}
                shown={shown}
                colourOf={colourOf}
                onHover={(at) => {
                  if (at) sweep.pause();
                  setHover(at);
                }}
                onSelect={(at) => {
                  still();
                  setFocus(at);
                }}
              />
              <div class="cb-sum cb-ph-sum" tabIndex={0} role="group" aria-label={words.MADE_OF} aria-live={sweep.playing || hover ? "off" : "polite"}>
                <p>
                  <span class="cb-name cb-name-output">{line.name}</span> <span class="cb-aside">{line.phase}</span>
                  {" = "}
                  {line.terms.map(({ weight, at }, i) => (
                    <span key={i}>
                      {i > 0 && " + "}
                      <span class="cb-chip" style={{ "--cb-tint": colourOf(...at) }}>
                        {weight < 0 ? `(${show(weight)})` : show(weight)}
                      </span>
                    </span>
                  ))}
                  {line.terms.length !== 1 && (line.terms.length ? " = " : "")}
                  {line.terms.length !== 1 && <strong>{show(line.value)}</strong>}
                </p>
                <p class="cb-aside">{line.note}</p>
              </div>
              <PlayBar sweep={sweep}>
                <p class="cb-hint">{words.POINT_HINT}</p>
              </PlayBar>
            </>
          )}
          {s.view === "photo" && <Photo lab={lab} width={width} />}
          {s.view === "spectrum" && (
            <Spectrum lab={lab} width={width}>
              <SliderBox
                {...boxProps("wave")}
                {...(slid ? { text: String(slid.wave), value: slid.wave } : {})}
                onSlide={(wave) => {
                  still();
                  setSlid({ ...good, wave });
                }}
              />
            </Spectrum>
          )}
        </>
      )}
      {folded && message}
      <Fold folded={folded} summary={words.CHANGE}>
        <div class="cb-controls">
          {numberBox("stride")}
          {s.dims === 2 && numberBox("kernelHeight")}
          {numberBox("kernelWidth")}
          {s.dims === 2 && numberBox("height")}
          {numberBox("width")}
          <Menu
            label={PADDING}
            value={explicit ? "explicit" : String(good.padding)}
            options={[
              { value: "valid", label: "valid" },
              { value: "same", label: "same" },
              { value: "explicit", label: words.CROP_PIXELS },
            ]}
            onChoose={(value) => {
              still();
              commit({ ...good, padding: value === "explicit" ? [1, 1] : (value as "valid" | "same") });
            }}
          />
          {explicit && numberBox("cropBefore")}
          {explicit && numberBox("cropAfter")}
        </div>
        {!folded && message}
        <dl class="cb-readout">
          <div>
            <dt>{OUTPUT}</dt>
            <dd>
              <span class="cb-formula">
                ({s.width} {"\u2212"} 1){"\u00b7"}
                {s.stride} + {kw} = <strong>{lab.full[1]}</strong>
              </span>{" "}
              <span class="cb-aside">{words.IN_FULL[s.dims === 1 ? "cells" : "columns"]}</span>
            </dd>
          </div>
          <div>
            <dt>{words.KEPT}</dt>
            <dd>{border.kept}</dd>
          </div>
          <div>
            <dt>{words.BORDER}</dt>
            <dd>
              {border.border} <span class="cb-aside">{words.UNTIL_COMPLETE}</span>
            </dd>
          </div>
        </dl>
        <Code summary={words.CODE} snippets={code} />
        <Foot
          host={host}
          query={() => toQuery(good)}
          python={() => code[code.length - 1]!.code}
          onReset={() => {
            still();
            setNotice(null);
            commit(initial);
            setFocus(firstFocus(labOf(initial)));
          }}
        />
      </Fold>
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<PhaseLab model={model} host={host} />, el);
  return () => render(null, el);
}
