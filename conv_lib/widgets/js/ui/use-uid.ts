import { useMemo } from "preact/hooks";

/**
 * An id that is unique in the document. Preact's own useId counts from zero in every root, and a page
 * or a notebook shows several widgets, each in a root of its own.
 */
export function useUid(): string {
  return useMemo(() => `cb-${Math.random().toString(36).slice(2, 10)}`, []);
}
