/** A sentence with markup in it: {0}, {1}, ... in its text are the places of the parts, in whatever order a language has. */
import type { ComponentChildren } from "preact";

export function Filled({ text, parts }: { text: string; parts: readonly ComponentChildren[] }) {
  return <>{text.split(/\{(\d)\}/).map((part, i) => (i % 2 ? parts[Number(part)] : part))}</>;
}
