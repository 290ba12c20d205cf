/** Replays the case vectors that Python wrote (tests/test_rounding_js.py); conv_lib is the reference. Then: what people type. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { explain, type Answer, type Question } from "../../conv_lib/widgets/js/rounding/explain.ts";
import { amountText, readAmount, readTerms } from "../../conv_lib/widgets/js/rounding/read.ts";
import { fromQuery, PRESETS, same, toQuery } from "../../conv_lib/widgets/js/rounding/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/rounding/snippets.ts";

interface Vectors {
  cases: (Question & { answer: Answer })[];
  amounts: [string, number | null][];
  terms: [string, number | null][];
  snippetsTo: string;
}

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.ROUNDING_VECTORS;
if (file) {
  const { cases, amounts, terms, snippetsTo } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

  test("explanations are conv_lib's", () => {
    assert.ok(cases.length >= 2000);
    assert.equal(new Set(cases.map(({ answer }) => answer.kind)).size, 8);
    for (const { answer, ...q } of cases) assert.deepEqual(explain(q), answer, JSON.stringify(q));
  });

  test("links come back as they went", () => {
    for (const { answer: _, ...q } of cases) {
      const { settings, message } = fromQuery(toQuery(q), PRESETS[0]!.settings);
      assert.equal(message, null);
      assert.ok(same(settings, q), toQuery(q));
    }
  });

  test("what people type", () => {
    for (const [text, value] of amounts) assert.equal(readAmount(text, true), value, text.slice(0, 40));
    for (const [text, value] of terms) assert.equal(readTerms(text), value, text.slice(0, 40));
    assert.equal(readAmount("0", false), null);
  });

  test("what a box shows is read back as the same number", () => {
    for (const { answer: _, ...q } of cases)
      for (const value of [q.difference, q.scale]) assert.equal(readAmount(amountText(value), true), value, amountText(value));
  });

  test("code is offered for every preset", () => {
    const some = [...PRESETS.map(({ settings }) => settings), ...cases.slice(0, 40).map(({ answer: _, ...q }) => q)];
    writeFileSync(snippetsTo, JSON.stringify(some.map((s) => ({ settings: s, query: toQuery(s), code: snippets(s).map(({ code }) => code) }))));
  });
}
