/** Replays the case vectors that Python wrote (tests/test_solver_js.py); conv_lib is the reference. Then: what people type. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { fromQuery, sameSettings, toQuery } from "../../conv_lib/widgets/js/solver/link.ts";
import { planOf, stripOf } from "../../conv_lib/widgets/js/solver/plan.ts";
import { phrase, readQuestion } from "../../conv_lib/widgets/js/solver/read.ts";
import { answersOf, MOST_SHOWN, queryFor, type Settings } from "../../conv_lib/widgets/js/solver/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/solver/snippets.ts";
import { convSizes, legalSizes, solve, type Answer, type LegalSize, type Pad } from "../../conv_lib/widgets/js/solver/solve.ts";
import { PRESETS } from "../../conv_lib/widgets/js/solver/traits.ts";
import { formulas, nearestPairs } from "../../conv_lib/widgets/js/solver/words.ts";

interface Vectors {
  questions: (Settings & { answer: Answer & { count: number } })[];
  legal: { size: number; shape: [number, number, number]; padding: Pad; up: LegalSize[]; down: number | null; pads: [number, number] }[];
  typed: { text: string; query: string | null; says?: string }[];
  snippetsTo: string;
}

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.SOLVER_VECTORS;
if (file) {
  const { questions, legal, typed, snippetsTo } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  const base = PRESETS[0]!.settings;
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

  test("settings, their order, reasons, nearest sizes and windows are conv_lib's", () => {
    assert.ok(questions.length >= 800);
    for (const { answer, ...q } of questions) {
      const { settings, ...rest } = solve(queryFor(q, q.framework));
      const { settings: expected, count, ...others } = answer;
      const words = JSON.stringify(q);
      assert.equal(settings.length, count, words);
      assert.deepEqual(plain(settings.slice(0, MOST_SHOWN)), expected, words);
      assert.deepEqual(plain(rest), others, words);
    }
  });

  test("every size of a setting, and who gives it", () => {
    for (const row of legal) {
      const words = JSON.stringify(row);
      const mine = legalSizes(row.size, row.shape, row.padding).map(({ tf: _, torchSame: __, ...rest }) => rest);
      assert.deepEqual(plain(mine), row.up, words);
      const down = convSizes(row.size, row.shape, row.padding);
      assert.equal(down?.size ?? null, row.down, words);
      if (down) assert.deepEqual([down.start, down.stop], row.pads, words);
    }
  });

  test("links come back as they went", () => {
    for (const { answer: _, ...q } of questions.slice(0, 500)) {
      const { settings, message } = fromQuery(toQuery(q), base);
      assert.equal(message, null);
      assert.ok(sameSettings(settings, q), toQuery(q));
      assert.deepEqual({ ...settings, ask: q.ask }, q);
    }
  });

  test("the phrase of a question is read back as that question", () => {
    for (const { answer: _, ...q } of questions.slice(0, 800)) {
      const { settings, notes } = readQuestion(phrase(q), { ...base, framework: q.framework });
      assert.deepEqual(settings, q, phrase(q));
      assert.deepEqual(notes, []);
      const forward: Settings = { ...q, ask: "sizes", kernel: q.kernel || 3, stride: q.stride || 2 };
      assert.equal(toQuery(readQuestion(phrase(forward), forward).settings!), toQuery(forward), phrase(forward));
    }
  });

  test("what people type", () => {
    for (const { text, query, says } of typed) {
      const { settings, notes } = readQuestion(text, base);
      assert.equal(settings && toQuery(settings), query, text.slice(0, 80));
      if (says) assert.ok(notes.join(" ").includes(says), `${text.slice(0, 80)}: ${notes.join(" ")}`);
    }
  });

  test("a strip shows as many pixels as the window keeps, and its counts add up to all taps", () => {
    for (const { answer: _, ...q } of questions) {
      const { settings, rectangular } = solve(queryFor(q, q.framework));
      for (const one of rectangular ? [rectangular] : settings.slice(0, 2)) {
        for (const which of [0, 1] as const) {
          const plan = planOf(q, one);
          const cells = stripOf(q, plan, which);
          if (cells.includes(null)) continue;
          const kept = cells.filter((c) => c!.kind === "kept" || c!.kind === "appended");
          if (q.direction === "up") {
            assert.equal(kept.length, q.wanted[which]);
            assert.equal(cells.reduce((sum, c) => sum + c!.count, 0), q.size[which] * plan.kernel[which]!);
          } else assert.equal(cells.reduce((sum, c) => sum + c!.count, 0), q.wanted[which] * plan.kernel[which]!);
        }
      }
    }
  });

  test("formulas come out as written", () => {
    const value = (text: string): number =>
      Function(`"use strict"; return ${text.replace(/\u2212/g, "-").replace(/\u00b7/g, "*").replace(/\u230a/g, "Math.floor(").replace(/\u230b/g, ")").replace(/cut (before|after)|appended/g, "")}`)() as number;
    for (const { answer, ...q } of questions) {
      for (const one of [...answer.settings.slice(0, 3), ...(answer.rectangular ? [answer.rectangular] : []), answer.window]) {
        const plan = planOf(q, one);
        formulas(q, plan).forEach(({ steps }, i) => {
          for (const step of steps) {
            const [left, right] = step.split(" = ");
            assert.equal(value(left!), Number(right), step);
          }
          assert.equal(Number(steps.at(-1)!.split(" = ")[1]), q.wanted[i], JSON.stringify(q));
        });
      }
    }
  });

  test("sizes offered instead are reached", () => {
    for (const { answer, ...q } of questions) {
      if (answer.count) continue;
      for (const pair of nearestPairs(q, answersOf(q))) assert.ok(answersOf({ ...q, wanted: pair })[q.framework].settings.length);
    }
  });

  test("code is offered for every preset and for some questions", () => {
    const some: Settings[] = [
      ...PRESETS.map((p) => p.settings).filter((s) => s.ask === "settings"),
      ...questions.slice(0, 90).map(({ answer: _, ...q }) => q).filter((q) => Math.max(...q.size, ...q.wanted) < 130),
    ];
    // One kernel and one stride for each axis: these are rare among the questions.
    const wide = questions.filter(({ answer: { rectangular }, ...q }) => rectangular && Math.max(...q.size, ...q.wanted) < 130);
    assert.ok(wide.length >= 30);
    some.push(...wide.map(({ answer: _, ...q }) => q));
    const code = some.flatMap((s) => {
      const answer = solve(queryFor(s, s.framework));
      const first = answer.settings[0] ?? answer.rectangular;
      const picks = first ? [0, -1] : [-1];
      return picks.map((pick) => {
        const picked = { ...s, pick };
        const plan = planOf(s, pick < 0 ? answer.window : first!);
        const code = Object.fromEntries(snippets(picked, plan).map((one) => [one.name, one.code]));
        for (const lines of Object.values(code)) for (const line of lines.split("\n")) assert.ok(line.length <= 100, line);
        return { settings: picked, plan, code, query: toQuery(picked) };
      });
    });
    writeFileSync(snippetsTo, JSON.stringify(code));
  });
}
