/**
 * The encoder that a config describes, as `encoder.config` wrote it; its weights are new.
 */
import type { Encoder, Random } from "@autodidact/core";
import { type ResnetOptions, resnet } from "./resnet.js";

export function encoderFromConfig(config: Readonly<Record<string, unknown>>, random: Random): Encoder {
  const { model_type: kind, ...options } = config;
  if (kind !== "resnet")
    throw new Error(`encoderFromConfig: model_type must be "resnet", got ${JSON.stringify(kind)}.`);
  return resnet({ ...(options as Omit<ResnetOptions, "random">), random });
}
