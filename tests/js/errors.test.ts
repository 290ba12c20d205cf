/** Replays what conv_lib.diagnosis reads in messages (tests/test_errors_js.py); links; speed; code. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { adviceOn, cleaned, FORMS, MOST, readMessage } from "../../conv_lib/widgets/js/errors/reader.ts";
import { fromQuery, toQuery } from "../../conv_lib/widgets/js/errors/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/errors/snippets.ts";

interface Case {
  message: string;
  query: string;
  id: string | null;
  matched: string;
  numbers: [string, string, string | null, string | null][];
  values: Record<string, number | string>;
  cause: string;
  fixes: string[];
  link: [string, string] | null;
  advice: { error: string | null; line: string | null; shapes: [string, string][] };
}

const file = process.env.ERRORS_VECTORS;
const cases = file ? (JSON.parse(readFileSync(file, "utf8")) as Case[]) : [];

test(`${cases.length} messages are read as in Python`, () => {
  assert.ok(!file || cases.length > 400);
  for (const c of cases) {
    const reading = readMessage(c.message);
    assert.equal(reading?.form.id ?? null, c.id, c.message);
    assert.equal(toQuery({ message: c.message }), c.query);
    assert.deepEqual(adviceOn(c.message), c.advice);
    if (!reading) continue;
    assert.equal(reading.matched, c.matched);
    assert.deepEqual(reading.numbers.map((n) => [n.text, n.what, n.axes, n.role]), c.numbers, c.message);
    assert.deepEqual(reading.values, c.values, c.message);
    assert.equal(reading.cause, c.cause);
    assert.deepEqual(reading.fixes, c.fixes);
    assert.deepEqual(reading.link && [reading.link.text, reading.link.address], c.link);
    for (const n of reading.numbers) assert.equal(reading.matched.slice(...n.at), n.text);
  }
});

test("a link brings the message back, whole where it is short", () => {
  const base = { message: "the first one" };
  for (const c of cases) {
    const query = toQuery({ message: c.message });
    assert.ok(query.length < 9_100);
    const { settings, message } = fromQuery(encodeURI(query), base);
    assert.equal(message, null);
    if (query.startsWith("example") || c.message.length < 1000) assert.equal(settings.message, c.message);
    else assert.equal(readMessage(settings.message)?.form.id ?? null, c.id);
  }
  for (const junk of ["", "example=nothing", "example=__proto__", "%", "x".repeat(10_000)]) {
    const { settings, message } = fromQuery(junk, base);
    assert.equal(settings, base);
    assert.ok(message?.includes("no message"));
  }
  for (const junk of ["~ffffff~", "~110000~", "~~~", "<script>", "\u{1f600}"]) fromQuery(`text=${junk}`, base);
});

test("no text is slow to read, and none is read past the limit", () => {
  const texts = FORMS.flatMap((form) => [
    form.example.slice(0, -3),
    form.patterns[0]!.replace(/\{[^}]*\}/g, "1"),
    form.patterns[0]!.split("{")[0]!,
  ]);
  texts.push("Input 0 of layer 'a' ", "1 ", "(1, ", "[", "a.", "input{{{", "\x1b[1m", "\u{1f600}", "'", "None, ", "Error: ");
  let slowest = 0;
  for (const text of texts) {
    if (!text) continue;
    const long = text.repeat(Math.ceil(MOST / text.length) + 1);
    const start = performance.now();
    readMessage(long);
    adviceOn(long);
    slowest = Math.max(slowest, performance.now() - start);
    assert.ok(cleaned(long).length <= MOST);
  }
  console.log(`slowest text of ${MOST} characters: ${slowest.toFixed(1)} ms`);
  assert.ok(slowest < 1500);
  assert.equal(readMessage(" ".repeat(MOST) + FORMS[0]!.example), null);
});

test("code is offered for every message", () => {
  const out = process.env.ERRORS_SNIPPETS;
  if (out) writeFileSync(out, JSON.stringify(cases.map((c) => ({ id: c.id, code: snippets(c.message, readMessage(c.message)) }))));
});
