/**
 * Replays the case vectors that Python wrote (tests/test_chain_js.py): sizes, skips, accepted inputs, and what is read from
 * pasted code. conv_lib is the reference; whatever differs here is a bug in the JavaScript.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { axisLayer, collapses, restoring, fixed, unread, axisSize, type AxisLayer } from "../../conv_lib/widgets/js/chain/axis.ts";
import { layerProblem, made, MOST_LAYERS, PLAIN, tidy, KINDS, type Layer } from "../../conv_lib/widgets/js/chain/layers.ts";
import { fromQuery, layersText, readLayers, toQuery } from "../../conv_lib/widgets/js/chain/link.ts";
import { readCode } from "../../conv_lib/widgets/js/chain/read.ts";
import { check, inserted, moved, PRESETS, removed } from "../../conv_lib/widgets/js/chain/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/chain/snippets.ts";
import { linesOf, rulesOf, verdictOf } from "../../conv_lib/widgets/js/chain/readout.ts";
import { accepted, isMap, nearestAccepted, ruleWords, walkChain, type Chain, type Shape } from "../../conv_lib/widgets/js/chain/walk.ts";

interface Fixing {
  padding: "valid" | "same" | number;
  output_padding: number | null;
}
interface AxisCase {
  steps: { size: number; output: number; collapses: [number, number]; lost: number; restore: Fixing | null }[];
  misfits: { skip: number; meets: number; pad: [number, number]; fix: Fixing | null }[];
}
interface Case {
  settings: Omit<Chain, "layers"> & { layers: Partial<Layer>[] };
  query: string;
  shapes: (number[] | null)[];
  stop: number | null;
  misfits: [number, number[], number[]][];
  axes: AxisCase[] | null;
  accepted: Record<string, { words: string; near: [number | null, number | null] }>[];
  fields: [number, number, number][] | null;
}

const chainOf = ({ framework, height, width, channels, layers }: Case["settings"]): Chain => ({
  framework,
  height,
  width,
  channels,
  layers: layers.map((layer) => tidy({ ...PLAIN, ...layer } as Layer)),
});
const listOf = (shape: Shape | null) => (shape === null ? null : isMap(shape) ? [shape.h, shape.w, shape.c] : [shape.n]);
const WISHES = {
  plain: { skips: true, returns: false, lossless: false },
  returns: { skips: true, returns: true, lossless: false },
  lossless: { skips: true, returns: false, lossless: true },
};

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.CHAIN_VECTORS;
if (file) {
  const { chains, texts, answersTo } = JSON.parse(readFileSync(file, "utf8")) as { chains: Case[]; texts: string[]; answersTo: string };

  test(`shapes and misfits agree with conv_lib in ${chains.length} chains`, () => {
    assert.ok(chains.length >= 300);
    for (const c of chains) {
      const chain = chainOf(c.settings);
      assert.equal(check(chain), null, c.query);
      const walk = walkChain(chain);
      assert.deepEqual([listOf(walk.start), ...walk.steps.map((s) => listOf(s.output))], c.shapes, c.query);
      assert.equal(walk.stopped === null ? null : walk.stopped + 1, c.stop, c.query);
      const found = walk.steps.flatMap((s, i) => (s.misfit ? [[i + 1, s.misfit.skip, s.misfit.meets]] : []));
      assert.deepEqual(found, c.misfits, c.query);
    }
  });

  test("rounding, lost pixels and the way back", () => {
    let seen = 0;
    for (const c of chains) {
      if (!c.axes) continue;
      const chain = chainOf(c.settings);
      for (const a of [0, 1] as const) {
        const along = chain.layers.filter((l) => !["concat", "add", "pass"].includes(l.kind)).map((l) => axisLayer(l, a)!);
        for (const [i, expected] of (c.axes[a] as AxisCase).steps.entries()) {
          const l: AxisLayer = along[i]!;
          assert.equal(axisSize(l, expected.size, chain.framework), expected.output);
          assert.deepEqual(collapses(l, expected.size, expected.output, chain.framework), expected.collapses, c.query);
          assert.equal(unread(l, expected.size, expected.output), expected.lost, c.query);
          const back = restoring(l, expected.size, chain.framework);
          assert.equal(back === null, expected.restore === null, c.query);
          if (back) {
            assert.equal(axisSize(back, expected.output, chain.framework), expected.size, c.query);
            assert.equal(back.outputPadding ?? 0, expected.restore!.output_padding ?? 0, c.query);
            seen++;
          }
        }
      }
    }
    assert.ok(seen > 100);
  });

  test("what makes a skip fit", () => {
    let seen = 0;
    for (const c of chains) {
      if (!c.axes) continue;
      const chain = chainOf(c.settings);
      const walk = walkChain(chain);
      for (const a of [0, 1] as const) {
        const expected: AxisCase["misfits"] = [...(c.axes[a] as AxisCase).misfits];
        for (const [i, step] of walk.steps.entries()) {
          if (!step.misfit || step.misfit.skip[a] === step.misfit.meets[a]) continue;
          const one: AxisCase["misfits"][number] = expected.shift()!;
          assert.deepEqual([step.misfit.skip[a], step.misfit.meets[a], step.misfit.pad[a]], [one.skip, one.meets, one.pad], c.query);
          const last = chain.layers[i - 1];
          // conv_lib looks past layers that change no size.
          if (last?.kind !== "transposed") continue;
          const size = walk.steps[i - 1]!.input as { h: number; w: number };
          const fix = fixed(axisLayer(last, a)!, a ? size.w : size.h, one.skip, chain.framework);
          assert.equal(fix?.outputPadding ?? null, one.fix?.output_padding ?? null, c.query);
          assert.equal(fix === null, one.fix === null, c.query);
          seen++;
        }
      }
    }
    assert.ok(seen > 5, String(seen));
  });

  test("accepted sizes, the rule in words, and the nearest", () => {
    for (const c of chains) {
      const chain = chainOf(c.settings);
      for (const a of [0, 1] as const)
        for (const [name, expected] of Object.entries(c.accepted[a]!)) {
          const wish = WISHES[name as keyof typeof WISHES];
          assert.equal(ruleWords(accepted(chain, a, wish, 1, 300), 1, 300), expected.words, `${name} ${c.query}`);
          assert.deepEqual(nearestAccepted(chain, a, a ? chain.width : chain.height, wish), expected.near, `${name} ${c.query}`);
        }
    }
  });

  test("receptive fields", () => {
    let seen = 0;
    for (const c of chains) {
      if (!c.fields) continue;
      const walk = walkChain(chainOf(c.settings));
      const field = walk.steps[walk.steps.length - 1]!.field!;
      assert.deepEqual(field.map((f) => [f.size, f.jump, f.start]), c.fields, c.query);
      seen++;
    }
    assert.ok(seen > 10);
  });

  test("links are the same text in both languages, and are read back", () => {
    for (const c of chains) {
      const chain = chainOf(c.settings);
      assert.equal(toQuery(chain), c.query);
      const back = fromQuery(c.query, PRESETS[0]!.settings);
      assert.equal(back.message, null);
      assert.deepEqual(back.settings, chain);
    }
    for (const { settings } of PRESETS) assert.deepEqual(readLayers(layersText(settings.layers)), settings.layers);
  });

  test("bad links and settings leave something legal", () => {
    const base = PRESETS[0]!.settings;
    const bad = ["", "layers=", "layers=conv.f0.k0", "layers=conv.k100", "layers=boo", "size=0x1x1", "size=9x9", "size=99999x1x1", "framework=jax",
      "layers=concat.r5", "layers=conv.k3;concat.r2", "layers=<script>alert(1)</script>", "layers=shuffle.s2x3", "layers=pass.n\u{1f600}", "%", "layers=" + "conv.k3;".repeat(200), "size=1.5x2x3", "layers=pad.z1x2x3", "layers=" + "x".repeat(20000)];
    for (const query of bad) assert.equal(check(fromQuery(query, base).settings), null, query);
  });

  test("adding, removing and moving keeps the skips on their places, and everything legal", () => {
    const base = PRESETS[0]!.settings;
    const more = inserted(base, 0, made("conv", "torch"));
    assert.equal(more.layers[11]!.source, 8);
    assert.deepEqual(removed(more, 0), base);
    let seed = 7;
    const random = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
    let chain = base;
    for (let i = 0; i < 600; i++) {
      const at = random(chain.layers.length + 1);
      const kind = KINDS[random(KINDS.length)]!;
      const what = random(3);
      if (what === 0 && chain.layers.length < 60) chain = inserted(chain, at, made(kind, chain.framework, { source: Math.max(at - 2, 0) }));
      else if (what === 1 && chain.layers.length > 1) chain = removed(chain, at % chain.layers.length);
      else if (chain.layers.length) chain = moved(chain, at % chain.layers.length, random(2) ? 1 : -1);
      assert.equal(check(chain), null);
      const walk = walkChain(chain);
      verdictOf(walk);
      chain.layers.forEach((_, n) => linesOf(walk, n));
      snippets(chain);
    }
  });

  test("remedies repair what they are offered for", () => {
    for (const { name, settings } of PRESETS) {
      const verdict = verdictOf(walkChain(settings));
      for (const remedy of verdict.remedies) {
        assert.equal(check(remedy.settings), null);
        const after = verdictOf(walkChain(remedy.settings));
        assert.notEqual(after.text, verdict.text, `${name}: ${remedy.label}`);
      }
      for (const rule of rulesOf(walkChain(settings)))
        for (const remedy of rule.remedies) {
          const again = rulesOf(walkChain(remedy.settings)).find((r) => r.text === rule.text)!;
          assert.ok(again.fits, `${name}: ${remedy.label}`);
        }
    }
  });

  test("a pasted text never throws, whatever it is", () => {
    const base = PRESETS[0]!.settings;
    const long = "nn.Conv2d(3, 64, 3),\n".repeat(2000);
    const rubbish = ["", " ", "hello", "<script>alert(1)</script>", "\u{1f600}".repeat(100), "(".repeat(10000), ")".repeat(10000), "x".repeat(10000), "Conv2D(", "Conv2D(64", "Conv2D(64,",
      "nn.Conv2d(-1, 1e9, 0)", "Conv2D(1.5, 3)", "Conv2D(64, kernel_size=(3,3,3))", 'Conv2D("64", None)', "def f(x): return f(x)\ny = f(Input((3,3,3)))", long, "a = a + a\n".repeat(500),
      "x = [1] * 99\nx = x * 99\nx = x * 99", '"""', "'", "\\", "nn.Conv2d(3, 64, 3) " + "+ 1 ".repeat(5000), "[[[[[[Conv2D(1,1)]]]]]]", "for i in range(3): model.add(Conv2D(8, 3))", "lambda x: Conv2D(8,3)(x)",
      "for a in range(60):\n for b in range(60):\n  for c in range(60):\n   for d in range(60):\n    pass", "i = Input((8, 8, 1))\nm = Model(i, Conv2D(1, 1)(i))\n" + "m = Model(i, m(m(i)))\n".repeat(30),
      "class A(nn.Module):\n def __init__(self):\n  self.a = A()\n def forward(self, x):\n  return self.forward(self.forward(nn.Conv2d(1, 1, 1)(x)))", "class A(B):\n pass\nclass B(A):\n pass\nA()(Input((8, 8, 1)))\nConv2D(1, 1)",
      "class (", "class", "def", "def f", "class A(nn.Module): def", "if", "else:", "x[", "x[::", "[x for", "a if b else", "constructor(1)\n__proto__(2)\ntoString(3)", "self.x.y.z = 1\nself = 3\nself.x = 2", " ".repeat(200).split("").map((s, i) => s.repeat(i) + "if x:\n").join("") + " ".repeat(200) + "Conv2D(1, 1)",
      "i = Input((64, 64, 1))\nx = i\n" + "x = F.interpolate(x, size=x.shape[2:])\n".repeat(700), "x = []\nx.append(x)\nx(Input((8, 8, 1)))", "class A(nn.Sequential):\n def __init__(self):\n  super().__init__(self)\nA()(Input((8, 8, 1)))"];
    for (const text of rubbish) {
      const started = Date.now();
      const { chain, notes } = readCode(text, base);
      assert.ok(Date.now() - started < 2000, text.slice(0, 30));
      if (chain) {
        assert.equal(check(chain), null, text.slice(0, 40));
        assert.ok(chain.layers.length <= MOST_LAYERS);
      } else assert.ok(notes[0]!.includes("No layer"), text.slice(0, 40));
    }
    const many = readCode(long, base);
    assert.equal(many.chain!.layers.length, MOST_LAYERS);
    assert.match(many.notes.join(" "), /Only the first/);
  });

  test("unknown layers and names without numbers are said, not guessed", () => {
    const base = PRESETS[0]!.settings;
    const one = readCode("nn.Conv2d(3, width, 3)\nnn.Fold((4, 5), 2)\nnn.Conv2d(8, 8, k)", base);
    assert.deepEqual(one.chain!.layers.map((l) => l.kind), ["conv", "unknown", "unknown"]);
    assert.equal(one.chain!.layers[0]!.filters, null);
    assert.match(one.notes.join(" "), /Line 2: .Fold. is not known here/);
    assert.match(one.notes.join(" "), /kernel_size is .k., which has no number/);
    assert.equal(walkChain(one.chain!).stopped, 1);
    const yolo = readCode("[-1, 1, nn.ConvTranspose2d, [384, 3, 2, 1, 1]],  # instead of Upsample", { ...base, height: 8, width: 8, channels: 384 });
    assert.deepEqual(listOf(walkChain(yolo.chain!).steps[0]!.output), [7, 7, 3]);
    const printed = readCode("Sequential(\n  (0): Conv2d(3, 64, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1), bias=False)\n  (1): LeakyReLU(negative_slope=0.2, inplace=True)\n  (2): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)\n)", base);
    assert.deepEqual(printed.chain!.layers.map((l) => l.kind), ["conv", "pass", "pool"]);
    const middle = readCode(">>> nn.Conv2d(3, 8, 3),\n... nn.ReLU(),\n    nn.Conv2d(8, 4, 3)\n)", base);
    assert.equal(middle.chain!.layers.length, 3);
    const loop = readCode("x = Input((64, 64, 3))\nfor f in [8, 16]:\n    x = Conv2D(f, 3, strides=2, padding='same')(x)\nfor i in range(2):\n    x = UpSampling2D()(x)", base);
    assert.equal(layersText(loop.chain!.layers), "conv.f8.k3.s2.psame;conv.f16.k3.s2.psame;upsample.s2;upsample.s2");
    assert.deepEqual(loop.notes, []);
    const shortcut = readCode("i = Input((8, 8, 4))\nx = Conv2D(4, 3, padding='same')(i)\ny = Conv2D(4, 1)(i)\nx = Add()([x, y])\nx = Conv2D(2, 3)(x)", base);
    assert.deepEqual(shortcut.chain!.layers.map((l) => l.kind), ["conv", "conv"]);
    assert.match(shortcut.notes.join(" "), /side branch/);
  });

  test("several classes in one text: what is read, and what can be chosen instead", () => {
    const base = { ...PRESETS[0]!.settings, height: 32, width: 24 };
    const encoder = "class Encoder(nn.Module):\n    def __init__(self, c=8):\n        super().__init__()\n        self.a = nn.Conv2d(3, c, 3, 2, 1)\n    def forward(self, x):\n        y = self.a(x)\n        return F.relu(y), [x, y]\n";
    const decoder = "class Decoder(nn.Module):\n    def __init__(self, c=8):\n        super().__init__()\n        self.up = nn.ConvTranspose2d(c, 4, 2, 2)\n    def forward(self, x, skips):\n        return torch.cat([self.up(x), skips[0]], 1)\n";
    const both = readCode(encoder + decoder, base);
    assert.equal(both.part, "Encoder + Decoder");
    assert.deepEqual(both.parts.map((p) => p.name), ["Encoder", "Decoder", "Encoder + Decoder"]);
    assert.equal(layersText(both.chain!.layers), "conv.f8.k3.s2.p1.e3;transposed.f4.k2.s2.e8;concat");
    assert.deepEqual(both.notes, []);
    const one = readCode(encoder + decoder, base, "Encoder");
    assert.equal(layersText(one.chain!.layers), "conv.f8.k3.s2.p1.e3");
    const alone = readCode(encoder + decoder, base, "Decoder");
    assert.deepEqual(alone.chain!.layers.map((l) => l.kind), ["transposed", "unknown"]);
    assert.match(alone.notes.join(" "), /side branch is joined/);
    assert.equal(readCode(encoder + decoder, base, "nonsense").part, "Encoder + Decoder");
    assert.equal(readCode(encoder + decoder + "enc = Encoder(16)\ndec = Decoder(16)", base).chain!.layers[0]!.filters, 16);

    const two = encoder.replace("Encoder", "Critic") + decoder.replace("Decoder", "Painter");
    const last = readCode(two, base);
    assert.equal(last.part, "Painter");
    assert.equal(last.notes[0], "This is Painter. The text also has Critic: choose above what is read.");
    assert.equal(readCode(two, base, "Critic").chain!.layers[0]!.kind, "conv");
    assert.equal(readCode(two, base, "Critic").notes.length, 0);

    const missing = readCode("class Net(nn.Module):\n    def __init__(self):\n        self.a = DoubleConv(3, 8)\n        self.b = nn.Conv2d(8, 1, 1)\n    def forward(self, x):\n        return self.b(self.a(x))", base);
    assert.deepEqual(missing.chain!.layers.map((l) => l.name || l.kind), ["DoubleConv", "conv"]);
    assert.match(missing.notes.join(" "), /Line 3: .DoubleConv. is not known here/);
    const lost = readCode("class Net(nn.Module):\n    def __init__(self, cfg):\n        self.a = nn.Conv2d(3, 8, 3)\n        self.b = make(cfg)\n    def forward(self, x):\n        return self.b(self.a(x))", base);
    assert.deepEqual(lost.chain!.layers.map((l) => l.name || l.kind), ["conv", "b"]);
    assert.match(lost.notes.join(" "), /.b. is not known here/);
    assert.equal(readCode("class A(nn.Module):\n    pass\nclass B:\n    x = 1", base).chain, null);

    const branch = readCode("class Bottle(nn.Module):\n    def __init__(self, c):\n        self.short = nn.Conv2d(c, 8, 1)\n        self.a = nn.Conv2d(c, 8, 3, padding=1)\n        self.b = nn.Conv2d(8, 8, 3, padding=1)\n    def forward(self, x):\n        s = self.short(x)\n        return self.b(self.a(x)) + s\nnet = Bottle(3)", base);
    assert.equal(layersText(branch.chain!.layers), "conv.f8.k3.p1.e3;conv.f8.k3.p1.e8");
    assert.match(branch.notes.join(" "), /short works on an earlier result.*side branch is added here/);
    const made = readCode("class Net(nn.Module):\n    def __init__(self, block, n):\n        self.l = nn.Sequential(*[block(8) for _ in range(n)])\n    def forward(self, x):\n        return self.l(x)\nclass Block(nn.Module):\n    def __init__(self, c):\n        self.c = nn.Conv2d(c, c, 3)\n    def forward(self, x):\n        return self.c(x)\ndef net3():\n    return Net(Block, 3)", base);
    assert.equal(made.part, "net3");
    assert.equal(layersText(made.chain!.layers), Array(3).fill("conv.f8.k3.e8").join(";"));
  });

  const say = (chain: Chain) => {
    const walk = walkChain(chain);
    return {
      chain: { ...chain, layers: layersText(chain.layers) },
      query: toQuery(chain),
      shapes: [walk.start, ...walk.steps.map((s) => s.output)].map(listOf),
      params: walk.params,
      stopped: walk.stopped,
      verdict: verdictOf(walk).text,
      rules: rulesOf(walk).map((r) => [r.label, r.text, r.fits, r.remedies.map((m) => m.label)]),
      code: Object.fromEntries(snippets(chain).map(({ name, code }) => [name, code])),
      problem: chain.layers.map((l, i) => layerProblem(l, i)).find(Boolean) ?? null,
    };
  };
  writeFileSync(
    answersTo,
    JSON.stringify({
      texts: texts.map((text) => {
        const { chain, notes } = readCode(text, PRESETS[0]!.settings);
        return { notes, ...(chain ? say(chain) : {}) };
      }),
      presets: Object.fromEntries(PRESETS.map((p) => [p.name, say(p.settings)])),
      chains: chains.slice(0, 60).map((c) => say(chainOf(c.settings))),
    }),
  );
}
