/**
 * Data of another modality than the run's: said as that, in place of all that the run's own modality looked for.
 */
import { UsageError } from "@autodidact/core";
import { loadModalities } from "./modalities.js";
import type { Modality } from "./modality.js";

interface Asked {
  /** The run's. */
  readonly folder: string;
  readonly data: string;
  readonly modality: Modality;
}

/** Does the work; where it finds nothing of its modality in the data, throws what the data holds instead. */
export async function withItsData<Value>(asked: Asked, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (!isNothingFound(error)) throw error;
    const { folder, data, modality } = asked;
    const { present } = await loadModalities();
    for (const other of present) {
      if (other.data === modality.data || !(await other.holds?.(data))) continue;
      const held = other.noun ?? other.data;
      throw new UsageError(
        `${folder} learned from ${modality.data}, and ${data} holds ${held}. Name data of the run's kind, or a run that learned from ${other.data}.`,
        { cause: error },
      );
    }
    throw error;
  }
}

/** The packages' words for a path at which nothing of theirs lies. */
export const isNothingFound = (error: unknown): boolean =>
  error instanceof UsageError && error.message.includes("must be or hold");

/** Whether the survey finds anything. */
export async function isFound(survey: Promise<unknown>): Promise<boolean> {
  try {
    await survey;
    return true;
  } catch {
    return false;
  }
}
