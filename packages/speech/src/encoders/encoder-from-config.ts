/**
 * The encoder that a config describes, as `encoder.config` wrote it; its weights are new.
 */
import type { Random } from "@autodidact/core";
import { ast } from "./ast.js";
import { AST, astOptionsFrom } from "./ast-config.js";
import { ECAPA_TDNN, ecapaTdnnFromConfig } from "./ecapa-tdnn.js";
import { FAST_RESNET_34, fastResnet34FromConfig } from "./fast-resnet34.js";
import { FRAME_TRANSFORMER, frameTransformerFromConfig } from "./frame-transformer.js";
import type { SpeechEncoder } from "./speech-encoder.js";
import { wav2vec2 } from "./wav2vec2.js";
import { WAV2VEC2, wav2vec2OptionsFrom } from "./wav2vec2-config.js";

type Maker = (config: Readonly<Record<string, unknown>>, random: Random) => SpeechEncoder;

/** Who makes which `model_type`: an encoder that is to be saved and loaded has its line here. */
const makers: Readonly<Record<string, Maker>> = {
  [AST]: (config, random) => ast(astOptionsFrom(config, random)),
  [ECAPA_TDNN]: ecapaTdnnFromConfig,
  [FAST_RESNET_34]: fastResnet34FromConfig,
  [FRAME_TRANSFORMER]: frameTransformerFromConfig,
  [WAV2VEC2]: (config, random) => wav2vec2(wav2vec2OptionsFrom(config, random)),
};

export function encoderFromConfig(config: Readonly<Record<string, unknown>>, random: Random): SpeechEncoder {
  const kind = config.model_type;
  const make = typeof kind === "string" && Object.hasOwn(makers, kind) ? makers[kind] : undefined;
  if (make !== undefined) return make(config, random);
  throw new Error(
    `encoderFromConfig: model_type must be one of ${Object.keys(makers).join(", ")}, got ${JSON.stringify(kind)}.`,
  );
}
