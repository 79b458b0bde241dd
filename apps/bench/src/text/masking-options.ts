/**
 * The options of the methods that hide words.
 */
import { flag } from "../typed-option.js";

export const maskingOptions = { wholeWords: flag("hide all pieces of a word, or none") };
