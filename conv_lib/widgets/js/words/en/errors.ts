/** The error reader. What is said of each known message stands in conv_lib/diagnosis/forms.json. */
export const PASTE_MESSAGE = "Paste the error message, with its traceback or without";
export const EXAMPLE_MESSAGE = "Example message";
export const OWN_MESSAGE = "your own message";
export const example = (framework: string, title: string): string => `${framework}: ${title}`;
export const CODE_SUMMARY = "Code: the run that gives a message, and the reading in Python";

export const NOTHING_YET = "Nothing to read yet. Paste a message, or choose an example.";
export const known = (forms: string, framework: string, title: string): string =>
  `Known message, one of ${forms}: ${framework}, ${title}.`;
export const notKnown = (forms: string): string => `Not one of the ${forms} messages that are known here.`;
export const onlyFirst = (most: string): string => `Only the first ${most} characters are read.`;
export const UNKNOWN_LINK = "The link names no message that is known here; the first one is shown.";

// ---- a message that is known; code is set in backticks
export const CAUSE = "The cause";
export const WENT_WRONG = "What went wrong";
export const NUMBERS = "The numbers";
export const WHAT_NUMBERS = "What the numbers are";
export const HELPS = "What helps";
export const YOUR_LINE = "The last line of the traceback that is yours:";
/** Before and after the address, which is a link. */
export const quoted = (framework: string, version: string): [string, string] => [
  "As quoted in ",
  `; this wording is older than ${framework} ${version}.`,
];
export const raised = (framework: string, version: string, setting: string | null, error: string): string =>
  `Raised by ${framework} ${version}${setting ? ` with \`${setting}\`` : ""}, as \`${error}\`.`;

/** Letters of axes, as the table names them. */
export const AXES: Readonly<Record<string, string>> = {
  N: "batch",
  C: "channels",
  H: "height",
  W: "width",
  I: "channels in",
  O: "channels out",
};
export const axisSize = (axis: string, size: string | null): string => `${axis} ${size ?? "unknown"}`;
export const OPEN_RULER = "Open the size ruler";

// ---- a message that is not known
export const WHAT_TO_READ = "What to read in it";
export const LAST_LINE = "The error itself is the last line:";
export const NO_LAST_LINE =
  "The error itself is the last line, which begins with a name such as `ValueError` or `RuntimeError`. Paste that line too.";
export const NO_LINE = "In a traceback, look for the last file that is yours, not one in `site-packages`: that call is the one to change.";
/** After the shape, which is set as a number of the message. */
export const mayBe = (guess: string): string => ` may be ${guess}.`;
/** What a shape may be, by how many sizes it has. */
export const GUESSES: Readonly<Record<number, string>> = {
  2: "height and width, or batch and features",
  3: "one image: (height, width, channels) in TensorFlow, (channels, height, width) in PyTorch",
  4: "a batch, (batch, height, width, channels) in TensorFlow, (batch, channels, height, width) in PyTorch; or a kernel",
};
export const TWO_NUMBERS =
  "Two numbers that should be equal and are not: one is usually what you fed, the other what the layer was made for.";

// ---- what is worked out from the numbers, and stands in the places of the table's sentences
export const either = (first: string, second: string): string => `${first} or ${second}`;
export const between = (first: string, last: string): string => `${first} to ${last}`;
export const NO_SIZE = "nothing";
export const wouldNeed = (stride: string, size: string): string => `stride ${stride} would need ${size}`;
export const times = (n: number): string => ["never", "once", "twice"][n] ?? `${n} times`;
export const ROUNDED = { up: "up", down: "down" };

/** Names of the tabs with code. */
export const runIn = (framework: string): string => `The run in ${framework}`;
export const READ_IN_PYTHON = "Read it in Python";
