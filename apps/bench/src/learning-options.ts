/**
 * Options that say how something learns, whatever it learns from.
 */
import { Option } from "commander";
import { realNumber, wholeNumber } from "./option-values.js";

export const warmupOption = () =>
  new Option("--warmup <share>", "of all steps, the learning rate rises; then it falls as a cosine")
    .argParser(realNumber({ from: 0, to: 0.99 }))
    .default(0.1);

export const seedOption = () =>
  new Option("--seed <n>", "the same seed gives the same run").argParser(wholeNumber({ from: 0 })).default(0);
