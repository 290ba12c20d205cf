/** Maps as grey pictures on one canvas: all channels of a layer side by side. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Maps } from "./network.ts";
import { pointIn } from "../ui/zoom.ts";

export interface Spot {
  channel: number;
  row: number;
  column: number;
}

interface CanvasProps {
  maps: Maps;
  /** Pixels of the screen for one cell of a map. */
  scale: number;
  /** Maps in one row. */
  across: number;
  /** The values that are drawn black and white. */
  black: number;
  white: number;
  label: string;
  /** The channel with a frame, or -1. */
  chosen: number;
  onHover(spot: Spot | null): void;
  onChoose(channel: number): void;
}

const GAP = 4;

export const canvasSize = (maps: Maps, scale: number, across: number): [number, number] => {
  const columns = Math.min(across, maps.channels);
  const rows = Math.ceil(maps.channels / columns);
  return [columns * (maps.width * scale + GAP) - GAP, rows * (maps.height * scale + GAP) - GAP];
};

export function MapCanvas({ maps, scale, across, black, white, label, chosen, onHover, onChoose }: CanvasProps) {
  const ref = useRef<HTMLCanvasElement>(null);
  const columns = Math.min(across, maps.channels);
  const [width, height] = canvasSize(maps, scale, across);
  const [stepX, stepY] = [maps.width * scale + GAP, maps.height * scale + GAP];
  useLayoutEffect(() => {
    const canvas = ref.current!;
    const ratio = Math.max(1, Math.round(devicePixelRatio || 1));
    if (canvas.width !== width * ratio || canvas.height !== height * ratio) {
      canvas.width = width * ratio;
      canvas.height = height * ratio;
    }
    const pen = canvas.getContext("2d")!;
    const cell = scale * ratio;
    const picture = pen.createImageData(maps.width * cell, maps.height * cell);
    const grey = new Uint32Array(picture.data.buffer);
    const range = white - black || 1;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    for (let m = 0; m < maps.channels; m++) {
      for (let r = 0; r < maps.height; r++) {
        for (let c = 0; c < maps.width; c++) {
          const share = (maps.values[(r * maps.width + c) * maps.channels + m]! - black) / range;
          const level = Math.round(Math.min(Math.max(share, 0), 1) * 255);
          const colour = 0xff000000 | (level << 16) | (level << 8) | level;
          for (let y = 0; y < cell; y++) {
            const from = (r * cell + y) * picture.width + c * cell;
            grey.fill(colour, from, from + cell);
          }
        }
      }
      pen.putImageData(picture, (m % columns) * stepX * ratio, Math.floor(m / columns) * stepY * ratio);
    }
  }, [maps, scale, across, black, white]);

  const spotOf = (event: MouseEvent): Spot | null => {
    const [x, y] = pointIn(ref.current!, event);
    const [i, j] = [Math.floor(x / stepX), Math.floor(y / stepY)];
    const [column, row] = [Math.floor((x - i * stepX) / scale), Math.floor((y - j * stepY) / scale)];
    const channel = j * columns + i;
    if (i < 0 || j < 0 || i >= columns || channel >= maps.channels || column >= maps.width || row >= maps.height) return null;
    return { channel, row, column };
  };
  return (
    <div class="cb-maps" style={{ width: `${width}px`, height: `${height}px` }}>
      <canvas
        ref={ref}
        role="img"
        aria-label={label}
        style={{ width: `${width}px`, height: `${height}px` }}
        onPointerMove={(event) => event.pointerType !== "touch" && onHover(spotOf(event))}
        onPointerLeave={() => onHover(null)}
        onClick={(event) => {
          const spot = spotOf(event);
          if (spot) {
            onHover(spot);
            onChoose(spot.channel);
          }
        }}
      />
      {chosen >= 0 && chosen < maps.channels && (
        <span
          class="cb-chosen-map"
          aria-hidden="true"
          style={{
            left: `${(chosen % columns) * stepX}px`,
            top: `${Math.floor(chosen / columns) * stepY}px`,
            width: `${maps.width * scale}px`,
            height: `${maps.height * scale}px`,
          }}
        />
      )}
    </div>
  );
}
