/** Parts at the end of every widget: code to copy, a link that reopens it, reset, and folding. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Host } from "../core/model.ts";
import { CopyButton, Menu, Tabs } from "./controls.tsx";
import { CopyPicture } from "./picture.tsx";
import * as words from "../words/en/shared.ts";

export interface Snippet {
  name: string;
  code: string;
}

/** The menu of examples; it says when what is shown is none of them. */
export function Examples<P extends { name: string; label: string }>({
  presets,
  current,
  onChoose,
}: {
  presets: readonly P[];
  current: P | undefined;
  onChoose(preset: P): void;
}) {
  return (
    <Menu
      label={words.EXAMPLE}
      value={current?.name ?? ""}
      options={[
        ...(current ? [] : [{ value: "", label: words.OWN_NUMBERS }]),
        ...presets.map((p) => ({ value: p.name, label: p.label })),
      ]}
      onChoose={(name) => {
        const chosen = presets.find((p) => p.name === name);
        if (chosen) onChoose(chosen);
      }}
    />
  );
}

export function Code({ summary, snippets }: { summary: string; snippets: Snippet[] }) {
  const [tab, setTab] = useState(0);
  const shown = snippets[Math.min(tab, snippets.length - 1)]!;
  return (
    <details class="cb-code">
      <summary>{summary}</summary>
      <Tabs label={words.CODE} names={snippets.map((s) => s.name)} current={tab} onChoose={setTab}>
        <pre tabIndex={0} role="region" aria-label={words.codeIn(shown.name)}>
          <code>{shown.code}</code>
        </pre>
        <CopyButton text={() => shown.code}>{words.COPY_CODE}</CopyButton>
      </Tabs>
    </details>
  );
}

/** On a page the state is a link; in Jupyter it is the Python that makes the widget. */
export function Foot({
  host,
  query,
  python,
  onReset,
}: {
  host: Host | null;
  query: () => string;
  python: () => string;
  onReset(): void;
}) {
  return (
    <div class="cb-bar cb-foot">
      {host ? (
        <CopyButton text={() => host.link(query())}>{words.COPY_LINK}</CopyButton>
      ) : (
        <CopyButton text={python}>{words.COPY_AS_PYTHON}</CopyButton>
      )}
      <CopyPicture />
      <button type="button" class="cb-button" onClick={onReset}>
        {words.RESET}
      </button>
    </div>
  );
}

/** Controls and readout; folded away where a page wants the picture first. */
export function Fold({
  folded,
  summary,
  children,
}: {
  folded: boolean;
  summary: string;
  children: ComponentChildren;
}) {
  if (!folded) return <>{children}</>;
  return (
    <details class="cb-code">
      <summary>{summary}</summary>
      {children}
    </details>
  );
}
