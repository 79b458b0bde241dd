/**
 * The encoder that a config describes, as `encoder.config` wrote it; its weights are new.
 */
import type { Encoder, Random } from "@autodidact/core";
import { RESNET, type ResnetOptions, resnet } from "./resnet.js";
import { vit } from "./vit.js";
import { vitOptionsFrom } from "./vit-config.js";

/** What folders of before call our residual networks. */
const FORMERLY = "resnet";

export function encoderFromConfig(config: Readonly<Record<string, unknown>>, random: Random): Encoder {
  const { model_type: kind, ...options } = config;
  if (kind === "vit") return vit(vitOptionsFrom(options, random));
  const isOurs = kind === RESNET || (kind === FORMERLY && "depth" in options);
  if (isOurs) return resnet({ ...(options as Omit<ResnetOptions, "random">), random });
  const told = kind === FORMERLY ? ", a ResNet of Hugging Face's names" : "";
  throw new Error(
    `encoderFromConfig: model_type must be "${RESNET}", with its depth, or "vit", got ${JSON.stringify(kind)}${told}.`,
  );
}
