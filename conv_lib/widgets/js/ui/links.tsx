/** Lines from input cell through kernel cell to output cell: the products that a pointed-at cell takes part in. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useUid } from "./use-uid.ts";
import { zoomOf } from "./zoom.ts";

export interface Anchor {
  grid: HTMLElement;
  at: readonly [number, number];
}

interface LinksProps {
  stage: HTMLElement | null;
  links: { key: string; from: Anchor; via: Anchor; to: Anchor; tint: string; spread: readonly [number, number] }[];
  cellPx: number;
  stacked: boolean;
  /** Changes when the layout may have changed. */
  version: unknown;
}

type Point = readonly [number, number];

function curve(a: Point, b: Point, stacked: boolean): string {
  const bend = 0.5;
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const c1 = stacked ? [a[0], a[1] + dy * bend] : [a[0] + dx * bend, a[1]];
  const c2 = stacked ? [b[0], b[1] - dy * bend] : [b[0] - dx * bend, b[1]];
  return `M${a[0]} ${a[1]}C${c1[0]} ${c1[1]} ${c2[0]} ${c2[1]} ${b[0]} ${b[1]}`;
}

/**
 * The lines run between the grids, never over them, so that no number is crossed out. A line leaves a grid
 * at its near edge, level with its cell; lines of the same level are spread out so that each can be seen.
 */
export function Links({ stage, links, cellPx, stacked, version }: LinksProps) {
  const [paths, setPaths] = useState<{ key: string; d: string; tint: string }[]>([]);
  const last = useRef("");
  const arrow = useUid();
  useLayoutEffect(() => {
    if (!stage) return;
    const zoom = zoomOf(stage);
    const boxOf = (element: HTMLElement) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return { left: left / zoom, top: top / zoom, right: right / zoom, bottom: bottom / zoom };
    };
    const box = boxOf(stage);
    const rects = new Map<HTMLElement, typeof box>();
    const rectOf = (grid: HTMLElement) => {
      // What shows of a grid that scrolls is its scroller.
      let rect = rects.get(grid);
      if (!rect) rects.set(grid, (rect = boxOf(grid)));
      return rect;
    };
    /** Where a line meets the grid of `anchor` on the side that faces `other`. */
    const meet = (anchor: Anchor, other: Anchor, spread: readonly [number, number]): Point => {
      const mine = rectOf(anchor.grid);
      const theirs = rectOf(other.grid);
      if (stacked) {
        const y = mine.top < theirs.top ? mine.bottom + 2 : mine.top - 2;
        return [mine.left - box.left + (anchor.at[1] + 0.5 + spread[0] * 0.6) * cellPx, y - box.top];
      }
      const x = mine.left < theirs.left ? mine.right + 2 : mine.left - 2;
      return [x - box.left, mine.top - box.top + (anchor.at[0] + 0.5 + spread[1] * 0.6) * cellPx];
    };
    const next = links.flatMap(({ key, from, via, to, tint, spread }) => [
      { key: `${key}a`, d: curve(meet(from, via, spread), meet(via, from, spread), stacked), tint },
      { key: `${key}b`, d: curve(meet(via, to, spread), meet(to, via, spread), stacked), tint },
    ]);
    const text = next.map((p) => p.d + p.tint).join();
    if (text !== last.current) {
      last.current = text;
      setPaths(next);
    }
  }, [stage, links, cellPx, stacked, version]);
  return (
    <svg class="cb-links" aria-hidden="true">
      <defs>
        <marker
          id={arrow}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto"
          markerUnits="userSpaceOnUse"
        >
          <path d="M0 0.8L7.4 4L0 7.2Z" />
        </marker>
      </defs>
      {paths.map((p) => (
        <path key={p.key} class="cb-link" d={p.d} style={{ "--cb-tint": p.tint }} marker-end={`url(#${arrow})`} />
      ))}
    </svg>
  );
}
