/**
 * Replays the case vectors that Python wrote (tests/test_widget_js.py): sizes, values, windows.
 * conv_lib is the reference; whatever differs here is a bug in the JavaScript.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { flipped, spread, type Matrix } from "../../conv_lib/widgets/js/core/ops.ts";
import {
  convSize,
  fullSize,
  kerasTransposedSize,
  pads,
  transposedSizes,
  transposedWindow,
  type Axis,
} from "../../conv_lib/widgets/js/core/shapes.ts";
import { fromQuery, sameSettings, toQuery } from "../../conv_lib/widgets/js/explorer/link.ts";
import { buildScene, productsOf, stampOf } from "../../conv_lib/widgets/js/explorer/picture.ts";
import { check, type Settings } from "../../conv_lib/widgets/js/explorer/settings.ts";
import { PRESETS } from "../../conv_lib/widgets/js/explorer/traits.ts";

interface SizeCase extends Axis {
  size: number;
  conv: number | null;
  pads: [number, number] | null;
  legal: [number, number] | null;
  keras: number | null;
  full: number;
  windows: [number, number, number][];
}
interface LayerCase {
  settings: Settings;
  output: number[][];
}

const file = process.env.CONV_VECTORS;
assert.ok(file, "CONV_VECTORS names the file of case vectors; tests/test_widget_js.py sets it");
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  sizes: SizeCase[];
  layers: LayerCase[];
  refused: { settings: Settings; reason: string }[];
};

const close = (a: Matrix, b: Matrix) =>
  a.length === b.length &&
  a.every((row, r) => row.length === b[r]!.length && row.every((v, c) => Math.abs(v - b[r]![c]!) <= 1e-9 * (1 + Math.abs(v))));

test(`sizes agree with conv_lib.shapes in ${vectors.sizes.length} cases`, () => {
  assert.ok(vectors.sizes.length >= 500);
  for (const v of vectors.sizes) {
    assert.equal(convSize(v.size, v), v.conv ?? 0, JSON.stringify(v));
    if (v.pads) assert.deepEqual([...pads(v.size, v)], v.pads, JSON.stringify(v));
    const legal = transposedSizes(v.size, v);
    assert.deepEqual(legal && [legal.first, legal.last], v.legal, JSON.stringify(v));
    assert.equal(fullSize(v.size, v), v.full);
    if (v.keras !== null) assert.equal(kerasTransposedSize(v.size, v), v.keras, JSON.stringify(v));
    for (const [size, start, stop] of v.windows) {
      assert.deepEqual([...transposedWindow(size, v)], [start, stop], JSON.stringify(v));
    }
  }
});

test(`values agree with conv_lib.ops in ${vectors.layers.length} cases`, () => {
  assert.ok(vectors.layers.length >= 500);
  for (const { settings, output } of vectors.layers) {
    assert.equal(check(settings), null, JSON.stringify(settings));
    const scene = buildScene(settings);
    assert.ok(close(scene.output, output), JSON.stringify({ settings, got: scene.output, output }));
  }
});

test("what a pointed-at cell lists adds up to what the cell shows", () => {
  for (const { settings } of vectors.layers) {
    const scene = buildScene(settings);
    scene.output.forEach((row, r) =>
      row.forEach((value, c) => {
        const sum = productsOf(scene, { grid: "output", row: r, column: c }).reduce(
          (total, p) => total + settings.input[p.input[0]]![p.input[1]]! * settings.kernel[p.kernel[0]]![p.kernel[1]]!,
          0,
        );
        assert.ok(Math.abs(sum - value) <= 1e-9 * (1 + Math.abs(value)));
      }),
    );
  }
});

test("the gather picture, slid as it is drawn, gives the same output", () => {
  for (const { settings, output } of vectors.layers) {
    if (settings.mode === "conv") continue;
    const gather: Settings = { ...settings, picture: "gather" };
    const scene = buildScene(gather);
    const kernel = flipped(settings.kernel);
    output.forEach((row, r) =>
      row.forEach((value, c) => {
        const stamp = stampOf(scene, { grid: "output", row: r, column: c })!;
        const drawn = scene.grids.input;
        const [kh, kw] = [kernel.length, kernel[0]!.length];
        let sum = 0;
        for (const { at, kernel: k } of stamp.cells) {
          sum += drawn.value(at[0], at[1]) * kernel[kh - 1 - k[0]]![kw - 1 - k[1]]!;
        }
        assert.ok(Math.abs(sum - value) <= 1e-9 * (1 + Math.abs(value)), JSON.stringify({ settings, r, c, sum, value }));
      }),
    );
    assert.ok(spread(settings.input, settings.kernel, settings, [output.length, output[0]!.length]));
  }
});

test("links read back as the same settings", () => {
  const base = PRESETS[0]!.settings;
  for (const { settings } of vectors.layers) {
    const { settings: back, message } = fromQuery(encodeURI(toQuery(settings)), base);
    assert.equal(message, null, JSON.stringify(settings));
    assert.ok(sameSettings({ ...back, picture: settings.picture }, settings));
  }
});

test("what conv_lib refuses is refused here, with fixes that are legal", () => {
  assert.ok(vectors.refused.length >= 50);
  for (const { settings, reason } of vectors.refused) {
    const problem = check(settings);
    if (!problem) throw new assert.AssertionError({ message: `${reason}: ${JSON.stringify(settings)}` });
    assert.match(problem.message, /\d/);
    for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
  }
});

const NONSENSE = [
  "",
  "&&&===",
  "%",
  "%zz",
  "mode=banana",
  "stride=0",
  "stride=-3&kernel=",
  "stride=1e9",
  "stride=1.5",
  "input=1,2;3",
  "input=<script>alert(1)</script>",
  "input=NaN,Infinity",
  "kernel=1,2,3;4,5,6;7,8,9&input=1",
  "output=99x99&mode=transpose",
  "mode=transpose&output=-1x2",
  "padding=9,9",
  "padding=\u{1f600}",
  "dilation=4&kernel=1,1,1;1,1,1;1,1,1",
  "mode=transpose&padding=12,12,12,12",
  "input=" + "1,".repeat(5000),
  "__proto__=1&constructor=2",
  "mode=transpose&stride=6&kernel=" + Array(7).fill(Array(7).fill(1)).join(";") + "&input=" + Array(16).fill(Array(16).fill(1)).join(";"),
];

test("nonsense in a link is answered with legal settings and, where something was lost, words", () => {
  const base = PRESETS[0]!.settings;
  for (const query of NONSENSE) {
    const { settings, message } = fromQuery(query, base);
    assert.equal(check(settings), null, query);
    const harmless = sameSettings(settings, base) && /^(?!.*=)|^&|^__proto__/.test(query);
    assert.ok(harmless || message, query.slice(0, 60));
    assert.ok(!message || message.length < 600);
  }
});

test("every preset is legal", () => {
  for (const { name, settings } of PRESETS) assert.equal(check(settings), null, name);
});
