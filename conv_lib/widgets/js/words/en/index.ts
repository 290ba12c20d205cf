/** The index of questions, and what its search knows of the language. */
export const ASK = "What is wrong, or what do you want to know?";
export const PLACEHOLDER = "In your own words or numbers: one pixel short";
export const TRY = "Try";
/** Searches that find something. */
export const EXAMPLES = ["one pixel short", "5 or 6", "checkerboard", "negative dimension", "output_padding"];

export const byTopic = (questions: number): string => `${questions} questions, by topic.`;
export const nearest = (answers: number): string => `The ${answers} nearest answers, the likeliest first.`;
export const found = (answers: number): string => `${answers} answer${answers === 1 ? "" : "s"}, the likeliest first.`;
export const NOTHING = "No answer fits these words.";
/** Before, on and after a button. */
export const FEWER_WORDS: [string, string, string] = [
  "Fewer words find more: a word of the error message, the layer's name, or just the numbers. Or ",
  "see all questions",
  ".",
];

/** Links that take the search on to a tool. */
export const solve = (from: string, to: string): string => `Every layer that takes ${from.replace("x", " \u00d7 ")} to ${to.replace("x", " \u00d7 ")}`;
export const READ_MESSAGE = "Read this as an error message: every number in it, the cause and the fix";

/** Above the results of the site's search. */
export const ANSWERS = "Answers";
export const ALL_ANSWERS = "All answers to this";

/** Words that say nothing about a question. */
export const STOP =
  "a an the is are be of to in on at for and or do does did my your i me we you it its this that these those how what why when which who " +
  "with without by from as if not no can could should would will want need get gets got have has there where than then so but about using use used " +
  "please help me just very really some any into out up am was were been being something someone " +
  "caused understand properly work works working nn";

/** Words that mean about the same here; the first of each row is never special. */
export const SYNONYMS = [
  "transpose transposed deconvolution deconv deconvolutional conv2dtranspose convtranspose2d conv1dtranspose convtranspose1d convtranspose3d convtranspose backwards fractionally",
  "checkerboard chessboard checker checkers checkered grid tiles stripes artifact artefact",
  "short missing lost less loses losing smaller lacks",
  "enlarge bigger larger upsample upscale upsampling increase grow double",
  "shrink smaller reduce crop crops cut",
  "kernel filter weight weights",
  "flip rotate rotated rotation 180 mirrored turned reversed",
  "skip concat concatenate concatenation merge",
  "size shape dimension dimensions dim dims length width height",
  "error exception valueerror fails crash message",
  "pytorch torch",
  "tensorflow tf keras",
  "speed slow slower fast faster performance time expensive",
  "channel rgb colour color depth",
  "inverse undo invert reverse recover reconstruct",
  "difference differ differs vs versus compare different disagree mismatch",
  "odd uneven asymmetric",
  "rounding precision accuracy ulp tolerance float32 numerical",
  "random nondeterministic reproducible deterministic reproducibility",
  "hole holes gap gaps zeros",
  "image picture photo",
  "operations flops macs cost",
  "parameters params parameter",
  "multiple divisible",
  "audio sound wave 1d",
  "causal streaming realtime",
  "bilinear interpolation interpolate linear",
  "formula calculate compute equation calculation",
  "circular periodic wrap",
  "dilation dilated atrous",
];

/** Ends of words that grammar put there, tried in this order, and what stays of each. */
export const ENDINGS: [string, string][] = [
  ["ations", "at"],
  ["ation", "at"],
  ...["ings", "ing", "ions", "ion", "ers", "ed", "es", "s", "er", "e", "y"].map((end): [string, string] => [end, ""]),
];
