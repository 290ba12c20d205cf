/**
 * Replays the case vectors that Python wrote (tests/test_ruler_js.py): sizes, windows, counts, receptive fields.
 * conv_lib is the reference; whatever differs here is a bug in the JavaScript.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fromQuery, sameSettings, toQuery } from "../../conv_lib/widgets/js/ruler/link.ts";
import { placeAt, scaleOf, xIn } from "../../conv_lib/widgets/js/ruler/scale.ts";
import { buildScene, linkedWith, phases, rowsOf, torchRow, unread } from "../../conv_lib/widgets/js/ruler/scene.ts";
import { check, MOST_LAYERS, outputSize, settle, turnedRound, type Settings } from "../../conv_lib/widgets/js/ruler/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/ruler/snippets.ts";
import { PRESETS } from "../../conv_lib/widgets/js/ruler/traits.ts";
import { headline, lines, listed, trace } from "../../conv_lib/widgets/js/ruler/words.ts";
import { stopsOf } from "../../conv_lib/widgets/js/ui/slider.tsx";

interface Case {
  settings: Settings;
  output: number;
  counts?: number[];
  rows?: { size: number; window: [number, number]; default: boolean; op: number | null; torch: [number, number] | null }[];
  torch?: [number, number] | null;
  fields?: { output: number; size: number; jump: number; start: number; seen: number[] }[];
}

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.RULER_VECTORS;
if (file) {
  const { legal, refused, snippetsTo } = JSON.parse(readFileSync(file, "utf8")) as {
    legal: Case[];
    refused: { settings: Settings; reason: string }[];
    snippetsTo: string;
  };
  const words = (c: { settings: Settings }) => JSON.stringify(c.settings);

  test(`sizes agree with conv_lib in ${legal.length} cases`, () => {
    assert.ok(legal.length >= 500);
    for (const c of legal) {
      assert.equal(check(c.settings), null, words(c));
      assert.equal(outputSize(c.settings), c.output, words(c));
    }
  });

  test("how often a pixel is read, and how many stamps it gets", () => {
    for (const c of legal) {
      if (!c.counts) continue;
      const scene = buildScene(c.settings);
      assert.deepEqual(scene.counts, c.counts, words(c));
      if (c.settings.mode !== "conv") continue;
      const { end, between } = unread(scene);
      assert.equal(end + between, c.counts.filter((n) => n === 0).length, words(c));
      assert.ok(c.counts.slice(c.counts.length - end).every((n) => n === 0));
    }
  });

  test("legal rows, their windows, and who takes them", () => {
    let seen = 0;
    for (const c of legal) {
      if (!c.rows) continue;
      seen++;
      const rows = rowsOf(c.settings);
      assert.deepEqual(
        rows.map((r) => ({ size: r.size, window: [r.start, r.stop], default: r.kerasDefault, op: r.kerasPadding, torch: r.torch })),
        c.rows,
        words(c),
      );
      const torch = torchRow(c.settings);
      assert.deepEqual(torch && [torch.start, torch.stop], c.torch, words(c));
    }
    assert.ok(seen > 100);
  });

  test("receptive fields, and every pixel that the last output pixel sees", () => {
    let seen = 0;
    for (const c of legal) {
      if (!c.fields) continue;
      seen++;
      const scene = buildScene(c.settings);
      assert.deepEqual(scene.fields, c.fields.map(({ seen: _, ...field }) => field), words(c));
      c.fields.forEach(({ output, seen }, i) => {
        assert.deepEqual(linkedWith(scene, { level: i + 1, index: output - 1 })[0], seen, words(c));
      });
    }
    assert.ok(seen > 100);
  });

  test("what a pixel sees sees it back", () => {
    for (const c of legal.slice(0, 300)) {
      const scene = buildScene(c.settings);
      const last = scene.levels.length - 1;
      const index = scene.levels[last]!.size >> 1;
      for (const i of linkedWith(scene, { level: last, index })[0]!) {
        if (i >= 0 && i < scene.levels[0]!.size) {
          assert.ok(linkedWith(scene, { level: 0, index: i })[last]!.includes(index), words(c));
        }
      }
      if (c.settings.mode === "transpose") {
        scene.counts.forEach((n, i) => assert.equal(linkedWith(scene, { level: 1, index: i })[0]!.length, n));
      }
    }
  });

  test("inner pixels have the counts that the phases say", () => {
    for (const c of legal) {
      const { mode, size, stride, kernel, dilation } = c.settings;
      const span = (kernel - 1) * dilation + 1;
      if (mode !== "transpose" || (size - 1) * stride < 2 * span) continue;
      const { counts } = buildScene(c.settings);
      const expected = phases(c.settings);
      for (let i = span; i < counts.length - span; i++) assert.equal(counts[i], expected[i % stride], words(c));
    }
  });

  test("links read back as the same settings", () => {
    for (const c of legal) {
      const { settings, message } = fromQuery(encodeURI(toQuery(c.settings)), PRESETS[0]!.settings);
      assert.equal(message, null, words(c));
      assert.ok(sameSettings(settings, c.settings), words(c));
    }
  });

  test("what conv_lib refuses is refused here, with fixes that are legal", () => {
    assert.ok(refused.length >= 50);
    for (const { settings, reason } of refused) {
      const problem = check(settings);
      if (!problem) throw new assert.AssertionError({ message: `${reason}: ${JSON.stringify(settings)}` });
      assert.match(problem.message, /\d/);
      for (const fix of problem.fixes) assert.equal(check(fix.settings), null, fix.label);
    }
  });

  const NONSENSE = [
    "", "&&&===", "%", "%zz", "mode=banana", "size=0", "size=513", "size=1e3", "size=NaN", "stride=-3&kernel=",
    "kernel=33", "dilation=17", "padding=9", "padding=1,2,3", "padding=-1,0", "padding=999,0", "layers=", "layers=3,1",
    "mode=stack&layers=3,1,1,valid;;", "mode=stack&layers=3,1,1,<b>", "mode=stack&size=2&layers=9,1,1,valid",
    "mode=stack&layers=" + Array(MOST_LAYERS + 1).fill("3,1,1,same").join(";"), "mode=transpose&output=-1",
    "mode=transpose&output=99999", "torch=1", "torch=9999,0", "mode=transpose&size=1&kernel=1&padding=99,99",
    "kernel=32&dilation=16&padding=valid&mode=conv", "__proto__=1&constructor=2", "view=sideways", "size=" + "9".repeat(5000),
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

  test("sentences hold numbers, never NaN or undefined, for every case and preset", () => {
    for (const { settings } of [...legal, ...PRESETS]) {
      const scene = buildScene(settings);
      const last = scene.levels.length - 1;
      const text = [
        headline(scene),
        ...lines(scene).flatMap((line) => [...(line.formula ?? []), line.note]),
        trace(scene, { level: 0, index: 0 }),
        trace(scene, { level: last, index: scene.levels[last]!.size - 1 }),
        ...snippets(settings).map((s) => s.code),
      ].join("\n");
      assert.doesNotMatch(text, /NaN|undefined|null|Infinity|\[object/, JSON.stringify(settings));
      const longest = snippets(settings).flatMap((s) => s.code.split("\n")).reduce((m, l) => Math.max(m, l.length), 0);
      assert.ok(longest <= 84, `${longest}: ${JSON.stringify(settings)}`);
    }
    assert.equal(listed([0, 1, 2, 5]), "0 to 2, 5");
    assert.equal(listed([4, 6]), "4 and 6");
    assert.equal(listed([-2, -1, 0]), "\u22122 to 0");
  });

  test("modes turn round to legal settings, and every preset is legal", () => {
    for (const { settings } of [...legal, ...PRESETS]) {
      assert.equal(check(settings), null);
      for (const mode of ["conv", "transpose", "stack"] as const) {
        const turned = turnedRound(settings, mode);
        assert.equal(turned.mode, mode);
        if (settings.mode !== "stack" && mode !== "stack" && settings.size < 200 && outputSize(settings) < 200) {
          assert.ok(turned.size >= 1 && settle(turned) === turned, JSON.stringify(settings));
        }
      }
    }
    assert.ok(PRESETS.length >= 10);
  });

  test("the scale covers both ends, and a looked-at pixel always shows", () => {
    for (const width of [280, 340, 940]) {
      for (const total of [1, 5, 16, 40, 224, 17000]) {
        for (const view of ["auto", "whole", "ends", "close"] as const) {
          for (const middle of [0.5, total / 2, total - 0.5]) {
            const scale = scaleOf(0, total, width, view, middle);
            const piece = scale.pieces.find((p) => middle >= p.from - 1e-9 && middle <= p.to + 1e-9);
            assert.ok(piece, JSON.stringify({ width, total, view, middle, scale }));
            const x = xIn(scale, piece!, middle);
            assert.ok(x >= -0.01 && x <= width + 0.01);
            assert.ok(Math.abs((placeAt(scale, x) ?? middle) - middle) < 0.01);
          }
        }
      }
    }
  });

  test("slider stops rise and keep both ends", () => {
    for (const [low, high] of [[1, 512], [1, 32], [0, 256], [1, 16]] as const) {
      const stops = stopsOf(low, high);
      assert.equal(stops[0], low);
      assert.equal(stops[stops.length - 1], high);
      assert.ok(stops.every((v, i) => i === 0 || v > stops[i - 1]!));
    }
  });

  const code = [...PRESETS.map((p) => p.settings), ...legal.slice(0, 60).map((c) => c.settings)].map((settings) => ({
    settings,
    output: outputSize(settings),
    code: Object.fromEntries(snippets(settings).map((s) => [s.name, s.code])),
  }));
  writeFileSync(snippetsTo, JSON.stringify(code));
}
