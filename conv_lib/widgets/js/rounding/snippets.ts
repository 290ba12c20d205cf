/** Code to copy. */
import { exact } from "../core/numbers.ts";
import type { Snippet } from "../ui/parts.tsx";
import { explain } from "./explain.ts";
import type { Settings } from "./settings.ts";
import * as words from "../words/en/rounding.ts";
import { THIS_WIDGET } from "../words/en/shared.ts";

const lines = (s: Settings) => [
  `    difference=${exact(s.difference)},`,
  `    dtype="${s.dtype}",`,
  `    scale=${exact(s.scale)},`,
  `    terms=${s.terms},`,
  `    device="${s.device}",`,
];

export const widgetCode = (s: Settings): string =>
  ["from conv_lib.widgets import RoundingCheck", "", "w = RoundingCheck(", ...lines(s), ")", "w"].join("\n");

export const snippets = (s: Settings): Snippet[] => [
  {
    name: words.THIS_ANSWER,
    code: ["from conv_lib.compare import explain_difference", "", "found = explain_difference(", ...lines(s), ")", "print(found)", `assert found.kind == "${explain(s).kind}"`].join("\n"),
  },
  {
    name: words.YOUR_RESULTS,
    code: [
      "import numpy as np",
      "from conv_lib.compare import diagnose",
      "",
      "# Put your two results here; these two are one pixel apart.",
      "first = np.arange(24.0).reshape(1, 4, 6, 1)",
      "second = np.roll(first, 1, axis=2)",
      "print(np.abs(first - second).max(), np.abs(first).max())",
      "print(diagnose(first, second))",
    ].join("\n"),
  },
  { name: THIS_WIDGET, code: widgetCode(s) },
];
