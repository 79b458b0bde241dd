/**
 * The encoders that can be chosen by name: residual networks and vision transformers, each with options of its own.
 */
import type { Encoder, Random } from "@autodidact/core";
import {
  type ResnetOptions,
  resnet18,
  resnet34,
  resnet50,
  type VitOptions,
  vitBase,
  vitSmall,
  vitTiny,
} from "@autodidact/vision";
import { z } from "zod";
import { flagOf } from "../command-options.js";
import { namesOf } from "../method-card.js";
import { choice, type Filled, whole } from "../typed-option.js";
import { UsageError } from "../usage-error.js";

const resnets = { resnet18, resnet34, resnet50 };
const vits = { "vit-tiny": vitTiny, "vit-small": vitSmall, "vit-base": vitBase };
const vitWidths = { "vit-tiny": 192, "vit-small": 384, "vit-base": 768 };

export const families = { resnet: namesOf(resnets), vit: namesOf(vits) };
export type Family = keyof typeof families;

export const encoderOptions = {
  encoder: choice([...families.resnet, ...families.vit])("resnet18", "architecture"),
  width: whole("of a ResNet's first stage, or of a ViT's states", {
    to: 4096,
    unit: "channels",
    usually: "64; vit-tiny 192, vit-small 384, vit-base 768",
  }),
  stem: choice(["cifar", "imagenet"])("of ResNets: cifar for small images", {
    unit: "kind",
    usually: "as the augmentation",
  }),
  patchSize: whole("of ViTs: side of a patch", {
    to: 1024,
    unit: "pixels",
    usually: "the largest up to 16 that leaves 7 × 7 patches",
  }),
  layers: whole("of ViTs", { to: 96, usually: "12" }),
  heads: whole("of ViTs: they divide the width", { to: 96, usually: "one for each 64 of the width" }),
};

const size = z.int().positive();

export const encoderSettings = z.union([
  z.strictObject({ name: z.enum(families.resnet), width: size, stem: z.enum(["cifar", "imagenet"]) }),
  z.strictObject({ name: z.enum(families.vit), width: size, patchSize: size, layers: size, heads: size }),
]);
export type EncoderSettings = z.infer<typeof encoderSettings>;

export function familyOf(name: EncoderSettings["name"]): Family {
  return name in vits ? "vit" : "resnet";
}

/** Options that one family alone has. */
const own = { resnet: ["stem"], vit: ["patchSize", "layers", "heads"] } as const;

/** What was not typed follows from the images and their preset; an option of the other family is refused. */
export function encoderSettingsFrom(
  typed: Filled<typeof encoderOptions>,
  { imageSize, stem }: { imageSize: number; stem: "cifar" | "imagenet" },
): EncoderSettings {
  const { encoder: name } = typed;
  const family = familyOf(name);
  const strange = own[family === "vit" ? "resnet" : "vit"].find((option) => typed[option] !== undefined);
  if (strange !== undefined)
    throw new UsageError(`${flagOf(strange)} does not go with --encoder ${name}. Leave it out.`);
  if (family === "resnet")
    return { name: name as keyof typeof resnets, width: typed.width ?? 64, stem: typed.stem ?? stem };
  const width = typed.width ?? vitWidths[name as keyof typeof vits];
  const heads = typed.heads ?? Math.max(1, Math.floor(width / 64));
  const patchSize = typed.patchSize ?? usualPatch(imageSize);
  if (width % heads !== 0) throw new UsageError(`--heads must divide --width, got ${heads} for ${width}.`);
  if (patchSize === undefined || imageSize % patchSize !== 0) {
    const got = patchSize === undefined ? "" : `, got ${patchSize} for ${imageSize}`;
    throw new UsageError(`--patch-size must divide --image-size (${imageSize})${got}. Choose both, e.g. 4 and 32.`);
  }
  return { name: name as keyof typeof vits, width, patchSize, layers: typed.layers ?? 12, heads };
}

/** The largest up to 16 that divides the image into at least 7 × 7 patches. */
function usualPatch(imageSize: number): number | undefined {
  const fits = (patch: number) => imageSize % patch === 0 && imageSize / patch >= 7;
  return Array.from({ length: 15 }, (_, i) => 16 - i).find(fits);
}

export interface EncoderPlace {
  readonly random: Random;
  readonly channels: number;
  readonly imageSize: number;
  /** What the method asks of the encoder beside. */
  readonly asked?: AskedOfEncoder | undefined;
}

/** What a method may ask of an encoder of either family. */
export type AskedOfEncoder = Partial<Omit<ResnetOptions, "depth" | "random">> &
  Partial<Pick<VitOptions, "positions" | "pooling" | "frozenPatches">>;

export function makeEncoder(settings: EncoderSettings, { random, channels, imageSize, asked }: EncoderPlace): Encoder {
  if ("stem" in settings) {
    const { name, width, stem } = settings;
    return resnets[name]({ random, width, stem, channels, ...asked });
  }
  const { name, ...sizes } = settings;
  return vits[name]({ random, channels, imageSize, ...sizes, ...asked });
}

/** `resnet18 of width 16 with cifar stem` */
export function describeEncoder(settings: EncoderSettings): string {
  const { name, width } = settings;
  if ("stem" in settings) return `${name} of width ${width} with ${settings.stem} stem`;
  const { layers, heads, patchSize } = settings;
  return `${name} of ${layers} layers, width ${width}, ${heads} heads, patches ${patchSize}×${patchSize}`;
}
