/** The controls that our widgets share: number box with steps, choice, menu, copy button. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useUid } from "./use-uid.ts";
import * as words from "../words/en/shared.ts";

/** JupyterLab would otherwise take arrow keys and letters for its own shortcuts. */
export const QUIET = { "data-lm-suppress-shortcuts": "true" } as const;

interface NumberBoxProps {
  label: string;
  /** What the box shows: the value, or a text that could not be used. */
  text: string;
  value: number;
  low: number;
  high: number;
  invalid: boolean;
  describedBy: string;
  onText(text: string): void;
}

/** A whole number: typed, stepped with the arrow keys, or with the two buttons. */
export function NumberBox(props: NumberBoxProps) {
  const id = useUid();
  const { label, value, low, high, text, onText } = props;
  const from = /^[+-]?\d{1,6}$/.test(text.trim()) ? Number(text) : value;
  const step = (by: number) => onText(String(Math.min(Math.max(from + by, low), high)));
  const key = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (by === undefined) return;
    step(by);
    event.preventDefault();
    event.stopPropagation();
  };
  // The buttons repeat what the arrow keys do, so they are left out of the tab order and the accessibility tree.
  return (
    <div class="cb-field">
      <label for={id}>{label}</label>
      <div class={`cb-stepper${props.invalid ? " cb-invalid" : ""}`}>
        <button type="button" tabIndex={-1} aria-hidden="true" disabled={from <= low} onClick={() => step(-1)}>
          {"\u2212"}
        </button>
        <input
          id={id}
          type="text"
          inputMode="numeric"
          autocomplete="off"
          role="spinbutton"
          aria-valuenow={value}
          aria-valuemin={low}
          aria-valuemax={high}
          aria-valuetext={text}
          aria-invalid={props.invalid}
          aria-describedby={props.invalid ? props.describedBy : undefined}
          value={text}
          onInput={(event) => onText((event.target as HTMLInputElement).value)}
          onKeyDown={key}
          {...QUIET}
        />
        <button type="button" tabIndex={-1} aria-hidden="true" disabled={from >= high} onClick={() => step(1)}>
          +
        </button>
      </div>
    </div>
  );
}

interface Option {
  value: string;
  label: string;
}

interface ChoiceProps {
  label: string;
  value: string;
  options: Option[];
  onChoose(value: string): void;
}

/** Two or three alternatives, all visible. */
export function Choice({ label, value, options, onChoose }: ChoiceProps) {
  const name = useUid();
  return (
    <fieldset class="cb-choice" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} class={option.value === value ? "cb-chosen" : ""}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
            {...QUIET}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A menu of many alternatives. */
export function Menu({
  label,
  value,
  options,
  onChoose,
  invalid = false,
}: ChoiceProps & { invalid?: boolean }) {
  const id = useUid();
  return (
    <div class="cb-field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class={invalid ? "cb-invalid" : ""}
        value={value}
        onChange={(event) => onChoose((event.target as HTMLSelectElement).value)}
        {...QUIET}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Copies text; says so for two seconds. Where a page may not use the clipboard, the text is shown selected. */
export function CopyButton({ text, children }: { text: () => string; children: ComponentChildren }) {
  const [state, setState] = useState<"idle" | "done" | "refused">("idle");
  const shown = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (state === "refused") shown.current?.select();
    if (state !== "done") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      setState("done");
    } catch {
      setState("refused");
    }
  };
  return (
    <span class="cb-copy">
      <button type="button" class="cb-button" onClick={copy}>
        {children}
      </button>
      <span role="status" class="cb-copied">
        {state === "done" ? words.COPIED : ""}
      </span>
      {state === "refused" && (
        <input ref={shown} readOnly class="cb-copy-text" aria-label={words.TEXT_TO_COPY} value={text()} {...QUIET} />
      )}
    </span>
  );
}

/** Tabs with one panel; arrow keys move between them. */
export function Tabs({
  label,
  names,
  current,
  onChoose,
  children,
}: {
  label: string;
  names: string[];
  current: number;
  onChoose(index: number): void;
  children: ComponentChildren;
}) {
  const id = useUid();
  const list = useRef<HTMLDivElement>(null);
  const go = (index: number) => {
    const next = (index + names.length) % names.length;
    onChoose(next);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="cb-tabs">
      <div ref={list} role="tablist" aria-label={label}>
        {names.map((name, i) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-tab-${i}`}
            aria-selected={i === current}
            aria-controls={`${id}-panel`}
            tabIndex={i === current ? 0 : -1}
            onClick={() => onChoose(i)}
            onKeyDown={(event) => {
              const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
              if (by === undefined) return;
              go(current + by);
              event.preventDefault();
              event.stopPropagation();
            }}
            {...QUIET}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${current}`}>
        {children}
      </div>
    </div>
  );
}
