/** All slices of the kernel, channels in down and channels out across: the map and the chooser of the picture. */
import type { Matrix } from "../core/ops.ts";
import { useUid } from "../ui/use-uid.ts";
import * as words from "../words/en/channels.ts";
import { channelsIn, channelsOut, kernelSize, sliceOf, type Settings } from "./settings.ts";

const PX = 32;

/** A slice as squares: the larger the square, the larger the weight; filled is positive, hollow is negative. */
function Mini({ slice, most }: { slice: Matrix; most: number }) {
  const side = Math.max(slice.length, slice[0]!.length);
  const cell = PX / side;
  return (
    <svg class="cb-mini" width={PX} height={PX} viewBox={`0 0 ${PX} ${PX}`} aria-hidden="true">
      {slice.flatMap((row, r) =>
        row.map((v, c) => {
          if (v === 0) return null;
          // By area, as in a Hinton diagram; never so small that it vanishes.
          const size = Math.max(Math.sqrt(Math.abs(v) / most) * (cell - 1.5), 2);
          const half = (cell - size) / 2;
          return (
            <rect
              key={`${r},${c}`}
              class={v < 0 ? "cb-below" : ""}
              x={c * cell + half + (v < 0 ? 0.5 : 0)}
              y={r * cell + half + (v < 0 ? 0.5 : 0)}
              width={size - (v < 0 ? 1 : 0)}
              height={size - (v < 0 ? 1 : 0)}
            />
          );
        }),
      )}
    </svg>
  );
}

export function Overview({ s, onChoose }: { s: Settings; onChoose(channel: number): void }) {
  const name = useUid();
  const ins = Array.from({ length: channelsIn(s) }, (_, c) => c);
  const outs = Array.from({ length: channelsOut(s) }, (_, o) => o);
  const most = Math.max(...s.slices.flat(3).map(Math.abs), 1e-12);
  const [kh, kw] = kernelSize(s);
  return (
    <fieldset class="cb-overview" role="radiogroup" aria-label={words.OUTPUT_CHANNEL}>
      <div class="cb-overview-ins" aria-hidden="true">
        <span class="cb-overview-corner">{words.CORNER}</span>
        {ins.map((c) => (
          <span key={c} class="cb-name-input">
            {c}
          </span>
        ))}
      </div>
      {outs.map((o) => (
        <label key={o} class={`cb-strip${o === s.channel ? " cb-chosen" : ""}`}>
          <input
            type="radio"
            name={name}
            value={o}
            checked={o === s.channel}
            aria-label={words.strip(o, ins.filter((c) => sliceOf(s, c, o)).length, kh, kw)}
            onChange={() => onChoose(o)}
            data-lm-suppress-shortcuts="true"
          />
          <span class="cb-name-output">{o}</span>
          {ins.map((c) => {
            const slice = sliceOf(s, c, o);
            return slice ? <Mini key={c} slice={slice} most={most} /> : <span key={c} class="cb-mini cb-cut" aria-hidden="true" />;
          })}
        </label>
      ))}
    </fieldset>
  );
}
