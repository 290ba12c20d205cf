/** A number box with a slider below it. Dragging shows; letting go decides, so that "back" undoes one drag, not each pixel. */
import { NumberBox } from "./controls.tsx";
import * as words from "../words/en/shared.ts";

interface SliderProps {
  label: string;
  text: string;
  value: number;
  low: number;
  high: number;
  invalid: boolean;
  describedBy: string;
  onText(text: string): void;
  /** While the slider is dragged. */
  onSlide(value: number): void;
}

/** Small steps where small numbers are, larger ones further up: the number box takes every value between. */
export function stopsOf(low: number, high: number): number[] {
  const stops: number[] = [];
  for (let v = low; v <= high; v += v < 32 ? 1 : v < 64 ? 4 : v < 128 ? 8 : 16) stops.push(v);
  if (stops[stops.length - 1] !== high) stops.push(high);
  return stops;
}

export function SliderBox(props: SliderProps) {
  const { label, text, value, low, high } = props;
  const stops = stopsOf(low, high);
  const now = /^\d{1,6}$/.test(text.trim()) ? Number(text) : value;
  const at = stops.reduce((best, v, i) => (Math.abs(v - now) < Math.abs(stops[best]! - now) ? i : best), 0);
  const chosen = (event: Event) => stops[Number((event.target as HTMLInputElement).value)]!;
  return (
    <div class="cb-slider">
      <NumberBox {...props} />
      <input
        type="range"
        aria-label={words.sliderOf(label)}
        aria-valuetext={String(now)}
        min={0}
        max={stops.length - 1}
        value={at}
        onInput={(event) => props.onSlide(chosen(event))}
        onChange={(event) => props.onText(String(chosen(event)))}
        data-lm-suppress-shortcuts="true"
      />
    </div>
  );
}
