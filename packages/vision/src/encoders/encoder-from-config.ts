/**
 * The encoder that a config describes, as `encoder.config` wrote it; its weights are new.
 */
import type { Encoder, Random } from "@autodidact/core";
import { RESNET, type ResnetOptions, resnet } from "./resnet.js";

/** What folders of before call it. */
const FORMERLY = "resnet";

export function encoderFromConfig(config: Readonly<Record<string, unknown>>, random: Random): Encoder {
  const { model_type: kind, ...options } = config;
  const isOurs = kind === RESNET || (kind === FORMERLY && "depth" in options);
  if (!isOurs) {
    throw new Error(
      `encoderFromConfig: model_type must be "${RESNET}", with its depth, got ${JSON.stringify(kind)}${kind === FORMERLY ? ", a ResNet of Hugging Face's names" : ""}.`,
    );
  }
  return resnet({ ...(options as Omit<ResnetOptions, "random">), random });
}
