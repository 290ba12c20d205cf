/** The slider over the training, and above it how strong the checkerboard is at every checkpoint. */
import { useUid } from "../ui/use-uid.ts";
import { QUIET } from "../ui/controls.tsx";
import { show } from "../core/numbers.ts";
import { Filled } from "../ui/filled.tsx";
import { pointIn } from "../ui/zoom.ts";
import * as words from "../words/en/decoder.ts";
import type { Decoders } from "./network.ts";

interface TrainingProps {
  decoders: Decoders;
  checkpoint: number;
  kind: "k3" | "k4";
  width: number;
  onSlide(checkpoint: number): void;
  onSettle(): void;
}

export const batches = (decoders: Decoders, checkpoint: number): string => words.trained(decoders.steps[checkpoint]!);

export function Training({ decoders, checkpoint, kind, width, onSlide, onSettle }: TrainingProps) {
  const id = useUid();
  const last = decoders.steps.length - 1;
  const [left, right, top, bottom] = [36, 50, 12, 84];
  const across = Math.max(width - left - right, 60);
  const x = (i: number): number => left + (last ? (i / last) * across : 0);
  const most = Math.max(...decoders.models.flatMap((m) => m.checkerboard), decoders.real);
  const y = (v: number): number => bottom - (v / most) * (bottom - top);
  // Lines that end close together keep their names apart.
  const ends = decoders.models
    .map((m) => ({ kind: m.kind, y: y(m.checkerboard[last]!) }))
    .sort((a, b) => a.y - b.y);
  const lowest = bottom + 3;
  ends.reverse().forEach((end, i) => (end.y = Math.min(end.y, i ? ends[i - 1]!.y - 14 : lowest)));
  return (
    <div class="cb-training">
      <p class="cb-title">
        <label for={id}>
          <Filled text={words.TRAINING} parts={[<strong>{batches(decoders, checkpoint)}</strong>]} />
        </label>
      </p>
      <svg
        class="cb-curves"
        width={width}
        height={104}
        role="img"
        aria-label={words.curves(
          decoders.models.map((m) => [words.NAMES[m.kind], m.checkerboard.map((v) => show(v, 3))]),
          show(decoders.real, 3),
        )}
        onClick={(event) => {
          const [x] = pointIn(event.currentTarget as SVGSVGElement, event);
          const i = Math.round(((x - left) / across) * last);
          onSlide(Math.min(Math.max(i, 0), last));
          onSettle();
        }}
      >
        <path class="cb-axis" d={`M${left} ${top - 6}V${bottom}H${left + across}`} />
        <text class="cb-tick" x={left - 6} y={top + 4} text-anchor="end">
          {show(most, 3)}
        </text>
        <text class="cb-tick" x={left - 6} y={bottom} text-anchor="end">
          0
        </text>
        <path class="cb-now" d={`M${x(checkpoint)} ${top - 6}V${bottom}`} />
        <path class="cb-real" d={`M${left} ${y(decoders.real)}H${left + across}`} />
        {decoders.models.map((m) => (
          <g key={m.kind} class={`cb-curve cb-curve-${m.kind}${m.kind === kind || m.kind === "resize" ? " cb-on" : ""}`}>
            <polyline points={m.checkerboard.map((v, i) => `${x(i)},${y(v)}`).join(" ")} />
            <circle cx={x(checkpoint)} cy={y(m.checkerboard[checkpoint]!)} r="3.5" />
            <text x={left + across + 8} y={ends.find((e) => e.kind === m.kind)!.y}>
              {words.SHORT[m.kind]}
            </text>
          </g>
        ))}
        {decoders.steps.map((step, i) => (
          <text key={i} class={`cb-tick${i === checkpoint ? " cb-tick-now" : ""}`} x={x(i)} y={bottom + 16} text-anchor="middle">
            {step}
          </text>
        ))}
      </svg>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={checkpoint}
        aria-valuetext={batches(decoders, checkpoint)}
        style={{ marginLeft: `${left - 8}px`, width: `${across + 16}px` }}
        onInput={(event) => onSlide(Number((event.target as HTMLInputElement).value))}
        onChange={onSettle}
        {...QUIET}
      />
    </div>
  );
}
