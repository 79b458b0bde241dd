/**
 * The encoder that a config describes, as `encoder.config` wrote it; its weights are new.
 */
import type { Encoder, Random } from "@autodidact/core";
import { type ResnetOptions, resnet } from "./resnet.js";
import { vit } from "./vit.js";
import { vitOptionsFrom } from "./vit-config.js";

export function encoderFromConfig(config: Readonly<Record<string, unknown>>, random: Random): Encoder {
  const { model_type: kind, ...options } = config;
  if (kind === "resnet") return resnet({ ...(options as Omit<ResnetOptions, "random">), random });
  if (kind === "vit") return vit(vitOptionsFrom(options, random));
  throw new Error(`encoderFromConfig: model_type must be "resnet" or "vit", got ${JSON.stringify(kind)}.`);
}
