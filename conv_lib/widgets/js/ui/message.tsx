/** What is wrong, and the nearest legal settings as buttons. */
import type { Fix, Problem } from "../core/fields.ts";
import * as words from "../words/en/shared.ts";

export function ProblemLine<S>({
  id,
  problem,
  onFix,
  onDismiss,
}: {
  id: string;
  problem: Problem<S> | null;
  onFix(settings: S): void;
  onDismiss(): void;
}) {
  return (
    <div class="cb-message" id={id} role="alert">
      {problem && (
        <p>
          {problem.message}{" "}
          {problem.fixes.map((fix: Fix<S>) => (
            <button type="button" class="cb-button cb-fix" key={fix.label} onClick={() => onFix(fix.settings)}>
              {fix.label}
            </button>
          ))}
          <button type="button" class="cb-button cb-fix" onClick={onDismiss}>
            {words.UNDO}
          </button>
        </p>
      )}
    </div>
  );
}

/** A remark that needs no fix: a cell text or a link that could not be used. */
export function Notice({ text }: { text: string | null }) {
  return (
    <div class="cb-message" role="alert">
      {text && <p>{text}</p>}
    </div>
  );
}

/** What is said of a text that is no value for a cell; null when the cell is left as it was. */
export const badCell = (text: string | null): string | null =>
  text === null ? null : words.badCell(text);
