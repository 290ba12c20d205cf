/** The latent plane: where real digits lie, and a point that can be dragged. */
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { show } from "../core/numbers.ts";
import { QUIET } from "../ui/controls.tsx";
import * as words from "../words/en/decoder.ts";
import type { Decoders } from "./network.ts";
import { hold, REACH, type Point } from "./settings.ts";

interface PlaneProps {
  decoders: Decoders;
  z: Point;
  /** While the point moves. */
  onMove(z: Point): void;
  /** When it has been let go. */
  onSettle(): void;
}

const STEPS: Record<string, Point> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The real digit that lies nearest, and how far away it is. */
export function nearest(decoders: Decoders, z: Point): { label: string; distance: number } {
  let [label, distance] = ["", Infinity];
  decoders.points.forEach(([a, b], i) => {
    const d = Math.hypot(a - z[0], b - z[1]);
    if (d < distance) [label, distance] = [decoders.labels[i]!, d];
  });
  return { label, distance };
}

export function Plane({ decoders, z, onMove, onSettle }: PlaneProps) {
  const field = useRef<HTMLDivElement>(null);
  const held = useRef(false);
  const moved = useRef(false);
  const at = (v: number): number => ((v + REACH) / (2 * REACH)) * 100;
  const digits = useMemo(
    () => (
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path class="cb-axis" d="M50 0V100M0 50H100" />
      </svg>
    ),
    [],
  );
  const marks = useMemo(
    () =>
      decoders.points.map(([a, b], i) =>
        Math.max(Math.abs(a), Math.abs(b)) < REACH ? (
          <span key={i} class="cb-digit" style={{ left: `${at(a)}%`, top: `${100 - at(b)}%` }}>
            {decoders.labels[i]}
          </span>
        ) : null,
      ),
    [decoders],
  );
  const point = (event: PointerEvent): Point => {
    const box = field.current!.getBoundingClientRect();
    return [
      hold(((event.clientX - box.left) / box.width) * 2 * REACH - REACH),
      hold(REACH - ((event.clientY - box.top) / box.height) * 2 * REACH),
    ];
  };
  const release = () => {
    if (!held.current && !moved.current) return;
    held.current = moved.current = false;
    onSettle();
  };
  // A point that is left while a key is down has been let go as well.
  useLayoutEffect(() => () => void (held.current = false), []);
  const near = nearest(decoders, z);
  return (
    <div
      ref={field}
      class="cb-plane"
      onPointerDown={(event) => {
        if (event.button) return;
        held.current = true;
        field.current!.setPointerCapture(event.pointerId);
        field.current!.querySelector<HTMLElement>(".cb-thumb")!.focus({ preventScroll: true });
        onMove(point(event));
        event.preventDefault();
      }}
      onPointerMove={(event) => held.current && onMove(point(event))}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
    >
      {digits}
      <div aria-hidden="true">{marks}</div>
      <div
        class="cb-thumb"
        role="slider"
        tabIndex={0}
        aria-label={words.POINT}
        aria-valuemin={-REACH}
        aria-valuemax={REACH}
        aria-valuenow={z[0]}
        aria-valuetext={words.point(show(z[0]), show(z[1]), near.label)}
        style={{ left: `${at(z[0])}%`, top: `${100 - at(z[1])}%` }}
        onKeyDown={(event) => {
          const step = STEPS[event.key];
          if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
          const by = event.shiftKey ? 0.5 : 0.1;
          moved.current = true;
          onMove([hold(z[0] + step[0] * by), hold(z[1] + step[1] * by)]);
          event.preventDefault();
          event.stopPropagation();
        }}
        onKeyUp={(event) => event.key in STEPS && release()}
        onBlur={release}
        {...QUIET}
      />
    </div>
  );
}
