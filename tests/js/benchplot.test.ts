/** Replays the case vectors of the bench's plots (tests/test_benchplot_js.py): sizes, bytes, rates, links, code. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { logScale } from "../../conv_lib/widgets/js/benchplot/chart.tsx";
import { fromQuery, layerOf, layersOf, same, storedOf, toQuery, VIEWS, type Settings } from "../../conv_lib/widgets/js/benchplot/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/benchplot/snippets.ts";
import { bytesText, digits, QUANTITIES, shortName, SHOWN, valueOf, workOf, type Layer, type Stored } from "../../conv_lib/widgets/js/benchplot/work.ts";

interface Case {
  layer: Layer;
  dtype: Stored["dtype"];
  output: number[];
  product: number[];
  bytes: number[];
  copied: number;
  perByte: number;
  short: string;
  values: Record<string, number | null>;
}

const file = process.env.BENCHPLOT_VECTORS;
const vectors = file
  ? (JSON.parse(readFileSync(file, "utf8")) as { cases: Case[]; results: Stored[] })
  : { cases: [], results: [] };
const near = (a: number | null, b: number | null) =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b)));

test(`sizes, products, bytes and rates agree with conv_lib in ${vectors.cases.length} layers`, () => {
  assert.ok(!file || vectors.cases.length >= 200);
  for (const c of vectors.cases) {
    const work = workOf(c.layer, c.dtype);
    const words = c.layer.name;
    assert.deepEqual(work.output, c.output, words);
    assert.deepEqual(work.product, c.product, words);
    assert.deepEqual(work.bytes, c.bytes, words);
    assert.equal(work.copied, c.copied, words);
    assert.ok(near(work.perByte, c.perByte), words);
    assert.equal(shortName(c.layer), c.short);
    for (const { value: quantity } of QUANTITIES)
      for (const shown of SHOWN)
        assert.ok(near(valueOf(c.layer, quantity, shown), c.values[`${quantity} ${shown}`] ?? null), `${words} ${quantity} ${shown}`);
  }
});

const start = (): Settings => ({ results: vectors.results, result: "", view: "layers", quantity: "ms", workload: "" });

test("every state survives its link, and every view has a layer to read out", () => {
  if (!file) return;
  let links = 0;
  for (const one of vectors.results)
    for (const { value: view } of VIEWS)
      for (const { value: quantity } of QUANTITIES) {
        const s = { ...start(), result: one.name, view, quantity };
        for (const layer of layersOf(s)) {
          const state = { ...s, workload: layer.name };
          const { settings, message } = fromQuery(encodeURI(toQuery(state)), start());
          assert.equal(message, null);
          assert.ok(same(settings, state), toQuery(state));
          assert.equal(layerOf(settings).name, layer.name);
          links += 1;
        }
      }
  assert.ok(links > 500);
});

test("anything else in a link gives a legal state and a sentence", () => {
  if (!file) return;
  const junk = ["", "-1", "1e999", "<script>alert(1)</script>", "\u{1f600}", "x".repeat(10_000), "%", "__proto__", "constructor"];
  for (const key of ["result", "view", "quantity", "workload"])
    for (const text of junk) {
      const { settings, message } = fromQuery(`${key}=${text}`, start());
      assert.ok(message?.includes(key), `${key}=${text.slice(0, 20)}`);
      assert.ok(storedOf(settings).workloads.includes(layerOf(settings)));
    }
  for (const text of junk) assert.ok(layerOf(fromQuery(text, start()).settings).name);
});

test("numbers are written with three digits and never as powers of ten", () => {
  const written: [number, string][] = [[0, "0"], [0.0126634, "0.0127"], [0.001324, "0.00132"], [7.1175, "7.12"], [13.94, "13.9"], [171.03, "171"], [1849.688, "1\u202f850"], [14797.6, "14\u202f798"]];
  for (const [value, text] of written) assert.equal(digits(value), text);
  assert.equal(bytesText(36), "36 B");
  assert.equal(bytesText(2048), "2.00 KiB");
  assert.equal(bytesText(6422528), "6.13 MiB");
});

test("scales hold all values, in order, with ticks between", () => {
  for (const values of [[0.001, 300], [30, 260], [5], [], [0, 2]]) {
    const scale = logScale(values, 0, 100);
    for (const value of values.filter((v) => v > 0)) assert.ok(scale.at(value) >= 0 && scale.at(value) <= 100);
    assert.ok(scale.ticks.length >= 1 && scale.ticks.every((tick) => tick >= scale.low && tick <= scale.high), String(values));
    assert.deepEqual([...scale.ticks].sort((a, b) => a - b), scale.ticks);
  }
});

test("code is offered for every stored layer", () => {
  const out = process.env.BENCHPLOT_SNIPPETS;
  if (!file || !out) return;
  const offered = vectors.results
    .filter((one) => one.name.startsWith("two-cores"))
    .flatMap((one) => [...one.workloads, ...one.growth].map((layer) => {
      const view = one.growth.includes(layer) ? "growth" : "layers";
      return snippets({ ...start(), result: one.name, view, workload: layer.name });
    }));
  writeFileSync(out, JSON.stringify(offered));
});
