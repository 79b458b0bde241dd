/**
 * What is said of answers that are classes, by probes and by fine-tuned models: accuracy first, then what large classes cannot hide.
 */
import type { Metrics } from "../metric.js";
import { accuracy, type ClassAnswer, type ClassLabels } from "./accuracy.js";
import { macroF1 } from "./macro-f1.js";
import { mcc } from "./mcc.js";

export const classMetrics: Metrics<ClassAnswer, ClassLabels> = [accuracy, macroF1, mcc];
