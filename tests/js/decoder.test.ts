/** Replays the live decoder's case vectors (tests/test_decoder_js.py): every layer, the measure, the fine part, links. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { checkerboard, pattern, run, unpack, type Decoders, type Kind } from "../../conv_lib/widgets/js/decoder/network.ts";
import { kindOf, REACH, type Settings } from "../../conv_lib/widgets/js/decoder/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/decoder/snippets.ts";

interface Case {
  kind: Kind;
  z: [number, number];
  checkpoint: number;
  layers: number[][];
  checkerboard: number;
  pattern: number[];
}

const file = process.env.DECODER_VECTORS;
const vectors = file ? (JSON.parse(readFileSync(file, "utf8")) as { decoders: Decoders; cases: Case[] }) : null;
const cases = vectors?.cases ?? [];
const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): boolean =>
  a.length === b.length && Array.from(a).every((v, i) => Math.abs(v - b[i]!) <= within * (1 + Math.abs(v)));
const outputs = (c: Case) => {
  const model = vectors!.decoders.models.find((m) => m.kind === c.kind)!;
  return run(model.ops, unpack(model.weights[c.checkpoint]!, model.ops), c.z);
};

test(`every layer agrees with conv_lib in ${cases.length} cases`, () => {
  assert.ok(!file || cases.length >= 200);
  for (const c of cases) {
    const found = outputs(c);
    assert.equal(found.length, c.layers.length);
    found.forEach((maps, i) => assert.ok(near(maps.values, c.layers[i]!, 1e-10), `${c.kind} layer ${i}`));
  }
});

test("the checkerboard and the fine part agree with conv_lib", () => {
  for (const c of cases) {
    const found = outputs(c);
    assert.ok(Math.abs(checkerboard(found[found.length - 1]!) - c.checkerboard) < 1e-12);
    assert.ok(near(pattern(found[found.length - 2]!).values, c.pattern, 1e-10));
  }
});

test("one point through both decoders takes far less than a frame", () => {
  if (!vectors) return;
  const [a, b] = [vectors.decoders.models[1]!, vectors.decoders.models[2]!];
  const [wa, wb] = [unpack(a.weights[7]!, a.ops), unpack(b.weights[7]!, b.ops)];
  const times = Array.from({ length: 200 }, (_, i) => {
    const start = performance.now();
    run(a.ops, wa, [i / 100, -i / 100]);
    run(b.ops, wb, [i / 100, -i / 100]);
    return performance.now() - start;
  }).sort((x, y) => x - y);
  console.log(`both decoders: median ${times[100]!.toFixed(2)} ms, slowest ${times[199]!.toFixed(2)} ms`);
  assert.ok(times[100]! < 8);
});

const kind = vectors ? kindOf(vectors.decoders) : null;
const BASE: Settings = { z: [0.5, -0.25], checkpoint: 3, kind: "k3", view: "picture", layer: 3, channel: 0 };

test("links read back as the same settings", () => {
  if (!kind) return;
  const some: Settings[] = [
    BASE,
    ...kind.presets.map((p) => p.settings),
    ...cases.slice(0, 50).map((c, i): Settings => ({
      z: c.z, checkpoint: c.checkpoint, kind: i % 2 ? "k3" : "k4", view: i % 3 ? "picture" : "pattern", layer: i % 4, channel: 0,
    })),
  ];
  for (const s of some) {
    const { settings, message } = kind.fromQuery(encodeURI(kind.toQuery(s)), BASE);
    assert.equal(message, null);
    assert.deepEqual(settings, s);
  }
});

const NONSENSE = [
  "z=", "z=1", "z=1,2,3", "z=9,0", "z=NaN,0", "z=<script>,1", "checkpoint=-1", "checkpoint=99", "checkpoint=1.5", "kind=k5", "kind=resize",
  "view=both", "map=9,0", "map=0,99", "map=0,-1", "map=1", "map=1,1,1", "%", "%zz", "", "&&==", "z=\u{1f600},0", "z=" + "1".repeat(10000), "__proto__=1",
];

test("nonsense in a link leaves legal settings, and says so where something was lost", () => {
  if (!kind) return;
  for (const query of NONSENSE) {
    const { settings, message } = kind.fromQuery(query, BASE);
    assert.equal(kind.check(settings), null, query);
    assert.ok(Math.max(...settings.z.map(Math.abs)) <= REACH);
    assert.deepEqual(settings, BASE, query);
    assert.ok(!message || message.length < 600);
  }
});

test("presets are legal", () => {
  if (!kind) return;
  assert.ok(kind.presets.length >= 5);
  for (const { settings, name } of kind.presets) {
    assert.equal(kind.check(settings), null, name);
    assert.deepEqual(kind.fields.settle(settings), settings, name);
  }
});

test("snippets are written out, for Python to run", () => {
  const out = process.env.DECODER_SNIPPETS;
  if (!out || !vectors || !kind) return;
  const some = [...kind.presets.map((p) => p.settings), { ...BASE, kind: "k4" as const, checkpoint: 5 }];
  writeFileSync(out, JSON.stringify(some.map((s) => snippets(s, vectors.decoders))));
});
