/** Rounding or bug? The size of a difference, and what can explain it. */
import { render } from "preact";
import { useState } from "preact/hooks";
import facts from "../../rounding_facts.json";
import type { Problem } from "../core/fields.ts";
import type { Host, Model } from "../core/model.ts";
import { whole } from "../core/numbers.ts";
import { Choice, Menu, QUIET } from "../ui/controls.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Foot } from "../ui/parts.tsx";
import { Prose } from "../ui/prose.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { CODE, keep, received } from "../words/en/shared.ts";
import * as words from "../words/en/rounding.ts";
import { explain, rungName, verdict, type Device, type Dtype } from "./explain.ts";
import { Line } from "./line.tsx";
import { amount, unitsText } from "./numbers.ts";
import { amountText } from "./read.ts";
import { DTYPES, FIELDS, fromQuery, PRESETS, read, readField, same, toQuery, TRAITS, write, type NumberField, type Settings } from "./settings.ts";
import { snippets, widgetCode } from "./snippets.ts";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check: () => null, same, toQuery, fromQuery };

/** What is wrong with a text, in plain words, and what would do. */
function problemOf(s: Settings, field: NumberField, text: string): Problem<Settings> {
  const label = FIELDS.labels[field];
  return {
    message:
      field === "terms"
        ? words.wrongTerms(label, whole(facts.terms[1]!), received(text))
        : words.wrongAmount(label, field === "difference", received(text)),
    fixes: [{ label: keep(shownText(s, field)), settings: s }],
  };
}

const shownText = (s: Settings, field: NumberField) => (field === "terms" ? String(s.terms) : amountText(s[field]));

function Check({ model, host }: { model: Model; host: Host | null }) {
  const [typed, setTyped] = useState<Partial<Record<NumberField, string>>>({});
  const { good, initial, notice, commit } = useSettings(KIND, model, host, () => setTyped({}));
  const id = useUid();
  const errorId = `${id}-error`;

  // What is being typed is shown at once; Enter, or leaving the field, makes it a step that "back" undoes.
  let s = good;
  let bad: NumberField | null = null;
  for (const [field, text] of Object.entries(typed) as [NumberField, string][]) {
    const value = readField(field, text);
    if (value === null) bad = field;
    else s = { ...s, [field]: value };
  }
  const set = (next: Settings) => {
    setTyped({});
    commit(next);
  };
  const accept = () => {
    if (!bad) set(s);
  };

  const box = (field: NumberField) => (
    <div class="cb-field" key={field}>
      <label for={`${id}-${field}`}>{FIELDS.labels[field]}</label>
      <input
        id={`${id}-${field}`}
        class={`cb-rd-box${typed[field] !== undefined && readField(field, typed[field]!) === null ? " cb-invalid" : ""}`}
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={typed[field] ?? shownText(good, field)}
        aria-invalid={typed[field] !== undefined && readField(field, typed[field]!) === null}
        aria-describedby={`${id}-${field}-hint${bad === field ? ` ${errorId}` : ""}`}
        onInput={(event) => setTyped({ ...typed, [field]: (event.target as HTMLInputElement).value })}
        onChange={accept}
        onKeyDown={(event) => {
          if (event.key === "Enter") accept();
          if (event.key === "Escape") setTyped({});
          event.stopPropagation();
        }}
        {...QUIET}
      />
      <span id={`${id}-${field}-hint`} class="cb-rd-hint">
        {words.HINTS[field]}
      </span>
    </div>
  );

  const answer = explain(s);
  const { says, next } = verdict(answer.kind, s.dtype);
  const rows = [{ kind: "unit" as const, limit: answer.unit }, ...answer.ladder, { kind: "geometry" as const, limit: 2 * s.scale }];
  const chosen = rows.findIndex(({ kind }) => kind === answer.kind);
  const root = document.documentElement.dataset.content_root ?? "./";
  const [beforeUnits, afterUnits] = words.yours(amount(s.difference), amount(answer.unit), amount(s.scale), amount(answer.relative));
  const geometry = answer.kind === "geometry" || answer.kind === "scale";

  return (
    <div class="cb-rounding">
      <div class="cb-rd-first">
        <Examples presets={PRESETS} current={PRESETS.find((one) => same(one.settings, s))} onChoose={(one) => set(one.settings)} />
      </div>
      <div class="cb-rd-fields">
        {box("difference")}
        {box("scale")}
        {box("terms")}
      </div>
      <div class="cb-rd-choices">
        <Menu
          label={words.CALCULATED_IN}
          value={s.dtype}
          options={DTYPES.map((one) => ({ value: one, label: facts.names[one] }))}
          onChoose={(one) => set({ ...s, dtype: one as Dtype })}
        />
        <Choice
          label={words.WHERE}
          value={s.device}
          options={[
            { value: "CPU", label: words.DEVICES.CPU },
            { value: "GPU", label: words.DEVICES.GPU },
          ]}
          onChoose={(one) => set({ ...s, device: one as Device })}
        />
      </div>
      <ProblemLine id={errorId} problem={bad ? problemOf(good, bad, typed[bad]!) : null} onFix={set} onDismiss={() => setTyped({})} />
      <Notice text={notice} />

      <section class={`cb-rd-verdict${geometry ? " cb-rd-bug" : ""}`} aria-label={words.VERDICT}>
        <p class="cb-rd-says" aria-live="polite">
          {says}
        </p>
        <p>
          <Prose text={next} />
        </p>
        {geometry && host && (
          <p class="cb-rd-go">
            <a href={`${root}book/workbench.html#a-layer-in-two-frameworks`}>{words.TO_TRANSLATOR}</a>
            <a href={`${root}book/clinic.html`}>{words.TO_CLINIC}</a>
          </p>
        )}
      </section>

      <Line answer={answer} q={s} chosen={chosen} />
      <ol class="cb-rd-ladder">
        {rows.map(({ kind, limit }, i) => (
          <li key={kind} class={i === chosen ? "cb-rd-here" : ""} aria-current={i === chosen ? "true" : undefined}>
            <span class={`cb-rd-key cb-rd-b${i}`}>{i + 1}</span>
            <span class="cb-rd-name">{rungName(kind, s.dtype)}</span>
            <span class="cb-rd-limit">{words.upTo(amount(limit))}</span>
          </li>
        ))}
      </ol>
      <dl class="cb-readout">
        <div>
          <dt>{words.ONE_UNIT}</dt>
          <dd class="cb-formula">{words.oneUnit(amount(answer.unit), facts.names[s.dtype], amount(s.scale))}</dd>
        </div>
        <div>
          <dt>{words.YOURS}</dt>
          <dd class="cb-formula">
            {beforeUnits}
            <strong>{unitsText(answer.units)}</strong>
            {afterUnits}
          </dd>
        </div>
        <div>
          <dt>{words.NEVER_MORE}</dt>
          <dd class="cb-formula">{words.neverMore(s.terms, whole(s.terms), amount(answer.bound))}</dd>
        </div>
        <div>
          <dt>{words.NOT_RELATIVE}</dt>
          <dd>{words.WHY_NOT_RELATIVE}</dd>
        </div>
      </dl>

      <Code summary={CODE} snippets={snippets(s)} />
      <Foot host={host} query={() => toQuery(s)} python={() => widgetCode(s)} onReset={() => set(initial)} />
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Check model={model} host={host} />, el);
  return () => render(null, el);
}
