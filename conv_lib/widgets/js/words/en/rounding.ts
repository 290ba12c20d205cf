/** Rounding or bug? */
export const LABELS = { difference: "Largest difference", scale: "Scale", terms: "Terms in a sum" };
export const HINTS = {
  difference: "1.6e-4 or 2^-16",
  scale: "largest |output| or \u03a3\u00a0|x|\u00a0|w|",
  terms: "kernel \u00d7 channels in, as 5x5x64",
};
export const CALCULATED_IN = "Calculated in";
export const WHERE = "Where";
export const DEVICES = { CPU: "Both on CPUs", GPU: "A GPU took part" };
export const VERDICT = "Verdict";
export const TO_TRANSLATOR = "Translator: one layer in two frameworks";
export const TO_CLINIC = "Clinic: claims put to the test";

export const wrongTerms = (label: string, most: string, received: string): string =>
  `${label} is a whole number from 1 to ${most}, or a product such as 5x5x64. Received: ${received}.`;
export const wrongAmount = (label: string, orZero: boolean, received: string): string =>
  `${label} is ${orZero ? "0, or " : ""}a number from 1e\u221230 to 1e15, such as 1.6e-4 or 2^-16. Received: ${received}.`;

export const upTo = (limit: string): string => `up to ${limit}`;

export const ONE_UNIT = "One unit";
export const oneUnit = (unit: string, dtype: string, scale: string): string => `${unit} is the last place of ${dtype} at ${scale}`;
export const YOURS = "Yours";
/** Before and after the number of units, which is set in bold. */
export const yours = (difference: string, unit: string, scale: string, relative: string): [string, string] => [
  `${difference} / ${unit} = `,
  ` units in the last place; ${difference} / ${scale} = ${relative} of the scale`,
];
export const NEVER_MORE = "Never more";
export const neverMore = (terms: number, termsText: string, bound: string): string =>
  `If the scale is \u03a3 |x| |w|, no order of ${termsText} ${terms === 1 ? "term" : "terms"} can differ by more than ${bound}`;
export const NOT_RELATIVE = "Not relative";
export const WHY_NOT_RELATIVE =
  "Do not divide by each output. Where large terms cancel, an output can be near 0, and the same rounding is any multiple of it. Divide by the scale.";

export const LINE_WITHOUT_YOURS = "A logarithmic line of differences. Yours is 0 and has no place on it.";
export const line = (difference: string, band: number | null): string =>
  `A logarithmic line of differences. Yours, ${difference}, lies ${band === null ? "outside every band" : `in band ${band}`}.`;
export const yoursAbove = (difference: string): string => `yours: ${difference}`;

/** Names of the tabs with code. */
export const THIS_ANSWER = "This answer";
export const YOUR_RESULTS = "Your two results";
