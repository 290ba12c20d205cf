/** Replays the bench's case vectors (tests/test_upsampling_js.py): outputs, sums, costs, the projection, links. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { sizeOf, type Matrix } from "../../conv_lib/widgets/js/core/ops.ts";
import { PHOTO } from "../../conv_lib/widgets/js/upsampling/photo.tsx";
import { check, fromQuery, PRESETS, same, toQuery, type Settings } from "../../conv_lib/widgets/js/upsampling/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/upsampling/snippets.ts";
import {
  boxed, costOf, differenceOf, kernelAt, outputOf, phaseSums, project, termsOf, WAYS, type Way,
} from "../../conv_lib/widgets/js/upsampling/ways.ts";

interface Case {
  settings: Settings;
  outputs: Record<Way, number[][]>;
  costs: Record<Way, { weights: number; macs: number }>;
  weights: number[][];
  kept: number[][];
  norms: { kernel: number; kept: number; rest: number };
  phases: number[][];
}

const file = process.env.UPSAMPLING_VECTORS;
const cases = file ? (JSON.parse(readFileSync(file, "utf8")) as Case[]) : [];
const inputOf = (s: Settings): Matrix => (s.shown === "photo" ? PHOTO : s.input);
const close = (a: number, b: number, scale = 1) => Math.abs(a - b) <= 1e-9 * (scale + Math.abs(b));

function near(a: Matrix, b: Matrix, words: string): void {
  const scale = 1 + Math.max(...b.flat().map(Math.abs));
  assert.deepEqual(sizeOf(a), sizeOf(b), words);
  a.forEach((row, r) => row.forEach((v, c) => assert.ok(close(v, b[r]![c]!, scale), `${words} [${r}, ${c}]: ${v}, ${b[r]![c]}`)));
}

test(`outputs agree with conv_lib in ${cases.length} cases`, () => {
  assert.ok(!file || cases.length >= 300);
  for (const { settings: s, outputs } of cases) {
    assert.equal(check(s), null);
    for (const way of WAYS) near(outputOf(way, inputOf(s), s), outputs[way], `${way} ${JSON.stringify(s)}`);
  }
});

test("the sum of every pixel is the pixel, and its weights stand in the kernel", () => {
  for (const { settings: s, outputs } of cases.filter((v) => v.settings.shown === "grid"))
    for (const way of WAYS)
      outputs[way].forEach((row, r) =>
        row.forEach((value, c) => {
          const terms = termsOf(way, sizeOf(s.input), s, r, c);
          let sum = 0;
          let size = 1;
          for (const { at, parts, taps } of terms) {
            const factor = parts.reduce((a, b) => a + b, 0);
            sum += factor * s.input[at[0]]![at[1]]!;
            size += Math.abs(factor * s.input[at[0]]![at[1]]!);
            const kernel = kernelAt(way, s, r, c);
            assert.equal(taps.length, kernel ? parts.length : 0);
            taps.forEach(([i, j], n) => assert.equal(kernel![i]![j], parts[n]));
          }
          assert.ok(close(sum, value, size), `${way} [${r}, ${c}] ${JSON.stringify(s)}`);
        }),
      );
});

test("costs are those of conv_lib.shapes", () => {
  for (const { settings: s, costs } of cases)
    for (const way of WAYS) {
      const cost = costOf(way, sizeOf(inputOf(s)), s.in_channels, s.out_channels);
      assert.deepEqual({ weights: cost.weights, macs: cost.macs }, costs[way], way);
    }
  assert.deepEqual(WAYS.map((way) => costOf(way, [3, 5], 1, 1).each), [0, 4, 4, 0, 2.25, 4, 9, 9]);
});

test("the projection is that of conv_lib, and its kernel makes it", () => {
  for (const { settings: s, weights, kept, norms, phases } of cases) {
    const p = project(s.transposed4);
    near(p.weights, weights, "weights");
    near(p.kept, kept, "kept");
    near(boxed(p.weights), kept, "boxed");
    near(phaseSums(s.transposed4), phases, "phases");
    for (const name of ["kernel", "kept", "rest"] as const) assert.ok(close(p.norms[name], norms[name], norms.kernel), name);
    near(project(p.kept).kept, p.kept, "twice");
  }
});

test("a resize-convolution and the layer with its boxed kernel differ nowhere", () => {
  for (const { settings } of cases) {
    const s = { ...settings, transposed4: boxed(settings.resize) };
    const d = differenceOf(outputOf("resize", s.input, s), outputOf("transposed4", s.input, s));
    assert.equal(d.count, 0, JSON.stringify(s));
    assert.equal(d.largest, 0);
  }
});

test("differences: none, at the border only, everywhere", () => {
  const s = PRESETS.find((p) => p.name === "upsample")!.settings;
  const of = (a: Way, b: Way) => differenceOf(outputOf(a, s.input, s), outputOf(b, s.input, s));
  assert.equal(of("nearest", "shuffle").count, 0); // ICNR
  assert.equal(of("transposed4", "resize").count, 0); // bilinear kernel and [1, 2, 1]
  const border = of("transposed4", "bilinear");
  assert.ok(border.onlyBorder && border.count === 15 && border.largest === 35);
  assert.ok(!of("transposed3", "bilinear").onlyBorder);
});

test("links read back as the same settings", () => {
  for (const { settings } of cases) {
    const { settings: back, message } = fromQuery(encodeURI(toQuery(settings)), PRESETS[0]!.settings);
    assert.equal(message, null);
    assert.ok(same(back, settings));
  }
});

const NONSENSE = [
  "", "&&&===", "%", "%zz", "shown=video", "input=", "input=1,2;3", "input=NaN", "input=<b>", "input=1,2,3,4,5", "k3=1",
  "k3=1,2;3,4", "k4=1,2,3;4,5,6;7,8,9", "resize=1e99", "shuffle=1|2|3|4", "shuffle=1,2,3;4,5,6;7,8,9", "minus=nearest",
  "minus=nearest,deconvolution", "channels=0,1", "channels=1", "channels=1.5,2", "channels=1,2000", "tab=speed",
  "input=" + "1,".repeat(9000), "__proto__=1&constructor=2", "minus=\u{1f600},\u{1f600}",
];

test("nonsense in a link is answered with legal settings and, where something was lost, words", () => {
  const base = PRESETS[0]!.settings;
  for (const query of NONSENSE) {
    const { settings, message } = fromQuery(query, base);
    assert.ok(same(settings, base), query.slice(0, 60));
    assert.ok(message ? message.length < 600 : !/^[a-z0-9]+=.*/.test(query), query.slice(0, 60));
  }
});

test("snippets are written out, for Python to run", () => {
  assert.ok(PRESETS.length >= 5);
  const out = process.env.UPSAMPLING_SNIPPETS;
  if (!out) return;
  const some = [...PRESETS.map((p) => p.settings), ...cases.slice(0, 25).map((v) => v.settings)];
  writeFileSync(out, JSON.stringify(some.map((s) => snippets(s))));
});
