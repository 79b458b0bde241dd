/**
 * The weights that transcribed a validation best, of all that were looked at while a model learned.
 */
import { assignVariables, editDistance, storeVariables } from "@autodidact/core";
import { transcriber } from "../decoding/transcribe.js";
import type { Sound } from "../sound.js";
import type { CtcModel } from "./ctc-model.js";
import { transcriptOf } from "./ctc-training.js";

export interface Chosen {
  readonly step: number;
  /** Characters that were wrong of those said, by the greedy path. */
  readonly validation: number;
}

export interface BestWeights {
  /** Transcribes the validation by the weights as they are now, and keeps them if none were better: their share of wrong characters. */
  look(step: number): Promise<number>;
  /** Gives the model the best weights that were seen. */
  choose(): Chosen;
  dispose(): void;
}

export function bestWeights(model: CtcModel, validation: readonly Sound[]): BestWeights {
  const variables = { ...model.parameters, ...model.buffers };
  const own = transcriber(model);
  const said = validation.map((sound) => [...model.vocabulary.normalize(transcriptOf(sound))]);
  const characters = Math.max(
    1,
    said.reduce((sum, { length }) => sum + length, 0),
  );
  let best: { chosen: Chosen; weights: Awaited<ReturnType<typeof storeVariables>> } | undefined;

  return {
    async look(step) {
      const found = await own.transcribe(validation);
      const wrong = said.reduce((sum, right, n) => sum + editDistance([...found[n]!.text], right), 0) / characters;
      if (best === undefined || wrong <= best.chosen.validation) {
        best = { chosen: { step, validation: wrong }, weights: await storeVariables(variables) };
      }
      return wrong;
    },
    choose() {
      if (best === undefined) throw new Error("bestWeights: there must have been a look before a choice.");
      assignVariables(variables, best.weights, { from: `the weights of step ${best.chosen.step}` });
      return best.chosen;
    },
    dispose: own.dispose,
  };
}
