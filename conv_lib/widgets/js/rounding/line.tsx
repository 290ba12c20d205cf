/** The explanations on a logarithmic line, numbered, with the reader's difference marked. */
import { useWidth } from "../ui/use-width.ts";
import type { Answer, Question } from "./explain.ts";
import * as words from "../words/en/rounding.ts";
import { amount } from "./numbers.ts";

const TOP = 34;
const BAR = 40;

/** The line starts a little below the smaller of one unit and the difference, and ends a little above the larger of the rest. */
export function axisOf(answer: Answer, q: Question): { low: number; high: number } {
  const small = q.difference ? Math.min(answer.unit, q.difference) : answer.unit;
  return { low: Math.floor(Math.log10(small)) - 0.5, high: Math.ceil(Math.log10(Math.max(2 * q.scale, q.difference))) + 0.3 };
}

export function Line({ answer, q, chosen }: { answer: Answer; q: Question; chosen: number }) {
  const [ref, width] = useWidth<HTMLDivElement>();
  const WIDTH = Math.min(width || 640, 900);
  const { low, high } = axisOf(answer, q);
  const at = (value: number) => Math.min(Math.max(((Math.log10(value) - low) / (high - low)) * WIDTH, 0), WIDTH);
  const ends = [10 ** low, answer.unit, ...answer.ladder.map(({ limit }) => limit), 2 * q.scale];
  const mark = q.difference ? at(q.difference) : null;
  /** The middle of a band, or of its larger part where the arrow would cross the number. */
  const clear = (x: number, to: number) => {
    const middle = (x + to) / 2;
    if (mark === null || Math.abs(mark - middle) > 12) return middle;
    return mark - x > to - mark ? (x + mark) / 2 : (mark + to) / 2;
  };
  const label = mark === null ? "" : amount(q.difference);
  const half = 30 + 5 * label.length; // of the words above the arrow
  const each = Math.max(Math.ceil(((high - low) * 58) / WIDTH), 1);
  const powers = [];
  for (let power = Math.ceil(low); power <= high; power++) {
    const x = at(10 ** power);
    if (power % each === 0 && x > 18 && x < WIDTH - 18) powers.push(power);
  }
  return (
    <div ref={ref} class="cb-rd-stage">
    <svg
      class="cb-rd-line"
      viewBox={`0 0 ${WIDTH} ${TOP + BAR + 28}`}
      role="img"
      aria-label={mark === null ? words.LINE_WITHOUT_YOURS : words.line(amount(q.difference), chosen < 0 ? null : chosen + 1)}
    >
      {ends.slice(1).map((end, i) => {
        const [x, to] = [at(ends[i]!), at(end)];
        return (
          <g key={i}>
            <rect class={`cb-rd-band cb-rd-b${i}`} x={x} y={TOP} width={Math.max(to - x, 0)} height={BAR} />
            {to - x > 16 && (
              <text class="cb-rd-number" x={clear(x, to)} y={TOP + BAR / 2}>
                {i + 1}
              </text>
            )}
          </g>
        );
      })}
      {chosen >= 0 && <rect class="cb-rd-on" x={at(ends[chosen]!)} y={TOP} width={Math.max(at(ends[chosen + 1]!) - at(ends[chosen]!), 0)} height={BAR} />}
      {powers.map((power) => (
        <g key={power}>
          <path class="cb-rd-tick" d={`M${at(10 ** power)} ${TOP + BAR}v5`} />
          <text class="cb-rd-power" x={at(10 ** power)} y={TOP + BAR + 21}>
            10<tspan dy="-5" class="cb-rd-exponent">{String(power).replace("-", "\u2212")}</tspan>
          </text>
        </g>
      ))}
      {mark !== null && (
        <>
          <path class="cb-rd-mark" d={`M${mark} ${TOP - 8}V${TOP + BAR + 4}`} />
          <path class="cb-rd-head" d={`M${mark - 6} ${TOP - 9}h12l-6 8z`} />
          <text class="cb-rd-yours" x={Math.min(Math.max(mark, half), WIDTH - half)} y="17">
            {words.yoursAbove(label)}
          </text>
        </>
      )}
    </svg>
    </div>
  );
}
