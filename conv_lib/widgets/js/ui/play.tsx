/** Going through the cells of a picture: by itself, or step by step. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Model } from "../core/model.ts";
import * as words from "../words/en/shared.ts";

const STEP_MS = 900;

/** Whether the reader asked the system for less motion; then nothing starts by itself. */
export const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

export interface Sweep {
  playing: boolean;
  pause(): void;
  toggle(): void;
  /** Stops, and goes on or back by hand. */
  step(by: 1 | -1): void;
}

/** Calls `advance(1)` in time while playing. The trait `playing` says whether it starts so. */
export function useSweep(model: Model, advance: (by: 1 | -1) => void, stepMs = STEP_MS): Sweep {
  const [playing, setPlaying] = useState(() => Boolean(model.get("playing")) && !reducedMotion());
  const latest = useRef(advance);
  latest.current = advance;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => latest.current(1), stepMs);
    return () => clearInterval(timer);
  }, [playing, stepMs]);
  return {
    playing,
    pause: () => setPlaying(false),
    toggle: () => setPlaying((now) => !now),
    step(by) {
      setPlaying(false);
      advance(by);
    },
  };
}

/** Back, play and step; beside them a hint or another control. */
export function PlayBar({ sweep, children }: { sweep: Sweep; children?: ComponentChildren }) {
  return (
    <div class="cb-bar cb-play">
      <button type="button" class="cb-button" onClick={() => sweep.step(-1)}>
        <span aria-hidden="true">{"\u25c0"}</span> {words.BACK}
      </button>
      <button type="button" class="cb-button" onClick={sweep.toggle}>
        <span aria-hidden="true">{sweep.playing ? "\u275a\u275a" : "\u25b6"}</span> {sweep.playing ? words.PAUSE : words.PLAY}
      </button>
      <button type="button" class="cb-button" onClick={() => sweep.step(1)}>
        {words.STEP} <span aria-hidden="true">{"\u25b6"}</span>
      </button>
      {children}
    </div>
  );
}
