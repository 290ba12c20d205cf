/** The index of questions: type what is wrong, and read the answer. */
import { render } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Host, Model } from "../core/model.ts";
import { QUIET } from "../ui/controls.tsx";
import { Prose } from "../ui/prose.tsx";
import { useUid } from "../ui/use-uid.ts";
import * as words from "../words/en/index.ts";
import { fromQuery, toQuery } from "./link.ts";
import { onward } from "./onward.ts";
import { indexOf, LONGEST, rank, type Entry } from "./rank.ts";

const MOST = 8;

/** `here`: whether the page lists all entries itself; then results stand right below its title. */
function Answer({ entry, root, here }: { entry: Entry; root: string | null; here: boolean }) {
  const Head = here ? "h2" : "h3";
  return (
    <>
      <Head class="cb-asked">
        {root === null ? <Prose text={entry.question} /> : (
          <a href={here ? `#${entry.name}` : `${root}book/questions.html#${entry.name}`} {...QUIET}>
            <Prose text={entry.question} />
          </a>
        )}
      </Head>
      <p><Prose text={entry.answer} /></p>
      {root !== null && entry.links.length > 0 && (
        <p class="cb-onward">
          {entry.links.map(({ address, text }) => <a key={address} href={root + address} {...QUIET}>{text}</a>)}
        </p>
      )}
    </>
  );
}

/** Up and down go from result to result. */
function step(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const root = (event.currentTarget as HTMLElement).closest(".cb-index")!;
  const stops = [...root.querySelectorAll<HTMLElement>("input, .cb-own a, li .cb-asked a")];
  const next = stops[stops.indexOf(event.target as HTMLElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (!next || stops.indexOf(event.target as HTMLElement) < 0) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/** The page's own list of all entries, which works without this script. */
const listed = (): HTMLElement | null => document.querySelector<HTMLElement>("section.cb-answers");

function Index({ model, host }: { model: Model; host: Host | null }) {
  const [entries] = useState(() => model.get("entries") as Entry[]);
  const [topics] = useState(() => model.get("topics") as [string, string][]);
  const [root] = useState(() => (host ? (model.get("root") as string) : null));
  const index = useMemo(() => indexOf(entries.map((e) => ({ ...e, topic: topics.find(([key]) => key === e.topic)?.[1] ?? "" }))), []);
  const asked = new URLSearchParams(host ? location.search : "").get("q");
  const [text, setText] = useState(() => ((asked ?? model.get("query")) as string).slice(0, LONGEST));
  const id = useUid();
  const field = useRef<HTMLInputElement>(null);
  const sent = useRef(text);
  const results = useMemo(() => rank(index, text).slice(0, MOST), [text]);
  const empty = !text.trim();
  const tool = useMemo(() => (root === null ? null : onward(text)), [text]);

  const type = (next: string) => {
    setText(next);
    model.set("query", next);
    model.save_changes();
  };
  /** A search becomes a step that "back" undoes when it is finished, not at each letter. */
  const settle = () => {
    // Not `text`: a program that fills the field in and leaves it at once is ahead of what was drawn.
    const now = (field.current?.value ?? text).slice(0, LONGEST);
    if (sent.current === now || !host) return;
    sent.current = now;
    host.remember(toQuery(now));
  };
  useEffect(
    () =>
      host?.onRestore((query) => {
        const next = query === null ? "" : fromQuery(query);
        sent.current = next;
        setText(next);
      }),
    [],
  );
  useEffect(() => {
    const changed = () => setText(String(model.get("query") ?? "").slice(0, LONGEST));
    model.on("change:query", changed);
    return () => model.off("change:query", changed);
  }, [model]);
  useEffect(() => {
    const list = host && listed();
    if (list) list.hidden = !empty;
  }, [empty]);
  useEffect(() => {
    if (!host) return;
    // A link to one entry: the whole list is shown again, so that it is there to go to.
    const go = () => {
      const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!place || !listed()?.contains(place)) return;
      listed()!.hidden = false;
      setText("");
      requestAnimationFrame(() => place.scrollIntoView());
    };
    addEventListener("hashchange", go);
    return () => removeEventListener("hashchange", go);
  }, []);

  const said = empty
    ? words.byTopic(entries.length)
    : results.length
      ? (results.length === MOST ? words.nearest : words.found)(results.length)
      : words.NOTHING;
  return (
    <div class="cb-index" onKeyDown={step}>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          settle();
        }}
      >
        <label for={`${id}-field`}>{words.ASK}</label>
        <input
          ref={field}
          id={`${id}-field`}
          type="search"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={LONGEST}
          placeholder={words.PLACEHOLDER}
          aria-describedby={`${id}-said`}
          value={text}
          onInput={(event) => type((event.target as HTMLInputElement).value.slice(0, LONGEST))}
          onChange={settle}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !text) return;
            event.preventDefault();
            event.stopPropagation();
            type("");
          }}
          {...QUIET}
        />
        <p class="cb-try">
          <span>{words.TRY}</span>
          {words.EXAMPLES.map((example) => (
            <button
              key={example}
              type="button"
              onClick={() => {
                type(example);
                field.current?.focus();
              }}
              {...QUIET}
            >
              {example}
            </button>
          ))}
        </p>
      </form>
      <p class="cb-found" id={`${id}-said`} role="status">
        {said}
        {!empty && !results.length && (
          <>
            {" "}
            {words.FEWER_WORDS[0]}
            <button type="button" class="cb-plain" onClick={() => type("")} {...QUIET}>{words.FEWER_WORDS[1]}</button>
            {words.FEWER_WORDS[2]}
          </>
        )}
      </p>
      {tool && (
        <p class="cb-own">
          <a href={root + tool.address} {...QUIET}>{tool.text}</a>
        </p>
      )}
      {!empty && results.length > 0 && (
        <ol>
          {results.map(({ entry }) => <li key={entry.name}><Answer entry={entry} root={root} here={Boolean(listed())} /></li>)}
        </ol>
      )}
      {empty && !(host && listed()) &&
        topics.map(([key, title]) => (
          <details key={key}>
            <summary>{title}</summary>
            {entries.filter((e) => e.topic === key).map((e) => <Answer key={e.name} entry={e} root={root} here={false} />)}
          </details>
        ))}
    </div>
  );
}

/** Above the results of the site's own search: the answers that fit the same words. */
function Above({ model }: { model: Model }) {
  const entries = model.get("entries") as Entry[];
  const text = new URLSearchParams(location.search).get("q") ?? "";
  const results = rank(indexOf(entries), text).slice(0, 3);
  if (!results.length) return null;
  const root = model.get("root") as string;
  return (
    <section class="cb-index cb-above" aria-label={words.ANSWERS}>
      <h2>{words.ANSWERS}</h2>
      <ol>{results.map(({ entry }) => <li key={entry.name}><Answer entry={entry} root={root} here={false} /></li>)}</ol>
      <p><a href={`${root}book/questions.html?q=${encodeURIComponent(text.slice(0, LONGEST))}`}>{words.ALL_ANSWERS}</a></p>
    </section>
  );
}

export function mount(model: Model, el: HTMLElement, host: Host | null): () => void {
  el.classList.add("cb-root");
  render(model.get("view") === "search" ? <Above model={model} /> : <Index model={model} host={host} />, el);
  return () => render(null, el);
}
