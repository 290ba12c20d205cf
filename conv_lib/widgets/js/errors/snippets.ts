/** Code to copy: the run that gives an example, and the reading in Python. Both assert what the page shows. */
import type { Snippet } from "../ui/parts.tsx";
import * as words from "../words/en/errors.ts";
import { exampleOf } from "./settings.ts";
import { cleaned, PRELUDES, VERSIONS, type Reading } from "./reader.ts";

/** A text as a Python string. */
export const python = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, (sign) =>
    /[\ud800-\udfff]/.test(sign) ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

export function snippets(message: string, reading: Reading | null): Snippet[] {
  const out: Snippet[] = [];
  const example = exampleOf(message);
  if (example?.provoke && reading) {
    const environment = Object.entries(example.environment ?? {});
    out.push({
      name: words.runIn(example.framework),
      code: [
        ...(environment.length ? ["import os", "", ...environment.map(([k, v]) => `os.environ["${k}"] = "${v}"`), ""] : []),
        PRELUDES[example.framework]!,
        "",
        `message = ""  # ${example.framework} ${VERSIONS[example.framework]}`,
        "try:",
        ...example.provoke.split("\n").map((line) => `    ${line}`),
        "except Exception as error:",
        "    message = str(error)",
        "print(message)",
        `for part in [${[...new Set(reading.numbers.map((one) => one.text))].filter((text) => !text.includes("'")).map(python).join(", ")}]:`,
        "    assert part in message",
        "",
      ].join("\n"),
    });
  }
  const text = reading?.matched ?? cleaned(message).slice(0, 300);
  out.push({
    name: words.READ_IN_PYTHON,
    code: [
      "from conv_lib.diagnosis import read",
      "",
      `reading = read(${python(text)})`,
      ...(reading
        ? [
            "print(reading.cause)",
            "for number in reading.numbers:",
            '    print(number.text, "is", number.what)',
            "for fix in reading.fixes:",
            '    print("-", fix)',
            `assert reading.form.id == "${reading.form.id}"`,
            `assert reading.cause == ${python(reading.cause)}`,
          ]
        : ["assert reading is None  # not in the table"]),
      "",
    ].join("\n"),
  });
  return out;
}
