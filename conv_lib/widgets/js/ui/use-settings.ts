/**
 * The settings of a widget: the last good ones are shown; texts that could not be used wait beside them.
 * Changes come from the reader, from Python, and from links and the browser's history; all are checked.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import { rangeProblem, type Fields, type Problem } from "../core/fields.ts";
import type { Host, Model } from "../core/model.ts";

/** Everything that a widget says about its settings. */
export interface Kind<S, F extends string> {
  fields: Fields<S, F>;
  /** Names of the traits that hold the settings. */
  traits: readonly string[];
  read(model: Model): S;
  write(model: Model, s: S): void;
  check(s: S): Problem<S> | null;
  same(a: S, b: S): boolean;
  toQuery(s: S): string;
  fromQuery(query: string, base: S): { settings: S; message: string | null };
}

/** Who changed the settings. */
export type Source = "reader" | "python" | "link";

export function useSettings<S, F extends string>(
  kind: Kind<S, F>,
  model: Model,
  host: Host | null,
  /** Called after other settings are shown. */
  onShown: (s: S, before: S, source: Source) => void,
) {
  const { fields } = kind;
  const initial = useRef<S>(null as S);
  initial.current ??= kind.read(model);
  const [good, setGood] = useState<S>(initial.current!);
  const latest = useRef(good);
  const [drafts, setDrafts] = useState<Partial<Record<F, string>>>({});
  const [problem, setProblem] = useState<Problem<S> | null>(null);
  const [notice, setNotice] = useState<string | null>(null);
  const shown = useRef(onShown);
  shown.current = onShown;

  const settled = () => {
    setDrafts({});
    setProblem(null);
    setNotice(null);
  };
  /** Shows settings that are known to be legal. */
  const show = (s: S, source: Source) => {
    const before = latest.current;
    latest.current = s;
    setGood(s);
    settled();
    shown.current(s, before, source);
  };
  /** Takes a reader's change: shown, sent to Python, remembered as a step that "back" undoes. */
  const commit = (s: S) => {
    const next = fields.settle(s);
    const found = kind.check(next);
    if (found) {
      setProblem(found);
      return;
    }
    if (kind.same(next, latest.current)) {
      settled();
      return;
    }
    show(next, "reader");
    kind.write(model, next);
    host?.remember(kind.toQuery(next));
  };
  /** A text in a number box: all texts that could not be used so far are tried again with it. */
  const draft = (field: F, text: string) => {
    const next = { ...drafts, [field]: text };
    let s = latest.current;
    for (const [name, value] of Object.entries(next) as [F, string][]) {
      const bad = rangeProblem(fields, s, name, value);
      if (bad) {
        setDrafts(next);
        setProblem(bad);
        return;
      }
      s = fields.set(s, name, Number(value));
    }
    const found = kind.check(fields.settle(s));
    if (found) {
      setDrafts(next);
      setProblem(found);
      return;
    }
    commit(s);
  };

  useEffect(() => {
    let waiting = false;
    const changed = () => {
      // Python may change several traits in one message: they are read together.
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        const s = kind.read(model);
        if (kind.same(s, latest.current)) return;
        const found = kind.check(s);
        if (found) setProblem(found);
        else show(s, "python");
      });
    };
    for (const name of kind.traits) model.on(`change:${name}`, changed);
    return () => {
      for (const name of kind.traits) model.off(`change:${name}`, changed);
    };
  }, [model]);

  useEffect(
    () =>
      host?.onRestore((query) => {
        if (query === null) {
          show(initial.current!, "link");
          return;
        }
        const { settings, message } = kind.fromQuery(query, initial.current!);
        show(settings, "link");
        setNotice(message);
      }),
    [host],
  );

  return {
    good,
    initial: initial.current!,
    drafts,
    problem,
    notice,
    setNotice,
    commit,
    draft,
    /** What the number box of a field shows and does; the error line has the id `describedBy`. */
    box: (field: F, describedBy: string, beforeChange: () => void) => ({
      label: fields.labels[field],
      text: drafts[field] ?? String(fields.get(good, field)),
      value: fields.get(good, field),
      low: fields.limits[field][0],
      high: fields.limits[field][1],
      invalid: problem !== null && drafts[field] !== undefined,
      describedBy,
      onText: (text: string) => {
        beforeChange();
        draft(field, text);
      },
    }),
    /** Drops texts that could not be used; the last good settings stay. */
    dismiss: settled,
  };
}
