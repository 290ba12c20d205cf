/** Replays the matrix view's case vectors (tests/test_matrix_js.py): entries, counts, rank, both products, links. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { conv2d, type Matrix } from "../../conv_lib/widgets/js/core/ops.ts";
import { adjointTest, algebraOf, dense, erased } from "../../conv_lib/widgets/js/matrix/algebra.ts";
import { check, conv, fromQuery, PRESETS, same, toQuery, type Settings } from "../../conv_lib/widgets/js/matrix/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/matrix/snippets.ts";
import { entriesOf, productOf } from "../../conv_lib/widgets/js/matrix/trace.ts";

interface Case {
  settings: Settings;
  matrix: number[][];
  rank: number;
  counts: number[];
  ax: number[][];
  aty: number[][];
  back: number[][];
}

const file = process.env.MATRIX_VECTORS;
const vectors = file
  ? (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[]; refused: { settings: Settings; reason: string }[] })
  : { cases: [], refused: [] };

const near = (a: Matrix, b: Matrix) =>
  a.length === b.length &&
  a.every((row, r) => row.length === b[r]!.length && row.every((v, c) => Math.abs(v - b[r]![c]!) <= 1e-9 * (1 + Math.abs(v))));

test(`matrix, rank, counts and products agree with conv_lib and NumPy in ${vectors.cases.length} cases`, () => {
  assert.ok(!file || vectors.cases.length >= 300);
  for (const v of vectors.cases) {
    const words = JSON.stringify(v.settings);
    assert.equal(check(v.settings), null, words);
    const a = algebraOf(v.settings);
    assert.ok(near(dense(a, v.settings.kernel), v.matrix), words);
    assert.deepEqual(a.counts, v.counts, words);
    assert.equal(a.rank, v.rank, words);
    for (const name of ["ax", "aty", "back"] as const) assert.ok(near(a[name], v[name]), `${name} ${words}`);
  }
});

test("both sides of the adjoint test are equal up to rounding, also for very large and very small numbers", () => {
  for (const { settings } of vectors.cases) {
    for (const scale of [1, 1e9, 1e-9]) {
      const s = { ...settings, x: settings.x.map((row) => row.map((v, i) => v * scale * (i % 2 ? 1 : 1e-3))) };
      assert.ok(adjointTest(s, algebraOf(s)).equal, JSON.stringify(s));
    }
  }
});

test("an erased image is not zero, is erased, and is found exactly where the rank leaves room", () => {
  let found = 0;
  for (const { settings } of vectors.cases) {
    const a = algebraOf(settings);
    const x = erased(settings, a);
    assert.equal(x !== null, a.rank < a.columns, JSON.stringify(settings));
    if (!x) continue;
    found += 1;
    const largest = Math.max(...x.flat().map(Math.abs));
    assert.ok(largest > 0 && largest <= 1e9);
    const size = 1 + settings.kernel.flat().reduce((sum, w) => sum + Math.abs(w), 0);
    const left = conv2d(x, settings.kernel, conv(settings)).flat();
    assert.ok(left.every((v) => Math.abs(v) <= 1e-8 * size * largest), JSON.stringify(settings));
  }
  assert.ok(!file || found > 100);
});

test("a row, a column and a band hold the entries that they should", () => {
  for (const { settings: s, matrix } of vectors.cases) {
    const a = algebraOf(s);
    const [x, w] = [s.x.flat(), s.kernel.flat()];
    a.ax.forEach((row, r) =>
      row.forEach((value, c) => {
        const sum = entriesOf({ where: "map", row: r, column: c }, s, a).reduce((t, e) => t + w[e.weight]! * x[e.column]!, 0);
        assert.ok(Math.abs(sum - value) <= 1e-9 * (1 + Math.abs(value)));
      }),
    );
    const bands = s.kernel.flatMap((row, r) => row.map((_, c) => entriesOf({ where: "kernel", row: r, column: c }, s, a).length));
    assert.deepEqual(bands, a.counts);
    const columns = s.x.flatMap((row, r) => row.map((_, c) => entriesOf({ where: "image", row: r, column: c }, s, a)));
    assert.equal(columns.flat().length, a.entries.length);
    for (const e of a.entries) {
      assert.equal(matrix[e.row]![e.column], w[e.weight]);
      const p = productOf(e, s, a);
      const value = s.transposed ? s.y[p.input[0]]![p.input[1]] : s.x[p.input[0]]![p.input[1]];
      assert.equal(value, s.transposed ? s.y.flat()[e.row] : x[e.column]);
    }
  }
});

test("what conv_lib refuses is refused here, with fixes that are legal", () => {
  assert.ok(!file || vectors.refused.length >= 50);
  for (const { settings, reason } of vectors.refused) {
    const problem = check(settings);
    if (!problem) throw new assert.AssertionError({ message: `${reason}: ${JSON.stringify(settings)}` });
    assert.match(problem.message, /\d/);
    assert.ok(problem.fixes.length > 0, JSON.stringify(settings));
    for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
  }
});

test("links read back as the same settings", () => {
  for (const { settings } of vectors.cases) {
    const { settings: back, message } = fromQuery(encodeURI(toQuery(settings)), PRESETS[0]!.settings);
    assert.equal(message, null, JSON.stringify(settings));
    assert.ok(same(back, settings));
  }
});

const NONSENSE = [
  "", "&&&===", "%", "%zz", "T=2", "x=", "x=1,2;3", "x=NaN", "x=<b>", "kernel=1,2,3,4,5", "stride=0", "stride=1.5",
  "padding=9", "padding=-1", "padding=full", "dilation=3&kernel=1,1,1,1;1,1,1,1", "y=1,2,3,4,5,6,7,8,9,1,2,3,4",
  "tab=deconvolution", "padding=3&kernel=1&x=" + Array(6).fill("1,1,1,1,1,1").join(";"), "x=" + "1,".repeat(9000),
  "__proto__=1&constructor=2",
];

test("nonsense in a link is answered with legal settings and, where something was lost, words", () => {
  const base = PRESETS[0]!.settings;
  for (const query of NONSENSE) {
    const { settings, message } = fromQuery(query, base);
    assert.equal(check(settings), null, query);
    assert.ok(message || same(settings, base), query.slice(0, 60));
    assert.ok(!message || message.length < 600);
  }
});

test("every preset is legal", () => {
  assert.ok(PRESETS.length >= 5);
  for (const { name, settings } of PRESETS) assert.equal(check(settings), null, name);
});

test("snippets are written out, for Python to run", () => {
  const out = process.env.MATRIX_SNIPPETS;
  if (!out) return;
  const some = [...PRESETS.map((p) => p.settings), ...vectors.cases.slice(0, 40).map((v) => v.settings)];
  writeFileSync(out, JSON.stringify(some.map((s) => snippets(s, algebraOf(s)))));
});
