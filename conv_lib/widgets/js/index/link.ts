/** A search as text for a link: "q=one pixel short". */
import { partsOf } from "../core/query.ts";
import { LONGEST } from "./rank.ts";

/** The text for a link: what would end it early has no meaning for the search. */
export const toQuery = (text: string): string => `q=${text.replace(/[&%#=+\s]+/g, " ").trim()}`;
export const fromQuery = (query: string): string => (partsOf(query).get("q") ?? "").slice(0, LONGEST);
