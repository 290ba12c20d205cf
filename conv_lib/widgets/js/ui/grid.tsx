/** A labelled grid of numbers: mouse, touch and arrow keys point at cells; editable ones take a value in place. */
import { Component, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { exact, parseNumber, short } from "../core/numbers.ts";
import * as words from "../words/en/shared.ts";

export interface CellView {
  /** "void" is a place of a matrix in which no weight can stand. */
  kind: "data" | "padding" | "zero" | "cropped" | "appended" | "void";
  value: number;
  /** Shown instead of the value. */
  text?: string;
  /** What the cell is called, where row and column do not say it. */
  name?: string;
  /** Data position; null for cells that are only drawn. */
  at: readonly [number, number] | null;
}

export interface Mark {
  /** CSS colour of the kernel weight that meets this cell. */
  tint?: string;
  role: "part" | "under" | "whole";
}

export interface Box {
  at: readonly [number, number];
  size: readonly [number, number];
  kind: "stamp" | "kept";
}

interface GridProps {
  label: string;
  role: "input" | "kernel" | "output" | "matrix";
  size: readonly [number, number];
  dataSize: readonly [number, number];
  cell(r: number, c: number): CellView;
  marks: ReadonlyMap<string, Mark>;
  /** Data position of the selected cell when it lies in this grid. */
  selected: readonly [number, number] | null;
  boxes: Box[];
  cellPx: number;
  editable: boolean;
  /** Changes when any value in the grid may have changed. */
  version: unknown;
  onHover(at: readonly [number, number] | null): void;
  onSelect(at: readonly [number, number]): void;
  onEdit?(at: readonly [number, number], value: number): void;
  onBadEdit?(text: string | null): void;
  rootRef?: (el: HTMLElement | null) => void;
}

export const keyOf = (r: number, c: number): string => `${r},${c}`;

/** Cells as text are short; longer ones are set smaller so that they stay inside. */
function fit(text: string): string {
  return text.length > 5 ? "cb-xs" : text.length > 3 ? "cb-s" : "";
}

interface RowProps {
  row: number;
  columns: number;
  firstDataRow: number;
  cell(r: number, c: number): CellView;
  marks: ReadonlyMap<string, Mark>;
  marksKey: string;
  tabColumn: number;
  selectedColumn: number;
  editColumn: number;
  editor: ComponentChildren;
  version: unknown;
  cellPx: number;
}

/** One row. It redraws only when something in it changed: pointing must answer within a frame. */
class Row extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const now = this.props;
    return (
      next.version !== now.version ||
      next.marksKey !== now.marksKey ||
      next.tabColumn !== now.tabColumn ||
      next.selectedColumn !== now.selectedColumn ||
      next.editColumn !== now.editColumn ||
      next.columns !== now.columns ||
      next.cellPx !== now.cellPx ||
      next.editColumn >= 0
    );
  }

  override render({ row, columns, cell, marks, tabColumn, selectedColumn, editColumn, editor }: RowProps) {
    const cells = [];
    let dataRow = -1;
    for (let c = 0; c < columns; c++) {
      const view = cell(row, c);
      const mark = marks.get(keyOf(row, c));
      const text = view.text ?? short(view.value);
      const names = ["cb-cell", `cb-${view.kind}`, fit(text)];
      if (mark) names.push(`cb-is-${mark.role}`);
      if (view.at) dataRow = view.at[0];
      const style = mark?.tint ? { "--cb-tint": mark.tint } : undefined;
      if (!view.at) {
        cells.push(
          <div key={c} aria-hidden="true" class={names.join(" ")} style={style}>
            {text}
          </div>,
        );
        continue;
      }
      const selected = c === selectedColumn;
      if (selected) names.push("cb-is-selected");
      cells.push(
        <div
          key={c}
          role="gridcell"
          class={names.join(" ")}
          style={style}
          tabIndex={c === tabColumn ? 0 : -1}
          aria-colindex={view.at[1] + 1}
          aria-selected={selected}
          aria-label={view.name}
          data-row={view.at[0]}
          data-column={view.at[1]}
          data-value={exact(view.value)}
          title={text.includes("e") ? exact(view.value) : undefined}
          data-lm-suppress-shortcuts="true"
        >
          {c === editColumn ? editor : text}
        </div>,
      );
    }
    return dataRow < 0 ? (
      <div class="cb-row" aria-hidden="true">
        {cells}
      </div>
    ) : (
      <div class="cb-row" role="row" aria-rowindex={dataRow + 1}>
        {cells}
      </div>
    );
  }
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface Editing {
  at: readonly [number, number];
  text: string;
  /** Whether the reader began by typing, so that the next sign must follow and not replace. */
  typed: boolean;
}

export function Grid(props: GridProps) {
  const { size, dataSize, selected, cell, marks, editable } = props;
  const root = useRef<HTMLDivElement>(null);
  const [editing, setShownEditing] = useState<Editing | null>(null);
  // The editor's blur comes while it is being taken away: it must see what is true by then.
  const current = useRef<Editing | null>(null);
  const setEditing = (next: Editing | null) => {
    current.current = next;
    setShownEditing(next);
  };
  const pressed = useRef<{ at: string; wasSelected: boolean } | null>(null);
  const refocus = useRef<readonly [number, number] | null>(null);
  const tab: readonly [number, number] = selected ?? [0, 0];

  const cellElement = ([r, c]: readonly [number, number]): HTMLElement | null =>
    root.current?.querySelector(`[data-row="${r}"][data-column="${c}"]`) ?? null;
  const positionOf = (target: EventTarget | null): readonly [number, number] | null => {
    const el = (target as Element | null)?.closest?.("[data-row]") as HTMLElement | null;
    return el ? [Number(el.dataset.row), Number(el.dataset.column)] : null;
  };

  useEffect(() => {
    props.rootRef?.(root.current);
    return () => props.rootRef?.(null);
  }, []);
  useLayoutEffect(() => {
    if (editing) {
      const box = root.current?.querySelector<HTMLInputElement>(".cb-edit");
      if (box && document.activeElement !== box) {
        box.focus();
        if (editing.typed) box.setSelectionRange(box.value.length, box.value.length);
        else box.select();
      }
    } else if (refocus.current) {
      cellElement(refocus.current)?.focus({ preventScroll: true });
      refocus.current = null;
    }
  });

  const begin = (at: readonly [number, number], text: string | null) => {
    if (!editable) return;
    const now = cellElement(at)?.dataset.value ?? "";
    setEditing({ at, text: text ?? now, typed: text !== null });
  };
  /** Takes the text if it is a number; otherwise says so and leaves the text in place. */
  const commit = (text: string, back: boolean): boolean => {
    const editing = current.current;
    if (!editing) return true;
    const value = parseNumber(text);
    if (value === null) {
      props.onBadEdit?.(text);
      return false;
    }
    props.onBadEdit?.(null);
    if (back) refocus.current = editing.at;
    props.onEdit?.(editing.at, value);
    setEditing(null);
    return true;
  };
  const cancel = (back: boolean) => {
    if (back && editing) refocus.current = editing.at;
    props.onBadEdit?.(null);
    setEditing(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (editing) {
      const box = event.target as HTMLInputElement;
      if (event.key === "Enter") commit(box.value, true);
      else if (event.key === "Escape") cancel(true);
      else return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const at = positionOf(event.target);
    if (!at || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = STEPS[event.key];
    let next: readonly [number, number] | null = null;
    if (step) next = [at[0] + step[0], at[1] + step[1]];
    else if (event.key === "Home") next = [at[0], 0];
    else if (event.key === "End") next = [at[0], dataSize[1] - 1];
    if (next) {
      const inside: readonly [number, number] = [
        Math.min(Math.max(next[0], 0), dataSize[0] - 1),
        Math.min(Math.max(next[1], 0), dataSize[1] - 1),
      ];
      cellElement(inside)?.focus();
    } else if (editable && (event.key === "Enter" || event.key === "F2")) begin(at, null);
    else if (editable && /^[0-9.,\-\u2212]$/.test(event.key)) begin(at, event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const rows = [];
  for (let r = 0; r < size[0]; r++) {
    const dataRow = rowData(cell, r, size[1]);
    const find = (at: readonly [number, number] | null) => {
      if (!at || dataRow !== at[0]) return -1;
      for (let c = 0; c < size[1]; c++) {
        const here = cell(r, c).at;
        if (here && here[1] === at[1]) return c;
      }
      return -1;
    };
    const markText = [];
    for (let c = 0; c < size[1]; c++) {
      const mark = marks.get(keyOf(r, c));
      if (mark) markText.push(`${c}${mark.role}${mark.tint ?? ""}`);
    }
    const editColumn = find(editing?.at ?? null);
    rows.push(
      <Row
        key={r}
        row={r}
        columns={size[1]}
        firstDataRow={0}
        cell={cell}
        marks={marks}
        marksKey={markText.join("|")}
        tabColumn={find(tab)}
        selectedColumn={find(selected)}
        editColumn={editColumn}
        version={props.version}
        cellPx={props.cellPx}
        editor={
          editColumn < 0 ? null : (
            <input
              class="cb-edit"
              inputMode="decimal"
              autocomplete="off"
              aria-label={words.cellOf(props.label, editing!.at[0] + 1, editing!.at[1] + 1)}
              defaultValue={editing!.text}
              data-lm-suppress-shortcuts="true"
              onBlur={(event) => {
                // A number typed and left behind counts; anything else is dropped, and the old value stays.
                if (!commit((event.target as HTMLInputElement).value, false)) setEditing(null);
              }}
            />
          )
        }
      />,
    );
  }

  return (
    <div class="cb-grid-scroll">
      <div
        ref={root}
        class={`cb-grid cb-grid-${props.role}`}
        role="grid"
        aria-label={props.label}
        aria-readonly={!editable}
        aria-rowcount={dataSize[0]}
        aria-colcount={dataSize[1]}
        style={{ "--cb-cell": `${props.cellPx}px` }}
        onPointerOver={(event) => {
          if (event.pointerType !== "touch") props.onHover(positionOf(event.target));
        }}
        onPointerLeave={() => props.onHover(null)}
        onPointerDown={(event) => {
          const at = positionOf(event.target);
          pressed.current = at && {
            at: keyOf(...at),
            wasSelected: document.activeElement === cellElement(at),
          };
        }}
        onClick={(event) => {
          const at = positionOf(event.target);
          if (at && !editing && pressed.current?.at === keyOf(...at) && pressed.current.wasSelected) begin(at, null);
        }}
        onFocusIn={(event) => {
          const at = positionOf(event.target);
          if (at) props.onSelect(at);
        }}
        onKeyDown={onKeyDown}
      >
        {rows}
        {props.boxes.map((box) => (
          <div
            key={box.kind}
            aria-hidden="true"
            class={`cb-box cb-box-${box.kind}`}
            style={{
              top: `${box.at[0] * props.cellPx}px`,
              left: `${box.at[1] * props.cellPx}px`,
              height: `${box.size[0] * props.cellPx}px`,
              width: `${box.size[1] * props.cellPx}px`,
            }}
          />
        ))}
      </div>
    </div>
  );
}

function rowData(cell: GridProps["cell"], r: number, columns: number): number {
  for (let c = 0; c < columns; c++) {
    const at = cell(r, c).at;
    if (at) return at[0];
  }
  return -1;
}
