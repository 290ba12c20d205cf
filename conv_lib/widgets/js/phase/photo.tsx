/** A photograph under the kernel, beside the same photograph with each pixel as a block. */
import { useEffect, useMemo, useRef } from "preact/hooks";
import photo from "../../phase_photo.json";
import { show } from "../core/numbers.ts";
import type { Matrix, Size } from "../core/ops.ts";
import { Filled } from "../ui/filled.tsx";
import * as words from "../words/en/phase.ts";
import { INPUT, OUTPUT } from "../words/en/shared.ts";
import { upsampled, type Lab } from "./phases.ts";

const SIZE: Size = [photo.height, photo.width];

/** Grey values from 0 to 1 in reading order. */
export function greys(): Float64Array {
  const text = atob(photo.grey);
  return Float64Array.from({ length: text.length }, (_, i) => text.charCodeAt(i) / 255);
}

/** A strip's kernel works on a photograph along both axes. */
export function imageKernel({ settings: s }: Lab): Matrix {
  if (s.dims === 2) return s.kernel;
  const row = s.kernel[0]!;
  return row.map((a) => row.map((b) => a * b));
}

function Canvas({ label, values, size, times }: { label: string; values: ArrayLike<number>; size: Size; times: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [height, width] = size;
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    // Whole device pixels for each output pixel: any other scale would add a pattern of its own.
    const data = context.createImageData(width * times, height * times);
    for (let y = 0; y < height * times; y++) {
      const row = Math.floor(y / times) * width;
      for (let x = 0; x < width * times; x++) {
        const grey = Math.round(255 * Math.min(Math.max(values[row + Math.floor(x / times)]!, 0), 1));
        const at = 4 * (y * width * times + x);
        data.data[at] = data.data[at + 1] = data.data[at + 2] = grey;
        data.data[at + 3] = 255;
      }
    }
    context.putImageData(data, 0, 0);
  }, [values, width, height, times]);
  const pixels = devicePixelRatio || 1;
  return (
    <canvas
      ref={ref}
      role="img"
      aria-label={label}
      width={width * times}
      height={height * times}
      style={{ width: `${(width * times) / pixels}px`, height: `${(height * times) / pixels}px` }}
    />
  );
}

export function Photo({ lab, width }: { lab: Lab; width: number }) {
  const s = lab.settings.stride;
  const source = useMemo(greys, []);
  const { kernel, gain, result, blocks } = useMemo(() => {
    const kernel = imageKernel(lab);
    const total = kernel.flat().reduce((sum, w) => sum + w, 0) / (s * s);
    const gain = Math.abs(total) > 1e-6 * Math.max(...kernel.flat().map(Math.abs)) ? total : 0;
    const start = (k: number) => Math.max(Math.floor((k - s) / 2), 0);
    const crop: Size = [start(kernel.length), start(kernel[0]!.length)];
    const result = upsampled(source, SIZE, kernel, [s, s], crop);
    result.values.forEach((v, i) => (result.values[i] = gain ? v / gain : v + 0.5));
    const box = Array.from({ length: s }, () => new Array<number>(s).fill(1));
    return { kernel, gain, result, blocks: upsampled(source, SIZE, box, [s, s], [0, 0]) };
  }, [lab.settings.kernel, s]);
  const pixels = devicePixelRatio || 1;
  const room = Math.min((width - 18) / 2, 330);
  const times = Math.max(1, Math.floor((room * pixels) / (SIZE[1] * s)));
  const { clean, low, high, mean } = lab.verdict;
  const squared = lab.settings.dims === 1;
  const parts = squared ? [low * low, low * high, high * high] : [low, high];
  const [least, most] = [Math.min(...parts), Math.max(...parts)];
  const middle = squared ? mean * mean : mean;
  const flatWords = clean
    ? words.STAYS_FLAT
    : gain
      ? words.brightness(show(Math.round((100 * least) / middle), 0), show(Math.round((100 * most) / middle), 0))
      : words.ON_GREY;
  const how = [squared && words.alongBoth(kernel.length, kernel[0]!.length), gain && words.dividedBy(show(gain))];
  return (
    <div class="cb-ph-photo">
      <div class="cb-ph-photos">
        <figure>
          <Canvas label={words.photograph(words.by(...SIZE))} values={blocks.values} size={blocks.size} times={times} />
          <figcaption>
            <Filled text={words.AS_BLOCKS} parts={[<span class="cb-name cb-name-input">{INPUT}</span>, SIZE.join(" \u00d7 ")]} />
          </figcaption>
        </figure>
        <figure>
          <Canvas
            label={words.upsampled(words.by(...result.size), flatWords)}
            values={result.values}
            size={result.size}
            times={times}
          />
          <figcaption>
            <span class="cb-name cb-name-output">{OUTPUT}</span> {result.size[0]} {"\u00d7"} {result.size[1]}
          </figcaption>
        </figure>
      </div>
      <p class="cb-ph-note">
        {flatWords}{" "}
        <span class="cb-aside">{how.filter(Boolean).join(" ")}</span>
      </p>
    </div>
  );
}
