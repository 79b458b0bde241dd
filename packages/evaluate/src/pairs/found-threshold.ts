/**
 * From which score on two recordings were found to have one speaker, by the verification that a run keeps.
 */
import { join } from "node:path";
import { readRecords } from "../record/journal.js";

export interface FoundThreshold {
  readonly threshold: number;
  /** Where it comes from, in words. */
  readonly from: string;
}

/** An EER near that of a coin. */
const USELESS = 0.4;

/** The newest in the folder's results.jsonl that was found for these weights; undefined where there is none. */
export async function foundThreshold(folder: string, weights: string): Promise<FoundThreshold | undefined> {
  const { records } = await readRecords(join(folder, "results.jsonl"));
  for (const { protocol, subject, task, scores } of [...records].reverse()) {
    const { threshold } = protocol.settings as { threshold?: unknown };
    if (protocol.name !== "verification" || typeof threshold !== "number" || subject.weights !== weights) continue;
    const eer = scores.find(({ metric }) => metric.name === "eer")?.value;
    const worth = eer !== undefined && eer > USELESS ? ", so that it tells nothing" : "";
    const rate = eer === undefined ? "" : `, where ${(100 * eer).toFixed(1)} % of both kinds are wrong${worth}`;
    return { threshold, from: `of ${task.test!.examples} trials of ${task.name}${rate}` };
  }
  return undefined;
}
