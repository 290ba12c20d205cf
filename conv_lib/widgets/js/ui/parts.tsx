/** Parts at the end of every widget: code to copy, a link that reopens it, reset, and folding. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Host } from "../core/model.ts";
import { CopyButton, Tabs } from "./controls.tsx";

export interface Snippet {
  name: string;
  code: string;
}

export function Code({ summary, snippets }: { summary: string; snippets: Snippet[] }) {
  const [tab, setTab] = useState(0);
  const shown = snippets[Math.min(tab, snippets.length - 1)]!;
  return (
    <details class="cb-code">
      <summary>{summary}</summary>
      <Tabs label="Code" names={snippets.map((s) => s.name)} current={tab} onChoose={setTab}>
        <pre tabIndex={0} role="region" aria-label={`${shown.name} code`}>
          <code>{shown.code}</code>
        </pre>
        <CopyButton text={() => shown.code}>Copy code</CopyButton>
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
        <CopyButton text={() => host.link(query())}>Copy link</CopyButton>
      ) : (
        <CopyButton text={python}>Copy as Python</CopyButton>
      )}
      <button type="button" class="cb-button" onClick={onReset}>
        Reset
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
