/**
 * The options of the methods that hide words.
 */
import { flag } from "@autodidact/core/cards";

export const maskingOptions = { wholeWords: flag("hide all pieces of a word, or none") };
