/** The photograph that the bench enlarges, and how grey pictures are drawn. */
import { useLayoutEffect, useRef } from "preact/hooks";
import photo from "../../upsampling_photo.json";
import { sizeOf, type Matrix } from "../core/ops.ts";

/** Rows of grey levels from 0 to 1. */
export const PHOTO: number[][] = Array.from({ length: photo.height }, (_, r) =>
  Array.from({ length: photo.width }, (_, c) => {
    const at = 2 * (r * photo.width + c);
    return parseInt(photo.levels.slice(at, at + 2), 16) / 255;
  }),
);

export function Picture({
  values,
  label,
  width,
  span = [0, 1],
}: {
  values: Matrix;
  label: string;
  /** In CSS pixels. */
  width: number;
  /** What is drawn black and white; values beyond are cut. */
  span?: readonly [number, number];
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [h, w] = sizeOf(values);
  const [black, white] = span;
  useLayoutEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!context) return;
    const image = context.createImageData(w, h);
    values.forEach((row, r) =>
      row.forEach((v, c) => {
        const grey = Math.round((255 * (v - black)) / (white - black));
        const at = 4 * (r * w + c);
        image.data.fill(Math.min(Math.max(grey, 0), 255), at, at + 3);
        image.data[at + 3] = 255;
      }),
    );
    context.putImageData(image, 0, 0);
  }, [values, black, white]);
  return (
    <canvas
      ref={ref}
      class="cb-photo"
      role="img"
      aria-label={label}
      width={w}
      height={h}
      style={{ width: `${width}px`, height: `${Math.round((width * h) / w)}px` }}
    />
  );
}
