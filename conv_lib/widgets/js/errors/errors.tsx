/** The error reader: a message is pasted; its numbers are named, the cause is said, and what helps. */
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { Menu, QUIET } from "../ui/controls.tsx";
import { Notice } from "../ui/message.tsx";
import { Code, Foot } from "../ui/parts.tsx";
import { Prose } from "../ui/prose.tsx";
import { useSettings, type Kind } from "../ui/use-settings.ts";
import { useUid } from "../ui/use-uid.ts";
import * as words from "../words/en/errors.ts";
import { adviceOn, FORMS, MOST, readMessage, VERSIONS, type Reading } from "./reader.ts";
import { check, exampleOf, FIELDS, fromQuery, read, same, toQuery, TRAITS, write, type Settings } from "./settings.ts";
import { python, snippets } from "./snippets.ts";

const KIND: Kind<Settings, never> = { fields: FIELDS, traits: TRAITS, read, write, check, same, toQuery, fromQuery };
const EXAMPLES = FORMS.map((form) => ({ value: form.id, label: words.example(form.framework, form.title) }));

function ErrorReader({ model, host }: { model: Model; host: Host | null }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { good, initial, notice, setNotice, commit } = useSettings(KIND, model, host, () => setDraft(null));
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const id = useUid();
  useEffect(() => () => clearTimeout(timer.current), []);

  const text = draft ?? good.message;
  const cut = text.length > MOST;
  const reading = useMemo(() => readMessage(text), [text]);
  const code = useMemo(() => snippets(text, reading), [text, reading]);
  const example = exampleOf(text);

  const settle = (value: string) => {
    clearTimeout(timer.current);
    commit({ message: value });
  };
  const typed = (value: string) => {
    setDraft(value);
    clearTimeout(timer.current);
    // A pause ends a step that "back" undoes; each letter would be one otherwise.
    timer.current = setTimeout(() => settle(value), 600);
  };
  return (
    <div class="cb-errors">
      <div class="cb-bar">
        <label class="cb-e-label" for={id}>
          {words.PASTE_MESSAGE}
        </label>
        <Menu
          label={words.EXAMPLE_MESSAGE}
          value={example?.id ?? ""}
          options={[...(example ? [] : [{ value: "", label: words.OWN_MESSAGE }]), ...EXAMPLES]}
          onChoose={(name) => {
            const chosen = FORMS.find((form) => form.id === name);
            if (chosen) settle(chosen.example);
          }}
        />
      </div>
      <textarea
        id={id}
        class="cb-e-text"
        rows={4}
        spellcheck={false}
        autocomplete="off"
        value={text}
        placeholder="RuntimeError: ..."
        onInput={(event) => typed((event.target as HTMLTextAreaElement).value)}
        onBlur={() => draft !== null && settle(draft)}
        {...QUIET}
      />
      <p class="cb-e-status" role="status">
        {!text.trim()
          ? words.NOTHING_YET
          : reading
            ? words.known(`${FORMS.length}`, reading.form.framework, reading.form.title)
            : words.notKnown(`${FORMS.length}`)}
        {cut && ` ${words.onlyFirst(`${MOST}`)}`}
      </p>
      {reading ? <Known reading={reading} message={text} host={host} /> : text.trim() ? <Unknown message={text} /> : null}
      <Notice text={notice} />
      <Code summary={words.CODE_SUMMARY} snippets={code} />
      <Foot
        host={host}
        query={() => toQuery({ message: text })}
        python={() =>
          example ? `ErrorReader("${example.id}")` : `ErrorReader(message=${python(text.slice(0, 2000))})`
        }
        onReset={() => {
          setNotice(null);
          settle(initial.message);
        }}
      />
    </div>
  );
}

/** The message with its numbers marked, each in the colour of what it belongs to. */
function Marked({ reading }: { reading: Reading }) {
  const parts = [];
  let at = 0;
  for (const [i, number] of reading.numbers.entries()) {
    parts.push(reading.matched.slice(at, number.at[0]));
    parts.push(
      <mark key={i} class={`cb-e-mark cb-e-${number.role ?? "plain"}`}>
        {number.text}
      </mark>,
    );
    at = number.at[1];
  }
  parts.push(reading.matched.slice(at));
  return <p class="cb-e-marked" data-untranslated>{parts}</p>;
}

function Known({ reading, message, host }: { reading: Reading; message: string; host: Host | null }) {
  const { form, link } = reading;
  const root = document.documentElement.dataset.content_root ?? "./";
  const { line } = adviceOn(message);
  const same = exampleOf(message);
  const [before, after] = words.quoted(form.framework, VERSIONS[form.framework]!);
  const setting = form.environment?.TF_ENABLE_ONEDNN_OPTS === "0" ? "TF_ENABLE_ONEDNN_OPTS=0" : null;
  return (
    <div class="cb-e-reading">
      <section aria-label={words.CAUSE} class="cb-e-cause">
        <p class="cb-e-head">{words.WENT_WRONG}</p>
        <p>
          <Prose text={reading.cause} />
        </p>
      </section>
      <div class="cb-e-columns">
        <section aria-label={words.NUMBERS}>
          <p class="cb-e-head">{words.WHAT_NUMBERS}</p>
          <Marked reading={reading} />
          {reading.numbers.length > 0 && (
            <dl class="cb-e-numbers">
              {reading.numbers.map((number, i) => (
                <div key={i}>
                  <dt>
                    <span class={`cb-e-mark cb-e-${number.role ?? "plain"}`} data-untranslated>
                      {number.text}
                    </span>
                  </dt>
                  <dd>
                    <Prose text={number.what} />
                    {number.axes && <span class="cb-e-axes">{number.axes}</span>}
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </section>
        <section aria-label={words.HELPS}>
          <p class="cb-e-head">{words.HELPS}</p>
          <ul class="cb-e-fixes">
            {reading.fixes.map((fix) => (
              <li key={fix}>
                <Prose text={fix} />
              </li>
            ))}
          </ul>
          {link && host && (
            <a class="cb-button cb-e-open" href={`${root}${link.address}`}>
              {link.text} {"\u2192"}
            </a>
          )}
          {line && (
            <p class="cb-aside">
              {words.YOUR_LINE} <code class="cb-e-quoted">{line}</code>
            </p>
          )}
        </section>
      </div>
      {same && (
        <p class="cb-aside">
          {form.quoted ? (
            <>
              {before}
              <a href={form.quoted}>{form.quoted.replace("https://", "")}</a>
              {after}
            </>
          ) : (
            <Prose text={words.raised(form.framework, VERSIONS[form.framework]!, setting, form.error)} />
          )}
        </p>
      )}
    </div>
  );
}

function Unknown({ message }: { message: string }) {
  const { error, line, shapes } = adviceOn(message);
  return (
    <div class="cb-e-reading">
      <section aria-label={words.WHAT_TO_READ}>
        <p class="cb-e-head">{words.WHAT_TO_READ}</p>
        <ul class="cb-e-fixes">
          {error ? (
            <li>
              {words.LAST_LINE} <code class="cb-e-quoted">{error}</code>
            </li>
          ) : (
            <li>
              <Prose text={words.NO_LAST_LINE} />
            </li>
          )}
          {line ? (
            <li>
              {words.YOUR_LINE} <code class="cb-e-quoted">{line}</code>
            </li>
          ) : (
            <li>
              <Prose text={words.NO_LINE} />
            </li>
          )}
          {shapes.map(([shape, guess]) => (
            <li key={shape}>
              <span class="cb-e-mark cb-e-plain" data-untranslated>
                {shape}
              </span>
              {words.mayBe(guess)}
            </li>
          ))}
          <li>{words.TWO_NUMBERS}</li>
        </ul>
      </section>
    </div>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<ErrorReader model={model} host={host} />, el);
  return () => render(null, el);
}
