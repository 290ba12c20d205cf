/** Replays the phase lab's case vectors (tests/test_phase_js.py): counts, sums, output, levelled kernel, spectrum, links. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Matrix } from "../../conv_lib/widgets/js/core/ops.ts";
import { gain, imagesOf, isInside, keptAs, labOf, levelled, output, phaseOf, tapsAt, upsampled, verdictOf } from "../../conv_lib/widgets/js/phase/phases.ts";
import { greys, imageKernel } from "../../conv_lib/widgets/js/phase/photo.tsx";
import { check, fromGiven, fromQuery, PRESETS, same, strides, toQuery, withDims, type Given } from "../../conv_lib/widgets/js/phase/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/phase/snippets.ts";
import { borderWords, headline, judged, trace } from "../../conv_lib/widgets/js/phase/words.ts";

interface Case {
  settings: Given;
  clean: boolean;
  counts: number[][];
  output: number[][];
  taps: number[][];
  sums: number[][];
  level: number[][] | null;
  frequencies: number[];
  gain: number[][];
}

const file = process.env.PHASE_VECTORS;
const vectors = file
  ? (JSON.parse(readFileSync(file, "utf8")) as {
      cases: Case[];
      refused: { settings: Given; reason: string }[];
      photo: { kernel: number[]; stride: number; values: number[][] };
    })
  : { cases: [], refused: [], photo: null };

const near = (a: Matrix, b: Matrix, tolerance = 1e-9) =>
  a.length === b.length &&
  a.every((row, r) => row.length === b[r]!.length && row.every((v, c) => Math.abs(v - b[r]![c]!) <= tolerance * (1 + Math.abs(v))));

test(`counts, sums, output and verdict agree with conv_lib in ${vectors.cases.length} cases`, () => {
  assert.ok(!file || vectors.cases.length >= 300);
  for (const v of vectors.cases) {
    const words = JSON.stringify(v.settings);
    const s = fromGiven(v.settings);
    assert.equal(check(s), null, words);
    const lab = labOf(s);
    const [[top, bottom], [left, right]] = lab.window;
    assert.deepEqual(lab.counts.slice(top, bottom).map((row) => row.slice(left, right)), v.counts, words);
    assert.ok(near(output(lab), v.output), words);
    assert.deepEqual(lab.taps, v.taps, words);
    assert.ok(near(lab.sums, v.sums), words);
    assert.equal(lab.verdict.clean, v.clean, words);
  }
});

test("a kernel is levelled as conv_lib levels it, and is then clean", () => {
  for (const v of vectors.cases) {
    const s = fromGiven(v.settings);
    const level = levelled(s.kernel, strides(s));
    assert.equal(level === null, v.level === null, JSON.stringify(v.settings));
    if (!level) continue;
    assert.ok(near(level, v.level!, 1e-8), JSON.stringify(v.settings));
    assert.ok(verdictOf(level, strides(s)).high - verdictOf(level, strides(s)).low < 1e-8);
  }
});

test("the frequency response is conv_lib's", () => {
  for (const v of vectors.cases) {
    const s = fromGiven(v.settings);
    const f = v.frequencies;
    const found = s.dims === 1 ? [f.map((fh) => gain(s.kernel, strides(s), [0, fh]))] : f.map((fv) => f.map((fh) => gain(s.kernel, strides(s), [fv, fh])));
    assert.ok(near(found, v.gain), JSON.stringify(v.settings));
  }
});

test("clean is a response of zero at every image of a flat input", () => {
  for (const v of vectors.cases) {
    const s = fromGiven(v.settings);
    if (s.dims === 2) continue;
    const images = imagesOf(0, s.stride).slice(1).map((f) => gain(s.kernel, [1, s.stride], [0, f]));
    const size = s.kernel.flat().reduce((sum, w) => sum + Math.abs(w), 0);
    assert.equal(images.every((g) => g <= 1e-8 * size), v.clean, JSON.stringify(v.settings));
  }
});

test("a wave has its images round every multiple of one over the stride", () => {
  assert.deepEqual(imagesOf(0, 2), [0, 0.5]);
  assert.deepEqual(imagesOf(0.1, 2).map((f) => Number(f.toFixed(9))), [0.05, 0.45]);
  assert.deepEqual(imagesOf(0, 3).map((f) => Number(f.toFixed(9))), [0, 0.333333333]);
  assert.equal(imagesOf(0.2, 4).length, 4);
  assert.equal(imagesOf(0.3, 1).length, 1);
  // What the sampled wave says: zeros between its values hold each of these frequencies and no other.
  for (const stride of [1, 2, 3, 4]) {
    const [n, cycles] = [60, 9];
    const x = Array.from({ length: n * stride }, (_, i) => (i % stride ? 0 : Math.cos((2 * Math.PI * cycles * i) / stride / n)));
    const found: number[] = [];
    for (let k = 0; k <= (n * stride) / 2; k++) {
      let [re, im] = [0, 0];
      x.forEach((v, i) => {
        re += v * Math.cos((2 * Math.PI * k * i) / x.length);
        im += v * Math.sin((2 * Math.PI * k * i) / x.length);
      });
      if (Math.hypot(re, im) > 1) found.push(k / x.length);
    }
    const expected = imagesOf(cycles / n, stride).sort((a, b) => a - b);
    assert.equal(found.length, expected.length);
    found.forEach((f, i) => assert.ok(Math.abs(f - expected[i]!) < 1e-9));
  }
});

test("each cell is the sum of its products; inside it is its phase sum", () => {
  for (const v of vectors.cases.slice(0, 120)) {
    const lab = labOf(fromGiven(v.settings));
    lab.values.forEach((row, r) =>
      row.forEach((value, c) => {
        const taps = tapsAt(lab, [r, c]);
        assert.equal(taps.length, lab.counts[r]![c]);
        const [p, q] = phaseOf(lab, [r, c]);
        for (const { weight } of taps) assert.deepEqual([weight[0] % lab.strides[0], weight[1] % lab.strides[1]], [p, q]);
        if (isInside(lab, [r, c])) assert.ok(Math.abs(value - lab.sums[p]![q]!) < 1e-9 * (1 + Math.abs(value)));
        if (keptAs(lab, [r, c]) === "appended") assert.equal(value, 0);
        assert.ok(trace(lab, [r, c]).note.length > 10);
      }),
    );
    const { settings: s, border, window } = lab;
    if (border.inside && s.dims === 1) {
      // The first complete cell, and none before it.
      const [start, stop] = window[1];
      assert.ok(isInside(lab, [0, start + border.before[1]]) && isInside(lab, [0, stop - 1 - border.after[1]]));
      for (let u = start; u < start + border.before[1]; u++) assert.ok(!isInside(lab, [0, u]));
    }
  }
});

test("words say what the numbers say", () => {
  for (const v of vectors.cases) {
    const lab = labOf(fromGiven(v.settings));
    const { word, rest } = headline(lab);
    assert.equal(word === "Clean", v.clean, JSON.stringify(v.settings));
    assert.ok(rest.endsWith(".") && !/NaN|undefined/.test(rest));
    for (const text of [...Object.values(judged(lab)), ...Object.values(borderWords(lab))]) assert.ok(!/NaN|undefined/.test(text), text);
  }
});

test("a photograph is upsampled as conv_lib upsamples it", () => {
  if (!vectors.photo) return;
  const { kernel, stride, values } = vectors.photo;
  const s = fromGiven({ kernel, stride });
  const x = greys();
  const found = upsampled(x, [64, 56], imageKernel(labOf(s)), [stride, stride], [1, 1]);
  const rows = Array.from({ length: found.size[0] }, (_, r) => Array.from(found.values.slice(r * found.size[1], (r + 1) * found.size[1])));
  assert.ok(near(rows, values));
});

test("a strip becomes an image and comes back", () => {
  const strip = fromGiven({ kernel: [0.5, 1, 0.5] });
  const image = withDims(strip, 2);
  assert.deepEqual(image.kernel, [[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]);
  assert.deepEqual(withDims(image, 1).kernel, strip.kernel);
  for (const { settings } of vectors.cases) {
    const s = fromGiven(settings);
    for (const dims of [1, 2] as const) {
      const clean = verdictOf(s.kernel, strides(s)).clean;
      const turned = withDims(s, dims);
      if (check(turned) === null && clean && s.dims === 1) assert.ok(verdictOf(turned.kernel, strides(turned)).clean || s.stride > s.kernel[0]!.length);
    }
  }
});

test("what conv_lib refuses is refused here, with fixes that are legal", () => {
  assert.ok(!file || vectors.refused.length >= 8);
  for (const { settings, reason } of vectors.refused) {
    const problem = check(fromGiven(settings));
    if (!problem) throw new assert.AssertionError({ message: `${reason}: ${JSON.stringify(settings)}` });
    assert.match(problem.message, /\d/);
    assert.ok(problem.fixes.length > 0);
    for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
  }
});

test("links read back as the same settings", () => {
  for (const { settings } of vectors.cases) {
    const s = fromGiven(settings);
    const { settings: back, message } = fromQuery(encodeURI(toQuery(s)), PRESETS[0]!.settings);
    assert.equal(message, null, toQuery(s));
    assert.ok(same(back, s), toQuery(s));
  }
});

const NONSENSE = [
  "", "&&&===", "%", "%zz", "dims=3", "kernel=", "kernel=1,2;3", "kernel=NaN", "kernel=<script>", "kernel=1,1,1,1,1,1,1,1",
  "kernel=1,2;3,4", "stride=0", "stride=1.5", "stride=\u{1f600}", "padding=9", "padding=9,9", "padding=-1,0", "padding=full",
  "view=map", "wave=51", "wave=-1", "width=99", "height=0", "kernel=" + "1,".repeat(9000), "__proto__=1&constructor=2",
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

test("every preset is legal, and the names tell the truth", () => {
  assert.ok(PRESETS.length >= 10);
  for (const { name, settings } of PRESETS) {
    assert.equal(check(settings), null, name);
    const { clean } = verdictOf(settings.kernel, strides(settings));
    if (/clean|bilinear|border/.test(name)) assert.ok(clean, name);
    if (/dirty|ones|gap|photo/.test(name)) assert.ok(!clean, name);
  }
});

test("snippets are written out, for Python to run", () => {
  const out = process.env.PHASE_SNIPPETS;
  if (!out) return;
  const some = [...PRESETS.map((p) => p.settings), ...vectors.cases.slice(0, 40).map((v) => fromGiven(v.settings))];
  writeFileSync(out, JSON.stringify(some.map((s) => snippets(s, labOf(s)))));
});
