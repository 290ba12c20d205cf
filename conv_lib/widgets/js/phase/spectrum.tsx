/** The frequency response of the upsampler: what it does to a wave, and to the images that zero insertion makes of it. */
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { show } from "../core/numbers.ts";
import * as words from "../words/en/phase.ts";
import { gain, imagesOf, type Lab } from "./phases.ts";

const POINTS = 160;

/** A frequency as a fraction of the stride where it is one. */
export function fraction(f: number, stride: number): string {
  const m = f * stride;
  if (Math.abs(m - Math.round(m)) > 1e-9) return show(f, 3);
  return Math.round(m) === 0 ? "0" : Math.abs(f - 0.5) < 1e-9 ? "1/2" : `${Math.round(m)}/${stride}`;
}

export function Spectrum({ lab, width, children }: { lab: Lab; width: number; children: ComponentChildren }) {
  return lab.settings.dims === 1 ? (
    <Curve lab={lab} width={width}>
      {children}
    </Curve>
  ) : (
    <Plane lab={lab} width={width} />
  );
}

function Curve({ lab, width, children }: { lab: Lab; width: number; children: ComponentChildren }) {
  const { kernel, stride, wave } = lab.settings;
  const response = (f: number) => gain(kernel, [1, stride], [0, f]);
  const curve = useMemo(() => Array.from({ length: POINTS + 1 }, (_, i) => response((0.5 * i) / POINTS)), [kernel, stride]);
  const most = Math.max(...curve, 1e-12) * 1.12;
  const [left, right, top, height] = [46, 16, 18, 168];
  const w = Math.max(Math.min(width, 700), 240);
  const x = (f: number) => left + (f / 0.5) * (w - left - right);
  const y = (v: number) => top + height * (1 - v / most);
  const path = curve.map((v, i) => `${i ? "L" : "M"}${x((0.5 * i) / POINTS).toFixed(1)} ${y(v).toFixed(1)}`).join("");
  const found = imagesOf(wave / 100, stride);
  const ticks = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
  const images = Array.from({ length: Math.floor(stride / 2) }, (_, i) => (i + 1) / stride);
  const [own, ...others] = found;
  const gains = (f: number) => show(response(f), 3);
  const strongest = Math.max(...others.map(response), 0);
  const says =
    wave > 0
      ? words.wave(show(wave / 100), show(own!, 3), gains(own!), others.map((f) => words.imageWith(fraction(f, stride), gains(f))))
      : others.length === 0
        ? words.noImages(gains(own!))
        : words.flatImage(gains(own!), others.map((f) => fraction(f, stride)), others.map(gains), strongest > 1e-9 * most);
  return (
    <div class="cb-ph-spectrum">
      <svg role="img" aria-label={words.response(says)} width={w} height={top + height + 44} viewBox={`0 0 ${w} ${top + height + 44}`}>
        <rect class="cb-ph-own" x={x(0)} y={top} width={x(Math.min(0.5, 0.5 / stride)) - x(0)} height={height} />
        {images.map((f) => (
          <g key={f}>
            <line class="cb-ph-image" x1={x(f)} x2={x(f)} y1={top} y2={top + height} />
            <text class="cb-ph-tag" x={x(f) - 4} y={top - 5} text-anchor={f > 0.45 ? "end" : "middle"}>
              {words.imageAt(fraction(f, stride))}
            </text>
          </g>
        ))}
        <line class="cb-ph-axis" x1={left} x2={w - right} y1={top + height} y2={top + height} />
        <line class="cb-ph-axis" x1={left} x2={left} y1={top} y2={top + height} />
        {ticks.map((f) => (
          <text key={f} x={x(f)} y={top + height + 16} text-anchor="middle">
            {f}
          </text>
        ))}
        {[0, most / 1.12].map((v) => (
          <text key={v} x={left - 6} y={y(v) + 4} text-anchor="end">
            {show(v)}
          </text>
        ))}
        <text x={(left + w - right) / 2} y={top + height + 36} text-anchor="middle">
          {words.CYCLES}
        </text>
        <text x={4} y={top - 5}>
          {words.GAIN}
        </text>
        <path class="cb-ph-curve" d={path} />
        {found.map((f, i) => (
          <g key={i} class={i ? "cb-ph-copy" : "cb-ph-true"}>
            <line x1={x(f)} x2={x(f)} y1={top + height} y2={y(response(f))} />
            {i ? (
              <rect x={x(f) - 5} y={y(response(f)) - 5} width={10} height={10} />
            ) : (
              <circle cx={x(f)} cy={y(response(f))} r={6} />
            )}
          </g>
        ))}
      </svg>
      <p class="cb-legend">
        <span>
          <span class="cb-ph-dot" aria-hidden="true" /> {words.THE_WAVE}
        </span>
        <span>
          <span class="cb-ph-square" aria-hidden="true" /> {words.ITS_IMAGES}
        </span>
        <span>
          <span class="cb-swatch cb-ph-band" aria-hidden="true" /> {words.INPUT_CAN_HOLD}
        </span>
      </p>
      <div class="cb-ph-wave">{children}</div>
      <p class="cb-ph-note" role="status">
        {says}
      </p>
    </div>
  );
}

function Plane({ lab, width }: { lab: Lab; width: number }) {
  const { kernel, stride } = lab.settings;
  const [across, down] = [33, 17];
  const cell = Math.max(7, Math.min(14, Math.floor((width - 76) / across)));
  const values = useMemo(
    () =>
      Array.from({ length: down }, (_, r) =>
        Array.from({ length: across }, (_, c) => gain(kernel, [stride, stride], [(0.5 * r) / (down - 1), c / (across - 1) - 0.5])),
      ),
    [kernel, stride],
  );
  const most = Math.max(...values.flat(), 1e-12);
  const [left, top] = [44, 10];
  const x = (f: number) => left + ((f + 0.5) * (across - 1) + 0.5) * cell;
  const y = (f: number) => top + ((0.5 - f) * 2 * (down - 1) + 0.5) * cell;
  const [w, h] = [left + across * cell + 30, top + down * cell + 40];
  const half = Math.floor(stride / 2);
  const points: { fv: number; fh: number; value: number }[] = [];
  for (let m = 0; m <= half; m++)
    for (let n = -half; n <= half; n++) {
      if (m === 0 && n < 0) continue;
      // The edge at -1/2 is the edge at 1/2.
      if (2 * n === -stride) continue;
      points.push({ fv: m / stride, fh: n / stride, value: gain(kernel, [stride, stride], [m / stride, n / stride]) });
    }
  const images = points.filter((p) => p.fv || p.fh);
  const strongest = Math.max(...images.map((p) => p.value), 0);
  const own = gain(kernel, [stride, stride], [0, 0]);
  const says = stride === 1 ? words.noImages(show(own, 3)) : words.strongestImage(show(own, 3), show(strongest, 3), strongest > 1e-9 * most);
  return (
    <div class="cb-ph-spectrum">
      <svg role="img" aria-label={words.responseOfBoth(says)} width={w} height={h} viewBox={`0 0 ${w} ${h}`}>
        {values.map((row, r) =>
          row.map((v, c) => (
            <rect
              key={`${r},${c}`}
              x={left + c * cell}
              y={top + (down - 1 - r) * cell}
              width={cell}
              height={cell}
              style={{ fill: `color-mix(in oklab, var(--cb-kernel-strong) ${Math.round((100 * v) / most)}%, var(--cb-paper))` }}
            />
          )),
        )}
        <rect class="cb-ph-frame" x={left} y={top} width={across * cell} height={down * cell} />
        {points.map(({ fv, fh, value }) => (
          <g key={`${fv},${fh}`} class={fv || fh ? "cb-ph-copy" : "cb-ph-true"}>
            {fv || fh ? <rect x={x(fh) - 5} y={y(fv) - 5} width={10} height={10} /> : <circle cx={x(0)} cy={y(0)} r={6} />}
            <text x={x(fh) + (fh > 0.4 ? -9 : 9)} y={y(fv) + (fv > 0.4 ? 16 : -6)} text-anchor={fh > 0.4 ? "end" : "start"}>
              {show(value)}
            </text>
          </g>
        ))}
        {[-0.5, 0, 0.5].map((f) => (
          <text key={f} x={x(f)} y={top + down * cell + 16} text-anchor="middle">
            {show(f)}
          </text>
        ))}
        {[0, 0.5].map((f) => (
          <text key={f} x={left - 6} y={y(f) + 4} text-anchor="end">
            {f}
          </text>
        ))}
        <text x={left + (across * cell) / 2} y={h - 6} text-anchor="middle">
          {words.CYCLES_ACROSS}
        </text>
        <text x={12} y={top + (down * cell) / 2} text-anchor="middle" transform={`rotate(-90 12 ${top + (down * cell) / 2})`}>
          {words.DOWN}
        </text>
      </svg>
      <p class="cb-legend">
        <span>
          <span class="cb-ph-dot" aria-hidden="true" /> {words.A_FLAT_IMAGE}
        </span>
        <span>
          <span class="cb-ph-square" aria-hidden="true" /> {words.ITS_IMAGES}
        </span>
        <span>{words.DARKER}</span>
      </p>
      <p class="cb-ph-note" role="status">
        {says}
      </p>
    </div>
  );
}
