/**
 * The encoders that can be chosen by name: residual networks and vision transformers, with what follows from the images where nothing is told.
 */
import { type Encoder, type Random, UsageError } from "@autodidact/core";
import { type ResnetOptions, resnet18, resnet34, resnet50 } from "./resnet.js";
import { vitBase, vitSmall, vitTiny } from "./vit.js";
import type { VitOptions } from "./vit-config.js";

const resnets = { resnet18, resnet34, resnet50 };
const vits = { "vit-tiny": vitTiny, "vit-small": vitSmall, "vit-base": vitBase };
const vitWidths = { "vit-tiny": 192, "vit-small": 384, "vit-base": 768 };

type ResnetName = keyof typeof resnets;
type VitName = keyof typeof vits;
export const encoderFamilies = {
  resnet: Object.keys(resnets) as ResnetName[],
  vit: Object.keys(vits) as VitName[],
};
export type EncoderFamily = keyof typeof encoderFamilies;

/** An encoder's name with all that makes it: plain JSON. */
export type EncoderSettings =
  | { readonly name: ResnetName; readonly width: number; readonly stem: "cifar" | "imagenet" }
  | {
      readonly name: VitName;
      readonly width: number;
      readonly patchSize: number;
      readonly layers: number;
      readonly heads: number;
    };

export function encoderFamily(name: EncoderSettings["name"]): EncoderFamily {
  return name in vits ? "vit" : "resnet";
}

export interface EncoderChoice {
  readonly encoder: EncoderSettings["name"];
  /** Channels of a ResNet's first stage, 64 unless told; or of a ViT's states. */
  readonly width?: number | undefined;
  readonly stem?: "cifar" | "imagenet" | undefined;
  /** Pixels; the largest up to 16 that leaves 7 × 7 patches, unless told. */
  readonly patchSize?: number | undefined;
  /** 12 unless told. */
  readonly layers?: number | undefined;
  /** One for each 64 of the width unless told. */
  readonly heads?: number | undefined;
}

/** Options that one family alone has. */
const own = { resnet: ["stem"], vit: ["patchSize", "layers", "heads"] } as const;

/** What was not told follows from the images and their preset; throws where an option is of the other family, or does not fit. */
export function encoderSettings(
  told: EncoderChoice,
  { imageSize, stem }: { imageSize: number; stem: "cifar" | "imagenet" },
): EncoderSettings {
  const { encoder: name } = told;
  const family = encoderFamily(name);
  const strange = own[family === "vit" ? "resnet" : "vit"].find((option) => told[option] !== undefined);
  if (strange !== undefined) throw new UsageError(`\`${strange}\` does not go with \`encoder\` ${name}. Leave it out.`);
  if (family === "resnet") return { name: name as ResnetName, width: told.width ?? 64, stem: told.stem ?? stem };
  const width = told.width ?? vitWidths[name as VitName];
  const heads = told.heads ?? Math.max(1, Math.floor(width / 64));
  const patchSize = told.patchSize ?? usualPatch(imageSize);
  if (width % heads !== 0) throw new UsageError(`\`heads\` must divide \`width\`, got ${heads} for ${width}.`);
  if (patchSize === undefined || imageSize % patchSize !== 0) {
    const got = patchSize === undefined ? "" : `, got ${patchSize} for ${imageSize}`;
    throw new UsageError(`\`patchSize\` must divide \`imageSize\` (${imageSize})${got}. Choose both, e.g. 4 and 32.`);
  }
  return { name: name as VitName, width, patchSize, layers: told.layers ?? 12, heads };
}

/** The largest up to 16 that divides the image into at least 7 × 7 patches. */
function usualPatch(imageSize: number): number | undefined {
  const fits = (patch: number) => imageSize % patch === 0 && imageSize / patch >= 7;
  return Array.from({ length: 15 }, (_, i) => 16 - i).find(fits);
}

/** What a method may ask of an encoder of either family. */
export type AskedOfEncoder = Partial<Omit<ResnetOptions, "depth" | "random">> &
  Partial<Pick<VitOptions, "positions" | "pooling" | "frozenPatches">>;

export interface EncoderPlace {
  readonly random: Random;
  readonly channels: number;
  readonly imageSize: number;
  readonly asked?: AskedOfEncoder | undefined;
}

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
