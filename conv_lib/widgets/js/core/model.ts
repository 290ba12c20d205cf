/** The part of anywidget's model that our widgets use; a static page provides the same without a kernel. */
export interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
  save_changes(): void;
}

/** What a published page adds: links that reopen a state, and the browser's history as undo. */
export interface Host {
  /** The address that reopens `query` in this widget. */
  link(query: string): string;
  /** Called after each change that a reader made. */
  remember(query: string): void;
  /** Calls back with the query of a history entry or link; returns a function that stops this. */
  onRestore(callback: (query: string | null) => void): () => void;
}
