/**
 * How a table is written, where it does not say it itself.
 */
import { choice, text } from "./typed-option.js";

export const writtenAs = {
  encoding: text("of the text, where it is not UTF-8 or marked: latin1, utf-16le, shift_jis, …", { unit: "name" }),
  delimiter: text("of .csv and .tsv: ; or | or tab, …", { unit: "character", usually: "found out" }),
  quote: choice(["double", "single", "none"])("around fields", { usually: "double in .csv, none in .tsv" }),
  escape: choice(["doubled", "backslash"])("a quote in a quoted field", { usually: "found out" }),
};
