/** A question: typed or chosen, checked in place, remembered on this device. */
import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { QUIET } from "../ui/controls.tsx";
import { Prose } from "../ui/prose.tsx";
import { useUid } from "../ui/use-uid.ts";
import * as words from "../words/en/question.ts";
import { isChoice, judge, type Asked, type Given } from "./judge.ts";

const TRAITS = ["kind", "ask", "answer", "shown", "options", "wrong", "why", "hint", "tolerance"] as const;

/** `checked` and `opened`: whether the reader asked for a verdict, or for the answer. */
interface Kept {
  given: Given;
  checked: boolean;
  opened: boolean;
}

/** What is kept between visits. Where a browser refuses to store, nothing is. */
function shelf(name: string | null) {
  const key = `cb-question ${location.pathname}#${name}`;
  return {
    load(): Kept | null {
      if (name === null) return null;
      try {
        const kept = JSON.parse(localStorage.getItem(key) ?? "null");
        return kept && typeof kept === "object" && "given" in kept ? kept : null;
      } catch {
        return null;
      }
    },
    save(kept: Kept | null): void {
      if (name === null) return;
      try {
        if (kept) localStorage.setItem(key, JSON.stringify(kept));
        else localStorage.removeItem(key);
      } catch {
        // The answer then lives as long as the page.
      }
    },
  };
}

/** A value that came from storage or from Python, if it fits the question. */
function fitting(q: Asked, given: unknown): Given | null {
  if (!isChoice(q)) return typeof given === "string" || typeof given === "number" ? String(given) : null;
  const list = Array.isArray(given) ? given : typeof given === "number" ? [given] : null;
  return list?.every((i) => Number.isInteger(i) && i >= 0 && i < q.options.length) ? list : null;
}

function Question({ model, name }: { model: Model; name: string | null }) {
  const [q] = useState(() => Object.fromEntries(TRAITS.map((t) => [t, model.get(t)])) as unknown as Asked);
  const choice = isChoice(q);
  const blank: Kept = { given: choice ? [] : "", checked: false, opened: false };
  const [store] = useState(() => shelf(name));
  const [state, setState] = useState<Kept>(() => {
    const kept = store.load() ?? { given: model.get("given"), checked: model.get("given") != null, opened: false };
    const given = fitting(q, kept.given);
    return given === null ? blank : { given, checked: Boolean(kept.checked), opened: Boolean(kept.opened) };
  });
  const id = useUid();
  const field = useRef<HTMLInputElement>(null);
  const { given, checked, opened } = state;
  const judged = checked ? judge(q, given) : null;
  const right = judged?.verdict === "right";
  const done = right || opened;

  const show = (next: Kept) => {
    setState(next);
    const settled = next.checked || next.opened;
    store.save(settled ? next : null);
    const verdict = next.checked ? judge(q, next.given).verdict : "unread";
    const value = q.kind === "one" ? ((next.given[0] as number | undefined) ?? null) : next.given;
    model.set("given", next.given.length ? value : null);
    model.set("correct", verdict === "unread" ? null : verdict === "right");
    model.save_changes();
  };
  const check = () => show({ given, checked: true, opened: false });
  /** A new answer takes the verdict back; an empty one also forgets what was kept. */
  const answer = (value: Given) => {
    if (value.length === 0) show(blank);
    else setState({ given: value, checked: false, opened: false });
  };

  useEffect(() => {
    const changed = () => {
      const value = model.get("given");
      const next = value == null ? blank.given : fitting(q, value);
      if (next !== null && JSON.stringify(next) !== JSON.stringify(latest.current)) {
        show({ given: next, checked: value != null, opened: false });
      }
    };
    model.on("change:given", changed);
    return () => model.off("change:given", changed);
  }, [model]);
  const latest = useRef(given);
  latest.current = given;

  const mood = right ? "right" : opened ? "opened" : (judged?.verdict ?? "open");
  const sign = { right: "\u2713", wrong: "\u2717", opened: "=", unread: "?", open: "?" }[mood];
  return (
    <form
      class={`cb-question cb-is-${mood}`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
      onKeyDown={(event) => {
        // JupyterLab keeps Enter from submitting the form.
        if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        event.stopPropagation();
        check();
      }}
    >
      <span class="cb-sign" aria-hidden="true">
        {sign}
      </span>
      <p class="cb-ask" id={`${id}-ask`}>
        <Prose text={q.ask} />
        {q.kind === "several" && <span class="cb-aside"> {words.SEVERAL}</span>}
      </p>
      <div class="cb-reply">
        {choice ? (
          <div class="cb-options" role={q.kind === "one" ? "radiogroup" : "group"} aria-labelledby={`${id}-ask`}>
            {q.options.map((option, i) => (
              <label key={option}>
                <input
                  ref={i === 0 ? field : undefined}
                  type={q.kind === "one" ? "radio" : "checkbox"}
                  name={`${id}-option`}
                  checked={(given as number[]).includes(i)}
                  onChange={(event) => {
                    const { checked: on } = event.target as HTMLInputElement;
                    const rest = q.kind === "one" ? [] : (given as number[]).filter((j) => j !== i);
                    answer(on ? [...rest, i].sort((a, b) => a - b) : rest);
                  }}
                  {...QUIET}
                />
                <span>
                  <Prose text={option} />
                </span>
              </label>
            ))}
          </div>
        ) : (
          <input
            ref={field}
            class="cb-typed"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            aria-labelledby={`${id}-ask`}
            aria-describedby={`${id}-said`}
            aria-invalid={judged?.verdict === "wrong"}
            placeholder={q.kind === "shape" && q.answer.length > 2 ? "(\u2026, \u2026, \u2026)" : words.PLACEHOLDERS[q.kind as keyof typeof words.PLACEHOLDERS]}
            value={given as string}
            onInput={(event) => answer((event.target as HTMLInputElement).value)}
            {...QUIET}
          />
        )}
        <span class="cb-buttons">
          {!done && (
            <button type="submit" class="cb-button">
              {words.CHECK}
            </button>
          )}
          {!done && (
            <button type="button" class="cb-plain" onClick={() => show({ given, checked, opened: true })}>
              {words.SHOW_ANSWER}
            </button>
          )}
          {done && (
            <button
              type="button"
              class="cb-plain"
              onClick={() => {
                show(blank);
                field.current?.focus();
              }}
            >
              {words.CLEAR}
            </button>
          )}
        </span>
      </div>
      <div class={`cb-said${judged || opened ? " cb-open" : ""}`} id={`${id}-said`} role="status">
        <div>
          {opened ? (
            <p>
              <strong>
                {words.ANSWER[0]}
                <Prose text={q.shown} />
                {words.ANSWER[1]}
              </strong>{" "}
              <Prose text={q.why} />
            </p>
          ) : (
            judged && (
              <p>
                {judged.verdict !== "unread" && <strong>{right ? words.RIGHT : words.NOT_YET} </strong>}
                <Prose text={judged.text} />
              </p>
            )
          )}
        </div>
      </div>
    </form>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(<Question model={model} name={host ? el.id : null} />, el);
  return () => render(null, el);
}
