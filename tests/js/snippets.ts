/** Prints the code that the explorer offers, as JSON, for settings given as JSON on standard input (tests/test_snippets.py). */
import { readFileSync } from "node:fs";
import { buildScene } from "../../conv_lib/widgets/js/explorer/picture.ts";
import { check, type Settings } from "../../conv_lib/widgets/js/explorer/settings.ts";
import { snippets } from "../../conv_lib/widgets/js/explorer/snippets.ts";

const layers = JSON.parse(readFileSync(0, "utf8")) as Settings[];
const offered = layers.map((settings) => ({
  legal: check(settings) === null,
  code: Object.fromEntries(snippets(settings, buildScene(settings).output).map(({ name, code }) => [name, code])),
}));
process.stdout.write(JSON.stringify(offered));
