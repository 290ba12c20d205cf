/** Ranks what people type (tests/test_answers.py writes the entries and the queries). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromQuery, toQuery } from "../../conv_lib/widgets/js/index/link.ts";
import { indexOf, rank, stem, wordsOf, type Entry } from "../../conv_lib/widgets/js/index/rank.ts";

// Other tests run this file too, without its entries: then it has nothing to say.
const file = process.env.ANSWERS;
if (file) {
  const { entries, topics, queries } = JSON.parse(readFileSync(file, "utf8")) as {
    entries: Entry[];
    topics: Record<string, string>;
    queries: Record<string, string>;
  };
  const index = indexOf(entries);
  // The page of questions knows topics by their titles, the search page by their keys.
  const titled = indexOf(entries.map((entry) => ({ ...entry, topic: topics[entry.topic]! })));

  test("what people type finds the obvious answer first", () => {
    const wrong = [index, titled].flatMap((which) =>
      Object.entries(queries).flatMap(([query, name]) => {
        const found = rank(which, query).slice(0, 4).map((row) => `${row.entry.name} ${row.score.toFixed(1)}`);
        return found[0]?.startsWith(`${name} `) ? [] : [`${query}: ${found.join(", ")} instead of ${name}`];
      }),
    );
    assert.deepEqual(wrong, []);
  });

  test("every question finds itself, also in capitals and without accents or signs", () => {
    for (const { name, question } of entries) {
      assert.equal(rank(index, question)[0]!.entry.name, name, question);
      assert.equal(rank(index, question.toUpperCase().replace(/[^A-Z0-9 _×]/g, " "))[0]!.entry.name, name, question);
    }
  });

  test("every phrase of an entry finds it among the first four", () => {
    for (const { name, words } of entries) {
      for (const phrase of words.split(",")) {
        const found = rank(index, phrase).slice(0, 4).map((row) => row.entry.name);
        assert.ok(found.includes(name), `${phrase.trim()}: ${found.join(", ")} without ${name}`);
      }
    }
  });

  test("what fits nothing finds nothing, and nothing breaks it", () => {
    for (const text of ["", "   ", "zzzzqqq", "🦆🦆", "<script>", "\u0000", "%%%", "$(&)"]) {
      assert.ok(rank(index, text).length <= entries.length);
    }
    assert.equal(rank(index, "zzzzqqq wwwwxx").length, 0);
    assert.equal(rank(index, "🦆").length, 0);
    const start = performance.now();
    rank(index, "padding ".repeat(2000));
    rank(index, "a1b2c3 ".repeat(2000));
    assert.ok(performance.now() - start < 500);
  });

  test("words and their stems", () => {
    assert.deepEqual(wordsOf("46x62 -> 368 × 489, output_padding"), ["46", "62", "368", "489", "output", "padding"]);
    for (const [one, other] of [["padding", "pads"], ["dilation", "dilated"], ["flipped", "flips"], ["sizes", "size"], ["cropping", "crop"]]) {
      assert.equal(stem(one!), stem(other!));
    }
    // One layer has one name, whoever writes it; "transposed convolution" stays two words.
    for (const name of ["Conv2DTranspose", "ConvTranspose2d", "tf.nn.conv2d_transpose", "conv2d transpose", "TransposedConv2DLayer"])
      assert.equal(wordsOf(name).at(-1), "convtranspose2d", name);
    assert.deepEqual(wordsOf("nn.Conv1d, transposed convolution"), ["nn", "conv1d", "transposed", "convolution"]);
  });

  test("links keep the words", () => {
    for (const text of ["one pixel short", "5 or 6", "46x62 to 368x489"]) assert.equal(fromQuery(toQuery(text)), text);
    assert.equal(fromQuery(toQuery("a&b=c%d#e")), "a b c d e");
    assert.equal(fromQuery("q=" + "x".repeat(10_000)).length, 2000);
    assert.equal(fromQuery("nothing"), "");
  });
}
