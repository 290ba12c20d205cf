/** Questions: what is said about an answer, and the words in which answers are typed. */
export const RIGHT = "Right.";
export const NOT_YET = "Not yet.";
/** Before and after the answer. */
export const ANSWER: [string, string] = ["Answer: ", "."];
export const CHECK = "Check";
export const SHOW_ANSWER = "Show answer";
export const CLEAR = "Clear";
export const SEVERAL = "Choose all that fit.";
export const PLACEHOLDERS = { number: "a number", list: "numbers", set: "number(s)", shape: "height \u00d7 width" };

export const NEEDED = {
  number: "A number is needed here, such as 12 or 3/4.",
  list: "Numbers are needed here, with commas between them.",
  set: "Numbers are needed here, with commas between them.",
  shape: "A shape is needed here, such as 3 \u00d7 5.",
};
export const CHOOSE = "Choose first.";
export const MORE = "Right so far, but there are more.";
export const NOT_ALL = "These are among them, but not all of yours are right.";
export const TURNED = "These two the other way round: height comes first, then width.";
export const ANOTHER_ORDER = "The right numbers, in another order.";
export const howMany = (wanted: number, typed: number): string => `The answer has ${wanted} numbers, yours has ${typed}.`;
export const LOOK_AGAIN = "Look again, or show the answer.";

/** What readers type, small letters: "75 percent", "none", "14 to 16", "3 and 5". */
export const TYPED = {
  percent: ["percent", "per cent"],
  none: ["none", "nothing", "no size", "empty"],
  to: ["to", "until"],
  between: ["and", "or", "by"],
};
