/** The tint of a kernel weight: its place in reading order on a scale that colour-blind readers can follow. */
const ANCHORS = 5;

export function tint(index: number, count: number): string {
  const at = count < 2 ? 0 : (index / (count - 1)) * (ANCHORS - 1);
  const low = Math.min(Math.floor(at), ANCHORS - 2);
  const share = Math.round((1 - (at - low)) * 100);
  return `color-mix(in oklab, var(--cb-tint-${low}) ${share}%, var(--cb-tint-${low + 1}))`;
}
