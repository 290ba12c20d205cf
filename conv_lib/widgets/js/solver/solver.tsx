/** The size solver: from one size to another, every setting that does it; or from one setting, every size. */
import { render } from "preact";
import { useMemo, useState } from "preact/hooks";
import { fullSize } from "../core/shapes.ts";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu, NumberBox, QUIET } from "../ui/controls.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Foot } from "../ui/parts.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import * as words from "../words/en/solver.ts";
import { APPENDED_ZERO, CONVOLUTION, IN_PIXELS, PADDING, TRANSPOSED } from "../words/en/shared.ts";
import { fromQuery, sameSettings, toQuery } from "./link.ts";
import { fullOf, planOf, stripOf, type Plan } from "./plan.ts";
import { phrase, readQuestion } from "./read.ts";
import {
  answersOf,
  FIELDS,
  FRAMEWORK_NAMES,
  FRAMEWORKS,
  MOST_SHOWN,
  pairText,
  type Answers,
  type NumberField,
  type Settings,
} from "./settings.ts";
import { snippets, widgetCode } from "./snippets.ts";
import { convSizes, legalSizes, type LegalSize, type Pad, type Pair, type Rectangular, type Setting } from "./solve.ts";
import { Strip } from "./strip.tsx";
import { PRESETS, presetOf, readModel, TRAITS, writeModel } from "./traits.ts";
import { aloneWords, argumentWords, costWords, countOf, formulas, fullFormula, headline, middleOf, nearestPairs, others, shapeWords, takers, wholeWindow, windowWords } from "./words.ts";

const KIND: Kind<Settings, NumberField> = {
  fields: FIELDS,
  traits: TRAITS,
  read: readModel,
  write: writeModel,
  check: () => null,
  same: sameSettings,
  toQuery,
  fromQuery,
};

const FIRST_SHOWN = 6;

function Solver({ model, host }: { model: Model; host: Host | null }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [more, setMore] = useState(false);
  const { good, initial, problem, drafts, notice, setNotice, commit, box, dismiss } = useSettings(KIND, model, host, () => {
    setTyped(null);
    setMore(false);
  });
  const id = useUid();
  const errorId = `${id}-error`;

  // What is being typed is shown at once; Enter, or leaving the field, makes it a step that "back" undoes.
  const reading = useMemo(() => (typed === null ? null : readQuestion(typed, good)), [typed, good]);
  const s = reading?.settings ?? good;
  const answers = useMemo(() => answersOf(s), [toQuery({ ...s, framework: "keras", pick: 0 })]);
  const accept = () => {
    if (reading?.settings) commit(reading.settings);
  };
  const set = (change: Partial<Settings>) => commit({ ...s, pick: 0, ...change });

  const boxProps = (field: NumberField) => {
    const props = box(field, errorId, accept);
    const any = (field === "kernel" || field === "stride") && s.ask === "settings";
    const now = FIELDS.get(s, field);
    const text = drafts[field] ?? (any && now === 0 ? words.ANY : String(now));
    return {
      ...props,
      value: now,
      low: any ? 0 : Math.max(props.low, field === "pixels" ? 0 : 1),
      text,
      onText: (next: string) => props.onText(any && ["", words.ANY].includes(next.trim().toLowerCase()) ? "0" : next),
    };
  };
  const number = (field: NumberField) => <NumberBox key={field} {...boxProps(field)} />;
  const paddingKind = typeof s.padding === "number" ? "pixels" : (s.padding ?? "any");

  const answer = answers[s.framework];
  const shown = answer.rectangular ? [answer.rectangular] : answer.settings.slice(0, MOST_SHOWN);
  const full = fullOf(s, planOf(s, answer.window));
  const idle = shown.length > 0 && wholeWindow(s, answer.window, full);
  const crop = (s.pick < 0 && !idle) || !shown.length;
  const picked = crop ? answer.window : shown[Math.min(Math.max(s.pick, 0), shown.length - 1)]!;
  const plan = useMemo(() => planOf(s, picked), [s, picked]);
  const code = useMemo(() => snippets(s, plan), [s, plan]);

  return (
    <div class="cb-solver">
      <form
        class="cb-s-search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          accept();
        }}
      >
        <label for={`${id}-ask`}>{words.ASK}</label>
        <input
          id={`${id}-ask`}
          type="text"
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="go"
          maxLength={20000}
          placeholder={words.PLACEHOLDER}
          value={typed ?? phrase(good)}
          aria-describedby={`${id}-read`}
          onInput={(event) => setTyped((event.target as HTMLInputElement).value)}
          onChange={accept}
          onKeyDown={(event) => {
            if (event.key === "Escape") setTyped(null);
            event.stopPropagation();
          }}
          {...QUIET}
        />
        <p id={`${id}-read`} class="cb-s-read" role="status">
          {reading?.notes.join(" ") || words.SUCH_AS}
        </p>
      </form>

      <div class="cb-s-first">
        <Examples presets={PRESETS} current={presetOf(s)} onChoose={(chosen) => commit(chosen.settings)} />
      </div>
      <details class="cb-code cb-s-hand">
        <summary>{words.BY_HAND}</summary>
        <div class="cb-bar">
          <Choice
            label={words.LAYER}
            value={s.direction}
            options={[
              { value: "up", label: TRANSPOSED },
              { value: "down", label: CONVOLUTION },
            ]}
            onChoose={(v) => {
              const direction = v as Settings["direction"];
              if (direction === s.direction) return;
              const turn = s.ask === "settings" && (s.wanted[0] * s.wanted[1] - s.size[0] * s.size[1]) * (direction === "up" ? 1 : -1) < 0;
              set({ direction, ...(turn ? { size: s.wanted, wanted: s.size } : {}) });
            }}
          />
          <Choice
            label={words.QUESTION}
            value={s.ask}
            options={[
              { value: "settings", label: words.WHICH_SETTING },
              { value: "sizes", label: words.WHICH_SIZES },
            ]}
            onChoose={(v) => set({ ask: v as Settings["ask"] })}
          />
        </div>

        <div class="cb-s-controls">
          {number("height")}
          {number("width")}
          {s.ask === "settings" && number("toHeight")}
          {s.ask === "settings" && number("toWidth")}
          {number("kernel")}
          {number("stride")}
          <Menu
            label={PADDING}
            value={paddingKind}
            options={[
              { value: "any", label: s.ask === "settings" ? words.ANY : words.VALID_AND_SAME },
              { value: "valid", label: "valid" },
              { value: "same", label: "same" },
              { value: "pixels", label: IN_PIXELS },
            ]}
            onChoose={(v) => set({ padding: v === "any" ? null : v === "pixels" ? 1 : (v as Pad) })}
          />
          {paddingKind === "pixels" && number("pixels")}
          {number("dilation")}
        </div>
      </details>
      <ProblemLine id={errorId} problem={problem} onFix={commit} onDismiss={dismiss} />
      <Notice text={notice} />

      {s.ask === "settings" ? (
        <>
          <p class="cb-s-headline" aria-live="polite">
            <span class="cb-name cb-name-input">{pairText(s.size)}</span> {"\u2192"}{" "}
            <span class="cb-name cb-name-output">{pairText(s.wanted)}</span> <span class="cb-s-how">{headline(s, answers)}</span>
          </p>
          <Choice
            label={words.FRAMEWORK}
            value={s.framework}
            options={FRAMEWORKS.map((one) => ({ value: one, label: `${FRAMEWORK_NAMES[one]} (${countOf(answers[one])})` }))}
            onChoose={(v) => commit({ ...s, framework: v as Settings["framework"], pick: 0 })}
          />
          {!answer.settings.length && <Why s={s} answers={answers} onGo={set} />}
          <TwoLayers s={s} onGo={set} />
          <fieldset class="cb-s-cards" role="radiogroup" aria-label={words.ANSWERS}>
            {shown.slice(0, more || s.pick >= FIRST_SHOWN ? MOST_SHOWN : FIRST_SHOWN).map((one, i) => (
              <Card
                key={i}
                name={`${id}-pick`}
                s={s}
                plan={planOf(s, one)}
                title={shapeWords(one)}
                detail={argumentWords(one)}
                setting={one}
                chosen={!crop && i === Math.min(Math.max(s.pick, 0), shown.length - 1)}
                onChoose={() => commit({ ...s, pick: i })}
              />
            ))}
            {!idle && (
              <Card
                name={`${id}-pick`}
                s={s}
                plan={planOf(s, answer.window)}
                title={words.crop(s.direction === "up", shapeWords(answer.window))}
                detail={windowWords(s, answer.window, full)}
                setting={null}
                chosen={crop}
                onChoose={() => commit({ ...s, pick: -1 })}
              />
            )}
          </fieldset>
          {shown.length > FIRST_SHOWN && !more && s.pick < FIRST_SHOWN && (
            <button type="button" class="cb-button" onClick={() => setMore(true)}>
              {words.more(shown.length - FIRST_SHOWN)}
            </button>
          )}
          <Legend s={s} />
          <dl class="cb-readout">
            {formulas(s, plan).map(({ name, steps }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd class="cb-formula">
                  {steps.map((step, i) => (
                    <span key={i} class="cb-s-step">
                      {step}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <Code summary={words.CODE} snippets={code} />
        </>
      ) : (
        <Sizes s={s} onGo={set} />
      )}
      <Foot
        host={host}
        query={() => toQuery(s)}
        python={() => widgetCode(s)}
        onReset={() => {
          setTyped(null);
          setNotice(null);
          commit(initial);
        }}
      />
    </div>
  );
}

interface CardProps {
  name: string;
  s: Settings;
  plan: Plan;
  title: string;
  detail: string;
  setting: Setting | Rectangular | null;
  chosen: boolean;
  onChoose(): void;
}

function Card({ name, s, plan, title, detail, setting, chosen, onChoose }: CardProps) {
  const alike =
    s.size[0] === s.size[1] &&
    s.wanted[0] === s.wanted[1] &&
    [plan.kernel, plan.stride, plan.window].every(([rows, columns]) => String(rows) === String(columns));
  const up = s.direction === "up";
  const overlap = setting ? words.OVERLAP[s.direction][setting.overlap] : null;
  return (
    <label class={`cb-s-card${chosen ? " cb-s-chosen" : ""}`}>
      <span class="cb-s-title">
        <input type="radio" name={name} checked={chosen} onChange={onChoose} {...QUIET} />
        <span>{title}</span>
        {overlap && (
          <span class={`cb-badge cb-s-${setting!.overlap}`} title={overlap[1]}>
            {overlap[0]}
          </span>
        )}
      </span>
      <span class="cb-s-detail">{setting ? <code>{detail}</code> : detail}</span>
      <Strip cells={stripOf(s, plan, 0)} up={up} name={alike ? null : words.AXES[0]!} />
      {!alike && <Strip cells={stripOf(s, plan, 1)} up={up} name={words.AXES[1]!} />}
      <span class="cb-s-cost">{setting ? costWords(setting, s) : words.EVERYWHERE}</span>
    </label>
  );
}

/** Why there is no setting, and where to go. */
function Why({ s, answers, onGo }: { s: Settings; answers: Answers; onGo(change: Partial<Settings>): void }) {
  const pairs = useMemo(() => nearestPairs(s, answers), [s, answers]);
  const elsewhere = others(s, answers);
  const { reason, rectangular } = answers[s.framework];
  const loose = s.kernel || s.stride || s.padding !== null;
  return (
    <div class="cb-s-why">
      <p>
        {[reason, ...(rectangular ? [words.RECTANGULAR_DOES] : [aloneWords(s), words.anyCase(s.direction === "up")])].filter(Boolean).join(" ")}
      </p>
      <p class="cb-s-go">
        {pairs.map((pair) => (
          <button type="button" class="cb-button" key={pair.join()} onClick={() => onGo({ wanted: pair })}>
            {words.reach(pairText(pair))}
          </button>
        ))}
        {elsewhere.map((one) => (
          <button type="button" class="cb-button" key={one} onClick={() => onGo({ framework: one })}>
            {words.can(FRAMEWORK_NAMES[one])}
          </button>
        ))}
        {loose && (
          <button type="button" class="cb-button" onClick={() => onGo({ kernel: 0, stride: 0, padding: null })}>
            {words.ANY_SETTING}
          </button>
        )}
      </p>
    </div>
  );
}

/** A step by 4, 6, 9, ... is often made in two. */
function TwoLayers({ s, onGo }: { s: Settings; onGo(change: Partial<Settings>): void }) {
  const between = middleOf(s);
  if (!between) return null;
  return (
    <p class="cb-aside cb-s-two">
      {words.twoLayers([s.size, between, s.wanted].map((pair) => pairText(pair)).join(" \u2192 "))}{" "}
      <button type="button" class="cb-button cb-s-small" onClick={() => onGo({ wanted: between, kernel: 0, stride: 0, padding: "same" })}>
        {words.SHOW_FIRST}
      </button>
    </p>
  );
}

function Legend({ s }: { s: Settings }) {
  const up = s.direction === "up";
  const [met, pixels] = words.LEGEND[s.direction];
  return (
    <p class="cb-legend cb-s-legend">
      <span>
        <span class="cb-swatch cb-s-key-bar" aria-hidden="true" /> {met}
      </span>
      <span>
        <span class={`cb-swatch cb-s-key-${up ? "kept" : "data"}`} aria-hidden="true" /> {pixels}
      </span>
      {!up && (
        <span>
          <span class="cb-swatch cb-s-key-padding" aria-hidden="true" /> {words.LEGEND.padding}
        </span>
      )}
      <span>
        <span class="cb-swatch cb-s-key-cropped" aria-hidden="true" /> {words.LEGEND.cutOff}
      </span>
      {up && (
        <span>
          <span class="cb-swatch cb-s-key-appended" aria-hidden="true" /> {APPENDED_ZERO}
        </span>
      )}
    </p>
  );
}

/** Every size that one setting gives, and who gives it. */
function Sizes({ s, onGo }: { s: Settings; onGo(change: Partial<Settings>): void }) {
  const up = s.direction === "up";
  const shape = [s.kernel, s.stride, s.dilation] as const;
  const paddings: Pad[] = s.padding === null ? ["valid", "same"] : [s.padding];
  const axes = s.size[0] === s.size[1] ? ([0] as const) : ([0, 1] as const);
  return (
    <>
      <p class="cb-s-headline" aria-live="polite">
        <span class="cb-name cb-name-input">{pairText(s.size)}</span>{" "}
        <span class="cb-s-how">{words.through(up, ...shape)}</span>
      </p>
      {paddings.map((padding) =>
        axes.map((which) => {
          const size = s.size[which];
          const one = up ? null : convSizes(size, shape, padding);
          const rows: LegalSize[] = up ? legalSizes(size, shape, padding) : one ? [one] : [];
          return (
            <section key={`${padding}-${which}`} class="cb-s-group">
              <p class="cb-s-subhead">
                {words.withPadding(padding, axes.length > 1 ? words.AXES[which]! : "", size)}
              </p>
              {up && rows.length > 0 && <p class="cb-aside cb-formula">{words.fullResult(fullFormula(size, s))}</p>}
              {rows.length === 0 && (
                <p class="cb-aside">{up ? words.CROPS_ALL : words.doesNotFit((s.kernel - 1) * s.dilation + 1, size)}</p>
              )}
              <ul class={rows.length > 8 ? "cb-s-long" : ""} {...(rows.length > 8 ? { tabIndex: 0, "aria-label": words.sizesFrom(size) } : {})}>
                {rows.map((row) => (
                  <li key={row.size}>
                    <button
                      type="button"
                      class="cb-button cb-s-size"
                      aria-label={words.showSettings(size, row.size)}
                      onClick={() => {
                        const other = (axis: 0 | 1) => restOf(s, axis, padding);
                        const wanted: Pair =
                          axes.length === 1 ? [row.size, row.size] : which ? [other(0), row.size] : [row.size, other(1)];
                        onGo({ ask: "settings", wanted, padding });
                      }}
                    >
                      {size} {"\u2192"} {row.size}
                    </button>
                    <div>
                      <span class="cb-s-takers">
                        {takers(row, up).map((badge) => (
                          <span key={badge.text} class={`cb-badge${badge.first ? " cb-badge-first" : ""}`}>
                            {badge.text}
                          </span>
                        ))}
                      </span>
                      {rows.length <= 8 && <Strip cells={stripOf({ ...s, wanted: [row.size, row.size] }, rowPlan(s, row, size), which)} up={up} name={null} />}
                      <span class="cb-aside cb-s-note">{note(s, shape, padding, row, size)}</span>
                    </div>
                  </li>
                ))}
              </ul>
            </section>
          );
        }),
      )}
      <Legend s={s} />
    </>
  );
}

/** What a size keeps, as a plan for its strip. */
function rowPlan(s: Settings, row: LegalSize, size: number): Plan {
  const window = s.direction === "up" ? ([row.start, row.stop] as const) : ([row.start ? -row.start : 0, size + row.stop] as const);
  return { kernel: [s.kernel, s.kernel], stride: [s.stride, s.stride], dilation: s.dilation, window: [window, window] };
}

/** The default size of the other axis. */
function restOf(s: Settings, which: 0 | 1, padding: Pad): number {
  const shape = [s.kernel, s.stride, s.dilation] as const;
  if (s.direction === "down") return convSizes(s.size[which], shape, padding)?.size ?? 1;
  const rows = legalSizes(s.size[which], shape, padding);
  return (rows.find((row) => row.kerasDefault) ?? rows[0])?.size ?? 1;
}

/** What a legal size keeps of the full result; or what a convolution makes of its neighbours. */
function note(s: Settings, shape: readonly [number, number, number], padding: Pad, row: LegalSize, size: number): string {
  if (s.direction === "up") {
    const full = fullSize(size, { kernel: s.kernel, stride: s.stride, dilation: s.dilation, padding: "valid" });
    return words.cuts(row.start, full - row.stop, Math.max(row.stop - Math.max(full, row.start), 0));
  }
  const alike = legalSizes(row.size, shape, padding).map((one) => one.size);
  return words.inputsGive(row.start, row.stop, alike[0]!, alike[alike.length - 1]!, row.size);
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Solver model={model} host={host} />, el);
  return () => render(null, el);
}
