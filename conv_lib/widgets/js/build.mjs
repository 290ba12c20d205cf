/**
 * Bundles the widgets: js/ -> static/. Run by `npm run build`; a test rebuilds and compares.
 *
 * widgets.json names every widget: its Python class, and the folder whose `<folder>.tsx` exports `mount`. Each becomes
 * `<folder>.js`, a module for anywidget that holds all it needs, and `page/<Class>.js`, a classic script for pages, which
 * takes what widgets share from `page.js`.
 *
 * With --tests it bundles the Node tests into _build/js-tests instead. --outdir names another folder. --language takes the
 * words from words/<language>, see words/README.md; "pseudo" is English with accents, to see that all words come from there.
 */
import { build } from "esbuild";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
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

const palettePlugin = {
  name: "palette",
  setup(b) {
    b.onResolve({ filter: /^palette\.css$/ }, () => ({ path: "palette.css", namespace: "palette" }));
    b.onLoad({ filter: /.*/, namespace: "palette" }, () => ({ contents: paletteCss(), loader: "css" }));
  },
};

/** Entry points that are the same for every widget: `entry:<name>` has the given contents. */
const entries = (contents) => ({
  name: "entries",
  setup(b) {
    b.onResolve({ filter: /^entry:/ }, ({ path }) => ({ path: path.slice(6), namespace: "entry" }));
    b.onLoad({ filter: /.*/, namespace: "entry" }, ({ path }) => ({
      contents: contents(path),
      loader: "ts",
      resolveDir: here,
    }));
  },
});

/** What page.js holds for all widgets of a page: Preact, js/core, js/ui, and the table of presets. */
const folderFiles = (folder) => readdirSync(join(here, folder)).map((file) => `./${folder}/${file}`);
const SHARED = [
  "preact",
  "preact/hooks",
  "preact/jsx-runtime",
  ...folderFiles("core"),
  ...folderFiles("ui"),
  "./words/en/shared.ts",
  "./words/en/frameworks.ts",
  "../../figures/presets.json",
];
const sharedFiles = new Map(SHARED.filter((name) => name.startsWith(".")).map((name) => [join(here, name), name]));

/** In a page's script of one widget, shared modules are those that page.js has already loaded. */
const sharedParts = {
  name: "shared",
  setup(b) {
    b.onResolve({ filter: /^preact(\/.*)?$|\.(tsx?|json)$/ }, ({ path, resolveDir, namespace }) => {
      if (namespace === "entry") return undefined;
      // The words of another language take the place of the English ones.
      const file = join(resolveDir, path).replace(join(WORDS, language, "/"), join(WORDS, "en/"));
      const name = path.startsWith(".") ? sharedFiles.get(file) : path;
      return name ? { path: name, namespace: "shared" } : undefined;
    });
    b.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({
      contents: `module.exports = globalThis.convBook.parts[${JSON.stringify(path)}]${path.endsWith(".json") ? ".default" : ""};`,
    }));
  },
};

const option = (name) => {
  const at = process.argv.indexOf(name);
  return at > 0 ? process.argv[at + 1] : null;
};
const language = option("--language") ?? "en";
const WORDS = join(here, "words/");

/** Tables that hold words too, and the keys under which these stand. */
const TABLES = {
  "forms.json": ["title", "is", "cause", "fixes", "text"],
  "presets.json": ["label"],
  "translator_facts.json": ["label"],
  "rounding_facts.json": ["rungs", "own", "verdicts"],
};

/** Takes words from the folder of a language; a file that it lacks, from English. */
const translated = {
  name: "translated",
  setup(b) {
    b.onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, namespace }) => {
      const file = join(resolveDir, path);
      if (!file.startsWith(WORDS) || namespace === "pseudo") return undefined;
      const own = join(WORDS, language, file.slice(WORDS.length).replace(/^[^/\\]+[/\\]/, ""));
      return { path: existsSync(own) ? own : file };
    });
    b.onResolve({ filter: /\.json$/ }, ({ path }) => {
      const own = join(WORDS, language, basename(path));
      return existsSync(own) ? { path: own } : undefined;
    });
  },
};

/** English with accents: every word that `mark` does not reach is not in words/en, and the tests find it. */
const pseudo = {
  name: "pseudo",
  setup(b) {
    b.onResolve({ filter: /\.ts$/ }, ({ path, resolveDir, namespace }) => {
      const file = join(resolveDir, path);
      return file.startsWith(join(WORDS, "en")) && namespace !== "pseudo" ? { path: file, namespace: "pseudo" } : undefined;
    });
    b.onLoad({ filter: /.*/, namespace: "pseudo" }, ({ path }) => {
      const names = [...readFileSync(path, "utf8").matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name);
      return {
        contents: [
          `import * as en from "./${basename(path)}";`,
          'import { mark } from "../pseudo.ts";',
          ...names.map((name) => `export const ${name} = ${name === "LOCALE" ? "en.LOCALE" : `mark(en.${name})`};`),
        ].join("\n"),
        loader: "ts",
        resolveDir: dirname(path),
      };
    });
    b.onResolve({ filter: /\.json$/ }, ({ path, resolveDir, namespace }) =>
      namespace !== "pseudo-table" && TABLES[basename(path)] ? { path: join(resolveDir, path), namespace: "pseudo-table" } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: "pseudo-table" }, ({ path }) => ({
      contents: [
        `import table from "./${basename(path)}";`,
        `import { markIn } from ${JSON.stringify(`./${relative(dirname(path), join(WORDS, "pseudo.ts"))}`)};`,
        `export default markIn(table, ${JSON.stringify(TABLES[basename(path)])});`,
      ].join("\n"),
      loader: "ts",
      resolveDir: dirname(path),
    }));
  },
};
const inLanguage = language === "en" ? [] : language === "pseudo" ? [pseudo] : [translated];
if (language !== "en" && language !== "pseudo" && !existsSync(join(WORDS, language))) throw new Error(`no folder ${join(WORDS, language)}`);

const common = {
  bundle: true,
  // A word that a language lacks.
  logOverride: { "import-is-undefined": "error" },
  minify: true,
  target: ["es2021", "chrome111", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8",
  absWorkingDir: root,
  logLevel: "warning",
};

const given = option("--outdir");

if (process.argv.includes("--tests")) {
  const tests = join(root, "tests/js");
  await build({
    ...common,
    entryPoints: readdirSync(tests).filter((f) => /\.ts$/.test(f)).map((f) => join(tests, f)),
    outdir: given ?? join(root, "_build/js-tests"),
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    target: "node18",
    minify: false,
  });
} else {
  const outdir = given ?? join(here, "../static");
  const widgets = JSON.parse(readFileSync(join(here, "widgets.json"), "utf8"));
  const mountOf = (folder) => `import { mount } from "./${folder}/${folder}.tsx";`;
  const named = (pairs) => Object.fromEntries(pairs.map(([file, entry]) => [file, `entry:${entry}`]));
  await Promise.all([
    build({
      ...common,
      entryPoints: named(Object.values(widgets).map((folder) => [folder, folder])),
      plugins: [
        entries((folder) => `${mountOf(folder)} export default { render: ({ model, el }) => mount(model, el, null) };`),
        ...inLanguage,
      ],
      outdir,
      format: "esm",
    }),
    build({
      ...common,
      entryPoints: named(Object.keys(widgets).map((name) => [`page/${name}`, name])),
      plugins: [
        entries((name) => `${mountOf(widgets[name])} globalThis.convBook.register(${JSON.stringify(name)}, mount);`),
        sharedParts,
        ...inLanguage,
      ],
      outdir,
      format: "iife",
    }),
    build({
      ...common,
      entryPoints: named([["page", "page"]]),
      plugins: [
        entries(() => [
          ...SHARED.map((name, i) => `import * as part${i} from ${JSON.stringify(name)};`),
          'import { register } from "./page.ts";',
          `const parts = { ${SHARED.map((name, i) => `${JSON.stringify(name)}: part${i}`).join(", ")} };`,
          "globalThis.convBook = { parts, register };",
        ].join("\n")),
        ...inLanguage,
      ],
      outdir,
      format: "iife",
    }),
    build({ ...common, entryPoints: { widgets: join(here, "style/widgets.css") }, plugins: [palettePlugin], outdir }),
  ]);
}
