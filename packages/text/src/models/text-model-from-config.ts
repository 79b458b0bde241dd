/**
 * The model that a config.json describes; its weights are new.
 */
import type { Random } from "@autodidact/core";
import { albertForMaskedLM, albertForPreTraining } from "./albert.js";
import { readAlbertConfig } from "./albert-config.js";
import { bertForMaskedLM, bertForPreTraining } from "./bert.js";
import { readBertConfig } from "./bert-config.js";
import { gpt2LMHeadModel } from "./gpt2.js";
import { readGpt2Config } from "./gpt2-config.js";
import type { CausalModel, PairModel, TokenModel } from "./token-model.js";

export interface TextModelOptions {
  /**
   * `tokens`: only what names tokens. `pairs`: also a pooler and a head for how two segments belong together. What the config's
   * `architectures` says unless told.
   */
  heads?: "tokens" | "pairs";
}

export function textModelFromConfig(
  config: Readonly<Record<string, unknown>>,
  random: Random,
  options: TextModelOptions = {},
): TokenModel | PairModel | CausalModel {
  const { heads = headsOf(config) } = options;
  const isPair = heads === "pairs";
  switch (config.model_type) {
    case "bert":
      return (isPair ? bertForPreTraining : bertForMaskedLM)(readBertConfig(config), random);
    case "albert":
      return (isPair ? albertForPreTraining : albertForMaskedLM)(readAlbertConfig(config), random);
    case "gpt2":
      if (options.heads === "pairs")
        throw new Error("textModelFromConfig: GPT-2 has no head for pairs. Take BERT or ALBERT.");
      return gpt2LMHeadModel(readGpt2Config(config), random);
    default:
      throw unknownType(config);
  }
}

export function unknownType({ model_type }: Readonly<Record<string, unknown>>): Error {
  return new Error(
    `textModelFromConfig: model_type must be bert, albert or gpt2, got ${JSON.stringify(model_type)}. ` +
      "Models of other families are not computed here.",
  );
}

function headsOf({ architectures }: Readonly<Record<string, unknown>>): "tokens" | "pairs" {
  const isPretraining = (name: unknown) => typeof name === "string" && name.endsWith("ForPreTraining");
  return Array.isArray(architectures) && architectures.some(isPretraining) ? "pairs" : "tokens";
}

/** Whether the model also tells how two segments belong together. */
export function isPairModel(model: TokenModel): model is PairModel {
  return "scoreRelation" in model;
}

/** Whether each token of the model sees those before it alone. */
export function isCausalModel(model: TokenModel): model is CausalModel {
  return "transform" in model;
}
