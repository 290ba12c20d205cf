/**
 * Replays the case vectors that Python wrote (tests/test_channels_js.py): outputs, parts, counts, links, snippets.
 * conv_lib is the reference; whatever differs here is a bug in the JavaScript.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fromQuery, sameSettings, toQuery } from "../../conv_lib/widgets/js/channels/link.ts";
import { litBy } from "../../conv_lib/widgets/js/channels/marks.ts";
import { countsOf, outputs, productsOf, sceneOf } from "../../conv_lib/widgets/js/channels/picture.ts";
import { counted, drawn, lines } from "../../conv_lib/widgets/js/channels/readout.ts";
import {
  channelsIn,
  channelsOut,
  check,
  FIELDS,
  legalGroups,
  LIMITS,
  outputSize,
  reshaped,
  sliceOf,
  type NumberField,
  type Settings,
} from "../../conv_lib/widgets/js/channels/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/channels/snippets.ts";
import { fromTraits, PRESETS, toTraits } from "../../conv_lib/widgets/js/channels/traits.ts";
import type { Matrix } from "../../conv_lib/widgets/js/core/ops.ts";

type Traits = Parameters<typeof fromTraits>[0];
interface Case {
  traits: Traits;
  /** (height, width, out) */
  output: number[][][];
  /** parts[out][in] */
  parts: number[][][][];
  counts: { output: [number, number]; weights: string; biases: string; multiplies: string };
}

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.CHANNEL_VECTORS;
if (file) {
  const { legal, refused, snippetsTo } = JSON.parse(readFileSync(file, "utf8")) as {
    legal: Case[];
    refused: { traits: Traits; reason: string }[];
    snippetsTo: string;
  };
  const close = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));
  const all = legal.map((v) => ({ ...v, s: fromTraits(v.traits) }));

  test(`outputs and parts agree with conv_lib in ${legal.length} cases`, () => {
    assert.ok(legal.length >= 300);
    for (const { s, traits, output, parts } of all) {
      assert.equal(check(s), null, JSON.stringify(traits));
      const got = outputs(s);
      assert.deepEqual([got[0]!.length, got[0]![0]!.length, got.length], [output.length, output[0]!.length, output[0]![0]!.length]);
      for (let o = 0; o < channelsOut(s); o++) {
        const { rows } = sceneOf({ ...s, channel: o });
        output.forEach((row, r) => row.forEach((cell, c) => assert.ok(close(got[o]![r]![c]!, cell[o]!), JSON.stringify(traits))));
        rows.forEach(({ slice, partial }, i) => {
          const wanted: Matrix = parts[o]![i]!;
          if (!slice) assert.ok(wanted.flat().every((v) => v === 0));
          else wanted.forEach((row, r) => row.forEach((v, c) => assert.ok(close(partial![r]![c]!, v))));
        });
      }
    }
  });

  test("counts agree with conv_lib's shapes, for sizes that are never drawn", () => {
    for (const { s, counts } of all) {
      const got = countsOf(counted(s));
      assert.deepEqual([...got.output], counts.output);
      assert.deepEqual([String(got.weights), String(got.biases), String(got.multiplies)], [counts.weights, counts.biases, counts.multiplies]);
    }
    const big = countsOf({ height: 65536, width: 65536, channels: 65536, kernel: [255, 255], filters: 65536, stride: 1, groups: 1, padding: "same", bias: true });
    assert.equal(big.multiplies, 65536n ** 4n * 255n ** 2n);
  });

  test("what the readout says of the drawn layer is true of its arrays", () => {
    for (const { s } of all) {
      const numbers = s.slices.flat(3).length + (s.bias?.length ?? 0);
      const [kernel, parameters, output] = lines(drawn(s));
      assert.equal(parameters!.result, numbers.toLocaleString("en"));
      assert.equal(kernel!.code, `(${[s.slices[0]![0]!.length, s.slices[0]![0]![0]!.length, s.slices[0]!.length, s.slices.length].join(", ")})`);
      assert.ok(output!.note!.includes(`(1, ${outputSize(s).join(", ")}, ${channelsOut(s)})`));
    }
  });

  test("what lights up for a cell adds up to what the cell shows", () => {
    for (const { s } of all) {
      const scene = sceneOf(s);
      scene.output.forEach((row, r) =>
        row.forEach((value, c) => {
          const lit = litBy(scene, { grid: "output", channel: 0, row: r, column: c });
          let sum = s.bias?.[s.channel] ?? 0;
          for (const p of lit.products) {
            for (let i = 0; i < channelsIn(s); i++) {
              sum += s.inputs[i]![p.input[0]]![p.input[1]]! * (sliceOf(s, i, s.channel)?.[p.kernel[0]]![p.kernel[1]]! ?? 0);
            }
          }
          assert.ok(close(sum, value));
          const seen = scene.rows.filter((one) => one.slice).length;
          const parts = lit.inputs.flatMap((marks) => [...marks.values()].filter((mark) => mark.role === "part"));
          assert.equal(parts.length, seen * lit.products.length);
        }),
      );
    }
  });

  test("an input cell lights the outputs that read it", () => {
    for (const { s } of all.slice(0, 80)) {
      const scene = sceneOf(s);
      const focus = { grid: "input", channel: channelsIn(s) - 1, row: 0, column: 0 } as const;
      const reached = productsOf(s, focus).map((p) => p.output.join());
      const lit = litBy(scene, focus);
      assert.deepEqual([...lit.output.keys()], scene.rows[focus.channel]!.slice ? reached : []);
    }
  });

  test("traits and links read back as the same settings", () => {
    const base = PRESETS[0]!.settings;
    for (const { s, traits } of all) {
      assert.deepEqual(toTraits(s), traits);
      const { settings: back, message } = fromQuery(encodeURI(toQuery(s)), base);
      assert.equal(message, null, toQuery(s));
      assert.ok(sameSettings(back, s), toQuery(s));
    }
  });

  test("what conv_lib refuses is refused here, with fixes that are legal", () => {
    assert.ok(refused.length >= 20);
    for (const { traits, reason } of refused) {
      const problem = check(fromTraits(traits));
      if (!problem) throw new assert.AssertionError({ message: `${reason}: ${JSON.stringify(traits)}` });
      assert.match(problem.message, /\d/);
      assert.ok(problem.fixes.length);
      for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
    }
  });

  test("changing a size keeps the numbers that stay, and cut slices are the only ones lost", () => {
    for (const { s } of all) {
      const wider = reshaped(s, { outs: 6, ins: channelsIn(s), groups: 1 });
      for (let o = 0; o < channelsOut(s); o++) {
        for (let c = 0; c < channelsIn(s); c++) {
          const before = sliceOf(s, c, o);
          if (before) assert.deepEqual(sliceOf(wider, c, o), before);
        }
      }
      for (const groups of legalGroups(channelsIn(s), channelsOut(s))) {
        const cut = reshaped(reshaped(s, { groups: 1 }), { groups });
        assert.equal(check({ ...cut, padding: "same" }), null);
      }
    }
  });

  test("every number box, at its ends and past them, leaves legal settings or a problem with legal fixes", () => {
    for (const { settings } of PRESETS) {
      for (const field of Object.keys(LIMITS) as NumberField[]) {
        for (const value of LIMITS[field]) {
          const next = FIELDS.settle(FIELDS.set(settings, field, value));
          const problem = check(next);
          if (!problem) sceneOf(next);
          else {
            assert.ok(problem.fixes.length, `${field} ${value}`);
            for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
          }
        }
      }
    }
  });

  const NONSENSE = [
    "",
    "&&&===",
    "%zz",
    "groups=3",
    "groups=0",
    "groups=99",
    "groups=-1&kernel=1/1",
    "kernel=1,2;3,4/1",
    "kernel=" + "1/".repeat(40) + "1",
    "input=1,2/3",
    "input=" + Array(9).fill("1").join("/"),
    "input=<script>alert(1)</script>",
    "bias=1",
    "bias=NaN,1",
    "channel=7",
    "channel=-1",
    "padding=explicit",
    "stride=1.5",
    "count=24,24,3",
    "count=24,24,3,10,3,1,2,valid,bias",
    "count=2,2,3,1,3,1,1,valid,bias",
    "count=0,0,0,0,0,0,0,valid,bias",
    "input=1&kernel=1,1,1;1,1,1;1,1,1",
    "input=1/2/3&groups=2",
    "__proto__=1&constructor=2",
  ];

  test("nonsense in a link is answered with legal settings and, where something was lost, words", () => {
    for (const { settings: base } of PRESETS) {
      for (const query of NONSENSE) {
        const { settings, message } = fromQuery(query, base);
        assert.equal(check(settings), null, query);
        sceneOf(settings);
        assert.ok(message || sameSettings(settings, base) || /groups=3|bias=1$|channel=|input=1\/2|kernel=1\/1/.test(query), `${query}: ${message}`);
        assert.ok(!message || message.length < 600);
      }
    }
  });

  test("every preset is legal", () => {
    assert.ok(PRESETS.length >= 6);
    for (const { name, settings } of PRESETS) assert.equal(check(settings), null, name);
  });

  test("snippets, written for Python to run", () => {
    const layers: Settings[] = [...PRESETS.map((p) => p.settings), ...all.slice(0, 60).map((v) => v.s)];
    const found = layers.map((s) => ({
      traits: toTraits(s),
      code: Object.fromEntries(snippets(s).map(({ name, code }) => [name, code])),
    }));
    writeFileSync(snippetsTo, JSON.stringify(found));
  });
}
