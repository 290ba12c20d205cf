/**
 * Bundles the widgets: js/ -> static/. Run by `npm run build`; a test rebuilds and compares.
 * With --tests it bundles the Node tests into _build/js-tests instead. --outdir names another folder.
 */
import { build } from "esbuild";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const palette = JSON.parse(readFileSync(join(here, "../../figures/palette.json"), "utf8"));

/** The colours as CSS variables: the widgets' only source of colour. */
function paletteCss() {
  const variables = (theme) =>
    [
      ...Object.entries(palette.roles).flatMap(([role, { [theme]: c }]) => [
        `--cb-${role}: ${c.line};`,
        `--cb-${role}-fill: ${c.fill};`,
        `--cb-${role}-strong: ${c.strong};`,
      ]),
      ...palette.tints[theme].map((colour, i) => `--cb-tint-${i}: ${colour};`),
      ...Object.entries(palette.ui[theme]).map(([name, colour]) => `--cb-${name}: ${colour};`),
      `color-scheme: ${theme};`,
    ].join(" ");
  const dark = [
    'html[data-theme="dark"] .cb-root',
    'body[data-jp-theme-light="false"] .cb-root',
    'body[data-vscode-theme-kind$="dark"] .cb-root',
  ];
  return `.cb-root { ${variables("light")} }\n${dark.join(",\n")} { ${variables("dark")} }\n`;
}

const plugins = [
  {
    name: "palette",
    setup(b) {
      b.onResolve({ filter: /^palette\.css$/ }, () => ({ path: "palette.css", namespace: "palette" }));
      b.onLoad({ filter: /.*/, namespace: "palette" }, () => ({ contents: paletteCss(), loader: "css" }));
    },
  },
];

const common = {
  bundle: true,
  minify: true,
  target: ["es2021", "chrome111", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
  absWorkingDir: root,
  logLevel: "warning",
  plugins,
};

const at = process.argv.indexOf("--outdir");

if (process.argv.includes("--tests")) {
  const tests = join(root, "tests/js");
  await build({
    ...common,
    entryPoints: readdirSync(tests).filter((f) => /\.ts$/.test(f)).map((f) => join(tests, f)),
    outdir: at > 0 ? process.argv[at + 1] : join(root, "_build/js-tests"),
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    target: "node18",
    minify: false,
  });
} else {
  const outdir = at > 0 ? process.argv[at + 1] : join(here, "../static");
  const entry = (name) => join(here, name);
  // One module for anywidget per widget, one classic script with all of them for pages.
  const widgets = readdirSync(here).filter((f) => /\.ts$/.test(f) && f !== "page.ts");
  await Promise.all([
    build({ ...common, entryPoints: widgets.map(entry), outdir, format: "esm" }),
    build({ ...common, entryPoints: [entry("page.ts")], outdir, format: "iife" }),
    build({ ...common, entryPoints: { widgets: entry("style/widgets.css") }, outdir }),
  ]);
}
