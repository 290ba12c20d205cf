/** Rounding or bug? The size of a difference, and what can explain it. */
import { render } from "preact";
import { useState } from "preact/hooks";
import facts from "../../rounding_facts.json";
import type { Problem } from "../core/fields.ts";
import type { Host, Model } from "../core/model.ts";
import { Choice, Menu, QUIET } from "../ui/controls.tsx";
import { Notice, ProblemLine } from "../ui/message.tsx";
import { Code, Examples, Foot } from "../ui/parts.tsx";
import { Prose } from "../ui/prose.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import { explain, rungName, verdict, type Device, type Dtype } from "./explain.ts";
import { Line } from "./line.tsx";
import { amountText } from "./read.ts";
import { DTYPES, FIELDS, fromQuery, PRESETS, read, readField, same, toQuery, TRAITS, write, type NumberField, type Settings } from "./settings.ts";
import { snippets, widgetCode } from "./snippets.ts";
import { amount, unitsText } from "./words.ts";

const KIND: Kind<Settings, NumberField> = { fields: FIELDS, traits: TRAITS, read, write, check: () => null, same, toQuery, fromQuery };

const HINTS: Record<NumberField, string> = {
  difference: "1.6e-4 or 2^-16",
  scale: "largest |output| or \u03a3\u00a0|x|\u00a0|w|",
  terms: "kernel \u00d7 channels in, as 5x5x64",
};

/** What is wrong with a text, in plain words, and what would do. */
function problemOf(s: Settings, field: NumberField, text: string): Problem<Settings> {
  const shown = text.trim() ? `\u201c${text.slice(0, 24)}\u201d` : "nothing";
  const range =
    field === "terms"
      ? `a whole number from 1 to ${facts.terms[1]!.toLocaleString("en-US")}, or a product such as 5x5x64`
      : `${field === "difference" ? "0, or " : ""}a number from 1e\u221230 to 1e15, such as 1.6e-4 or 2^-16`;
  return {
    message: `${FIELDS.labels[field]} is ${range}. Received: ${shown}.`,
    fixes: [{ label: `Keep ${shownText(s, field)}`, settings: s }],
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
        {HINTS[field]}
      </span>
    </div>
  );

  const answer = explain(s);
  const { says, next } = verdict(answer.kind, s.dtype);
  const rows = [{ kind: "unit" as const, limit: answer.unit }, ...answer.ladder, { kind: "geometry" as const, limit: 2 * s.scale }];
  const chosen = rows.findIndex(({ kind }) => kind === answer.kind);
  const root = document.documentElement.dataset.content_root ?? "./";
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
          label="Calculated in"
          value={s.dtype}
          options={DTYPES.map((one) => ({ value: one, label: facts.names[one] }))}
          onChoose={(one) => set({ ...s, dtype: one as Dtype })}
        />
        <Choice
          label="Where"
          value={s.device}
          options={[
            { value: "CPU", label: "Both on CPUs" },
            { value: "GPU", label: "A GPU took part" },
          ]}
          onChoose={(one) => set({ ...s, device: one as Device })}
        />
      </div>
      <ProblemLine id={errorId} problem={bad ? problemOf(good, bad, typed[bad]!) : null} onFix={set} onDismiss={() => setTyped({})} />
      <Notice text={notice} />

      <section class={`cb-rd-verdict${geometry ? " cb-rd-bug" : ""}`} aria-label="Verdict">
        <p class="cb-rd-says" aria-live="polite">
          {says}
        </p>
        <p>
          <Prose text={next} />
        </p>
        {geometry && host && (
          <p class="cb-rd-go">
            <a href={`${root}book/workbench.html#a-layer-in-two-frameworks`}>Translator: one layer in two frameworks</a>
            <a href={`${root}book/clinic.html`}>Clinic: claims put to the test</a>
          </p>
        )}
      </section>

      <Line answer={answer} q={s} chosen={chosen} />
      <ol class="cb-rd-ladder">
        {rows.map(({ kind, limit }, i) => (
          <li key={kind} class={i === chosen ? "cb-rd-here" : ""} aria-current={i === chosen ? "true" : undefined}>
            <span class={`cb-rd-key cb-rd-b${i}`}>{i + 1}</span>
            <span class="cb-rd-name">{rungName(kind, s.dtype)}</span>
            <span class="cb-rd-limit">up to {amount(limit)}</span>
          </li>
        ))}
      </ol>
      <dl class="cb-readout">
        <div>
          <dt>One unit</dt>
          <dd class="cb-formula">
            {amount(answer.unit)} is the last place of {facts.names[s.dtype]} at {amount(s.scale)}
          </dd>
        </div>
        <div>
          <dt>Yours</dt>
          <dd class="cb-formula">
            {amount(s.difference)} / {amount(answer.unit)} = <strong>{unitsText(answer.units)}</strong> units in the last place; {amount(s.difference)} /{" "}
            {amount(s.scale)} = {amount(answer.relative)} of the scale
          </dd>
        </div>
        <div>
          <dt>Never more</dt>
          <dd class="cb-formula">
            If the scale is {"\u03a3"} |x| |w|, no order of {s.terms.toLocaleString("en-US")} {s.terms === 1 ? "term" : "terms"} can differ by more than{" "}
            {amount(answer.bound)}
          </dd>
        </div>
        <div>
          <dt>Not relative</dt>
          <dd>
            Do not divide by each output. Where large terms cancel, an output can be near 0, and the same rounding is any multiple of it. Divide by the
            scale.
          </dd>
        </div>
      </dl>

      <Code summary="Code" snippets={snippets(s)} />
      <Foot host={host} query={() => toQuery(s)} python={() => widgetCode(s)} onReset={() => set(initial)} />
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Check model={model} host={host} />, el);
  return () => render(null, el);
}
