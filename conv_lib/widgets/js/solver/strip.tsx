/** One axis as a strip: a bar for how often a pixel is met, and below it whether it is kept, cropped, padding or an appended zero. */
import { useUid } from "../ui/use-uid.ts";
import { ofAxis } from "../words/en/solver.ts";
import { stripWords, type Cell } from "./plan.ts";

const WIDTH = 320;
const BAR = 30;
const BAND = 12;
const LABEL = 13;

export function Strip({ cells, up, name }: { cells: (Cell | null)[]; up: boolean; name: string | null }) {
  const id = useUid();
  const says = stripWords(cells, up);
  const most = Math.max(...cells.map((cell) => cell?.count ?? 0), 1);
  const step = Math.min(WIDTH / cells.length, 20);
  const height = LABEL + BAR + BAND;
  const numbered = step >= (most < 10 ? 8 : 13);
  return (
    <span class="cb-s-strip">
      {name && <span class="cb-s-axis">{name}</span>}
      <svg viewBox={`0 0 ${WIDTH} ${height + 1}`} role="img" aria-label={name ? ofAxis(name, says) : says}>
        <defs>
          <pattern id={`${id}-hatch`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="5" height="5" class="cb-s-padding" />
            <path d="M0 0V5" class="cb-s-hatch" />
          </pattern>
          <pattern id={`${id}-dots`} width="5" height="5" patternUnits="userSpaceOnUse">
            <rect width="5" height="5" class="cb-s-zero" />
            <circle cx="2.5" cy="2.5" r="1" class="cb-s-dot" />
          </pattern>
        </defs>
        {cells.map((cell, i) => {
          const x = i * step;
          if (!cell)
            return (
              <text key="gap" x={x + step / 2} y={LABEL + BAR} class="cb-s-gap">
                {"\u2026"}
              </text>
            );
          const { kind, count } = cell;
          const inside = kind === "kept" || kind === "data";
          const tall = (BAR * count) / most;
          const fill = kind === "padding" ? `url(#${id}-hatch)` : kind === "appended" ? `url(#${id}-dots)` : undefined;
          const top = LABEL + BAR;
          return (
            <g key={cell.index} class={`cb-s-${kind}${inside && !count ? " cb-s-never" : ""}`}>
              {count > 0 && <rect class="cb-s-bar" x={x + 0.75} y={top - tall} width={step - 1.5} height={tall} />}
              {numbered && (kind !== "cropped" || count > 0) && (
                <text class="cb-s-count" x={x + step / 2} y={top - tall - 3}>
                  {count}
                </text>
              )}
              <rect class="cb-s-band" x={x + 0.5} y={top + 0.5} width={step - 1} height={BAND - 1} style={fill ? { fill } : undefined} />
              {kind === "cropped" && <path class="cb-s-cross" d={`M${x + 1.5} ${top + BAND - 1.5}L${x + step - 1.5} ${top + 1.5}`} />}
            </g>
          );
        })}
      </svg>
    </span>
  );
}
