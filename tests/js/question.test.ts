/** Replays tests/question_cases.py (written by tests/test_question.py): what is read, and what is said. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { judge, type Asked, type Given } from "../../conv_lib/widgets/js/question/judge.ts";
import { readNumber, readNumbers } from "../../conv_lib/widgets/js/question/read.ts";

const file = process.env.QUESTION_VECTORS;

test("answers are read and judged as the table says", { skip: !file && "QUESTION_VECTORS is not set" }, () => {
  const rows = JSON.parse(readFileSync(file!, "utf8")) as {
    question: Asked;
    given: Given;
    verdict: string;
    said: string;
  }[];
  assert.ok(rows.length >= 140);
  for (const { question, given, verdict, said } of rows) {
    const judged = judge(question, given);
    const shown = `${JSON.stringify(given)} for ${question.shown}: ${JSON.stringify(judged)}`;
    assert.equal(judged.verdict, verdict, shown);
    assert.ok(judged.text.includes(said), shown);
  }
});

test("no text makes it throw or hang", () => {
  const signs = "0123456789.,;:-+*/^()[]{} x×%=~eE\u2212\u2013\u2026abé\u{1f600}\n\t<>&\"'`\\".match(/./gsu)!;
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let i = 0; i < 20000; i++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 14) }, () => signs[Math.floor(random() * signs.length)]).join("");
    for (const found of [readNumber(text), readNumbers(text) ?? []]) {
      assert.ok(found.every((t) => Number.isFinite(t.value)), text);
    }
  }
  for (const text of ["(".repeat(5000), "1+".repeat(5000), "9^9^9^9", "-".repeat(300) + "1", "1 to 9999999999"]) {
    readNumber(text);
    readNumbers(text);
  }
});
