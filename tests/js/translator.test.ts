/** Replays the translator's case vectors (tests/test_translator_js.py): calls, windows, both ports, values, links. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { axesOf, callLine, convert, FRAMEWORKS, mismatch, Refused, turnedBetween, typedIn, type Name } from "../../conv_lib/widgets/js/core/frameworks.ts";
import { buildScene, kernelAxes, valuesOf } from "../../conv_lib/widgets/js/translator/scene.ts";
import {
  check,
  choices,
  fromQuery,
  kernelOf,
  layerOf,
  PRESETS,
  same,
  settle,
  symmetric,
  toQuery,
  withOperation,
  withSource,
  type Settings,
} from "../../conv_lib/widgets/js/translator/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/translator/snippets.ts";

interface Port {
  code: string;
  axes: number[][];
  starts: number[];
  sizes: number[];
  turned: boolean;
  same: boolean;
  values: number[][][];
}
interface Target {
  typed: Port | null;
  code: string;
  input_pad: number[][];
  output_pad: number[][];
  native: boolean;
  any_size: boolean;
  notes: string[];
  kernel_shape: number[];
}
interface Case {
  settings: Settings;
  code: string;
  axes: number[][];
  values: number[][][];
  targets: Record<string, Target>;
}
const file = process.env.TRANSLATOR_VECTORS;
const vectors = file
  ? (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[]; refused: { settings: Settings; reason: string }[] })
  : { cases: [], refused: [] };

const pads = (all: readonly (readonly number[])[]) => all.map((pair) => pair.map((n) => n + 0));
const near = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b)
    ? a.length === b.length && a.every((v, i) => near(v, b[i]))
    : Math.abs((a as number) - (b as number)) <= 1e-9 * (1 + Math.abs(a as number));
const channels = (s: Settings, axes: ReturnType<typeof axesOf>, turned: boolean) =>
  Array.from({ length: s.channels[1] }, (_, o) => valuesOf(s, axes, turned, o));

test(`a layer means in JavaScript what it means in conv_lib, in ${vectors.cases.length} cases`, () => {
  assert.ok(!file || vectors.cases.length >= 300);
  for (const v of vectors.cases) {
    const s = v.settings;
    const words = JSON.stringify(s);
    assert.equal(check(s), null, words);
    const layer = layerOf(s);
    const axes = axesOf(layer);
    assert.equal(callLine(layer), v.code, words);
    assert.deepEqual(pads(axes.map((a) => [a.start, a.output])), v.axes, words);
    assert.ok(near(channels(s, axes, false), v.values), words);
  }
});

test("the same numbers typed in, for every target", () => {
  let compared = 0;
  let refused = 0;
  for (const v of vectors.cases) {
    const s = v.settings;
    const layer = layerOf(s);
    for (const [name, target] of Object.entries(v.targets) as [Name, Target][]) {
      const words = `${name} ${JSON.stringify(s)}`;
      if (!target.typed) {
        assert.throws(() => typedIn(layer, name), Refused, words);
        refused += 1;
        continue;
      }
      const typed = typedIn(layer, name);
      const axes = axesOf(typed);
      assert.equal(callLine(typed), target.typed.code, words);
      assert.deepEqual(pads(axes.map((a) => [a.start, a.output])), target.typed.axes, words);
      const found = mismatch(layer, typed, symmetric(kernelOf(s)));
      assert.deepEqual({ ...found, starts: found.starts.map((n) => n + 0), sizes: [...found.sizes] }, {
        starts: target.typed.starts,
        sizes: target.typed.sizes,
        turned: target.typed.turned,
        same: target.typed.same,
      }, words);
      assert.ok(near(channels(s, axes, turnedBetween(s.source, name, s.operation)), target.typed.values), words);
      compared += 1;
    }
  }
  assert.ok(!file || (compared > 800 && refused > 100), `${compared} ${refused}`);
});

test("the right port, for every target: its line to the letter", () => {
  for (const v of vectors.cases) {
    for (const [name, target] of Object.entries(v.targets) as [Name, Target][]) {
      const words = `${name} ${JSON.stringify(v.settings)}`;
      const right = convert(layerOf(v.settings), name);
      assert.equal(right.code, target.code, words);
      assert.deepEqual(pads(right.inputPad), target.input_pad, words);
      assert.deepEqual(pads(right.outputPad), target.output_pad, words);
      assert.equal(right.native, target.native, words);
      assert.equal(right.anySize, target.any_size, words);
      assert.deepEqual(right.notes, target.notes, words);
      if (!right.spread && !right.dense) assert.deepEqual(kernelAxes(v.settings, name).lengths, target.kernel_shape, words);
    }
  }
});

test("what Python refuses is refused, and every fix is legal", () => {
  let found = 0;
  for (const { settings, reason } of vectors.refused) {
    if (settings.input || settings.kernel) continue;
    // Settings that only need a word dropped are settled; the others are explained.
    const problem = check(settings);
    const settled = settle(settings);
    assert.ok(problem || !same(settled, settings), `${reason} ${JSON.stringify(settings)}`);
    const rest = check(settled);
    if (!rest) continue;
    found += 1;
    for (const fix of rest.fixes) assert.equal(check(fix.settings), null, JSON.stringify(fix.settings));
    assert.ok(rest.fixes.length, `no way out: ${rest.message} ${JSON.stringify(settled)}`);
  }
  assert.ok(!file || found > 20, String(found));
});

test("every source, operation and example can be reached from every other without an illegal state", () => {
  const states = [...PRESETS.map((p) => p.settings), ...vectors.cases.slice(0, 120).map((v) => v.settings)];
  for (const s of states) {
    assert.equal(check(s), null);
    for (const operation of ["conv", "transposed"] as const) {
      const other = withOperation(s, operation);
      for (const name of choices(operation)) {
        const next = withSource(other, name);
        if (check(next)) continue; // said in words, and the old picture stays
        assert.ok(buildScene(next).ours.length);
        assert.equal(next.source, name);
        assert.notEqual(next.target, next.source);
      }
    }
  }
});

test("links reopen what they were made from, and anything typed by hand is survived", () => {
  const base = PRESETS[0]!.settings;
  for (const v of vectors.cases) {
    const { settings, message } = fromQuery(encodeURI(toQuery(v.settings)), base);
    assert.equal(message, null, toQuery(v.settings));
    assert.ok(same(settings, v.settings), toQuery(v.settings));
  }
  const texts = ["", "-1", "1e9", "2.5", "zwei", "<script>", "\u{1f600}", "9".repeat(10000), "NaN", "3x", "x3", ",", "1,2,3", "tf", "%"];
  for (const key of ["from", "to", "op", "size", "channels", "kernel", "stride", "dilation", "groups", "padding", "extra", "show", "channel", "x", "w"])
    for (const text of texts) assert.equal(check(fromQuery(`${key}=${text}`, base).settings), null, `${key}=${text.slice(0, 20)}`);
});

test("code is offered for a file of settings", () => {
  const out = process.env.TRANSLATOR_SNIPPETS;
  const offered = [...PRESETS.map((p) => p.settings), ...vectors.cases.slice(0, 90).map((v) => v.settings)].map((s) => ({
    source: s.source,
    target: s.target,
    code: snippets(s, buildScene(s)),
  }));
  assert.ok(Object.keys(FRAMEWORKS).length === 6);
  if (out) writeFileSync(out, JSON.stringify(offered));
});
