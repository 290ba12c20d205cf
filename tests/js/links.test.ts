/** Replays the links that Python wrote (tests/test_links.py): every widget writes the same text and reads it back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as channelLink from "../../conv_lib/widgets/js/channels/link.ts";
import { PRESETS as channelPresets } from "../../conv_lib/widgets/js/channels/traits.ts";
import * as explorerLink from "../../conv_lib/widgets/js/explorer/link.ts";
import { PRESETS as explorerPresets } from "../../conv_lib/widgets/js/explorer/traits.ts";
import * as matrixLink from "../../conv_lib/widgets/js/matrix/settings.ts";
import * as phaseLink from "../../conv_lib/widgets/js/phase/settings.ts";
import * as roundingLink from "../../conv_lib/widgets/js/rounding/settings.ts";
import * as rulerLink from "../../conv_lib/widgets/js/ruler/link.ts";
import { PRESETS as rulerPresets } from "../../conv_lib/widgets/js/ruler/traits.ts";
import * as translatorLink from "../../conv_lib/widgets/js/translator/settings.ts";
import * as upsamplingLink from "../../conv_lib/widgets/js/upsampling/settings.ts";
import * as chainLink from "../../conv_lib/widgets/js/chain/link.ts";
import { PRESETS as chainPresets } from "../../conv_lib/widgets/js/chain/settings.ts";
import { FORMS } from "../../conv_lib/widgets/js/errors/reader.ts";
import * as errorLink from "../../conv_lib/widgets/js/errors/settings.ts";
import * as solverLink from "../../conv_lib/widgets/js/solver/link.ts";
import { PRESETS as solverPresets } from "../../conv_lib/widgets/js/solver/traits.ts";

interface Widget {
  toQuery(settings: unknown): string;
  fromQuery(query: string, base: unknown): { settings: unknown; message: string | null };
  presets: { name: string; settings: unknown }[];
}

const WIDGETS = {
  ChannelView: { ...channelLink, presets: channelPresets },
  DecoderRuler: { ...chainLink, presets: chainPresets },
  ConvExplorer: { ...explorerLink, presets: explorerPresets },
  ErrorReader: { ...errorLink, presets: FORMS.map(({ id, example }) => ({ name: id, settings: { message: example } })) },
  MatrixView: { ...matrixLink, presets: matrixLink.PRESETS },
  PhaseLab: { ...phaseLink, presets: phaseLink.PRESETS },
  Translator: { ...translatorLink, presets: translatorLink.PRESETS },
  UpsamplingBench: { ...upsamplingLink, presets: upsamplingLink.PRESETS },
  RoundingCheck: { ...roundingLink, presets: roundingLink.PRESETS },
  SizeRuler: { ...rulerLink, presets: rulerPresets },
  SizeSolver: { ...solverLink, presets: solverPresets },
} as unknown as Record<string, Widget>;

// Other tests run this file too, without its vectors: then it has nothing to say.
const file = process.env.LINKS;
if (file) {
  const rows = JSON.parse(readFileSync(file, "utf8")) as { widget: string; preset: string | null; query: string }[];

  test("presets give the same text in both languages", () => {
    for (const { widget, preset, query } of rows) {
      if (!preset) continue;
      const found = WIDGETS[widget]!.presets.find((row) => row.name === preset);
      assert.equal(WIDGETS[widget]!.toQuery(found!.settings), query, preset);
    }
  });

  test("what Python wrote is read without a message and written again", () => {
    for (const { widget, preset, query } of rows) {
      const { toQuery, fromQuery, presets } = WIDGETS[widget]!;
      for (const base of presets) {
        const { settings, message } = fromQuery(query, base.settings);
        assert.equal(message, null, `${preset} on ${base.name}: ${message}`);
        assert.equal(toQuery(settings), query, `${preset} on ${base.name}`);
      }
    }
  });
}
