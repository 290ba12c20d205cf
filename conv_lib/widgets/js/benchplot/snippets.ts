/** What is shown as code to paste; tests/test_benchplot_js.py runs it. */
import type { Snippet } from "../ui/parts.tsx";
import { THIS_WIDGET } from "../words/en/shared.ts";
import * as words from "../words/en/benchplot.ts";
import { layerOf, storedOf, type Settings } from "./settings.ts";
import { workOf } from "./work.ts";

export function snippets(s: Settings): Snippet[] {
  const layer = layerOf(s);
  const stored = storedOf(s);
  const work = workOf(layer, stored.dtype);
  const shipped = /^[a-z][a-z0-9-]*$/.test(stored.name) ? `"${stored.name}"` : JSON.stringify(`${stored.name}.json`);
  const numpy = [
    "from conv_lib.bench import stored",
    "",
    `result = stored.load(${shipped})`,
    `print(result.machine["date"], result.machine["cpu"])`,
    `layer = result.record("${layer.name}")`,
    "for backend, ms in layer[\"milliseconds\"].items():",
    "    print(f\"{backend:12} {ms:9.3f} ms  {layer['mflop'] / ms:7.1f} GFLOP/s\")",
    "",
    `work = stored.workload_of(layer)`,
    `assert work.product == (${work.product.join(", ")})  # what the page shows`,
    `assert abs(work.operations_per_byte - ${work.perByte}) < 1e-6`,
    `assert layer["milliseconds"]["numpy"] == ${layer.milliseconds.numpy}`,
  ];
  const part = /^(batch|size) /.test(layer.name) ? "" : ` --only "${layer.name}"`;
  const dtype = stored.dtype === "float64" ? " --dtype float64" : "";
  const shell = [
    "# in a terminal; without --only it takes two or three minutes",
    `python -m conv_lib.bench${dtype}${part} --json mine.json`,
    "",
    "# then, in a notebook",
    "# from conv_lib.widgets import BenchPlot",
    '# BenchPlot(results=["mine.json"])',
  ];
  const widget = [
    "from conv_lib.widgets import BenchPlot",
    "",
    "w = BenchPlot(",
    `    result="${stored.name}",`,
    `    view="${s.view}", quantity="${s.quantity}",`,
    `    workload="${layer.name}",`,
    ")",
    "w",
  ];
  return [
    { name: words.READ, code: numpy.join("\n") },
    { name: words.MEASURE, code: shell.join("\n") },
    { name: THIS_WIDGET, code: widget.join("\n") },
  ];
}
