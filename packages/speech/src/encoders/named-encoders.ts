/**
 * The encoders that can be chosen by name, with what follows from the recordings where nothing is told.
 */
import { type Random, UsageError } from "@autodidact/core";
import { encoderFrontEnd, logMel } from "../features/log-mel.js";
import type { Normalization } from "../features/normalize-frames.js";
import { ast } from "./ast.js";
import { ecapaTdnn } from "./ecapa-tdnn.js";
import { fastResnet34 } from "./fast-resnet34.js";
import { frameTransformerBase, frameTransformerSmall, frameTransformerTiny } from "./frame-transformer.js";
import type { SpeechEncoder } from "./speech-encoder.js";
import { wav2vec2 } from "./wav2vec2.js";

const frameTransformers = {
  "frame-transformer-tiny": { make: frameTransformerTiny, width: 128, layers: 5, heads: 4 },
  "frame-transformer-small": { make: frameTransformerSmall, width: 256, layers: 6, heads: 8 },
  "frame-transformer-base": { make: frameTransformerBase, width: 768, layers: 3, heads: 12 },
};
type FrameTransformerName = keyof typeof frameTransformers;

export const speechEncoderFamilies = {
  "frame-transformer": Object.keys(frameTransformers) as FrameTransformerName[],
  wav2vec2: ["wav2vec2-small"],
  ast: ["ast-tiny"],
  speaker: ["ecapa-tdnn", "resnet34"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type SpeechEncoderFamily = keyof typeof speechEncoderFamilies;

interface Layered {
  readonly width: number;
  readonly layers: number;
  /** They divide the width. */
  readonly heads: number;
}

/** An encoder's name with all that makes it: plain JSON. */
export type SpeechEncoderSettings =
  | ({ readonly name: FrameTransformerName; readonly stack: number } & Layered)
  | ({ readonly name: "wav2vec2-small"; readonly channels: number } & Layered)
  /** `seconds` is what its spectrograms last. */
  | ({ readonly name: "ast-tiny"; readonly seconds: number } & Layered)
  | {
      readonly name: "ecapa-tdnn" | "resnet34";
      /** Of ECAPA's blocks, or of the residual network's first stage. */
      readonly channels: number;
      readonly embeddingSize: number;
      readonly normalize: Normalization;
    };
export type SpeechEncoderName = SpeechEncoderSettings["name"];

export function speechEncoderFamily(name: SpeechEncoderName): SpeechEncoderFamily {
  const families = Object.entries(speechEncoderFamilies) as [SpeechEncoderFamily, readonly string[]][];
  return families.find(([, names]) => names.includes(name))![0];
}

export interface SpeechEncoderChoice {
  readonly encoder: SpeechEncoderName;
  /** Of a transformer's states. */
  readonly width?: number | undefined;
  readonly layers?: number | undefined;
  readonly heads?: number | undefined;
  /** Neighbouring frames that enter a frame transformer as one; 1 unless told. */
  readonly stack?: number | undefined;
  /** Of convolutions: 128 in wav2vec2-small, 512 in ecapa-tdnn, 16 in resnet34's first stage unless told. */
  readonly channels?: number | undefined;
  /** 192 of ecapa-tdnn, 512 of resnet34 unless told. */
  readonly embeddingSize?: number | undefined;
}

/** Options that a family has. */
const own: Readonly<Record<SpeechEncoderFamily, readonly (keyof SpeechEncoderChoice)[]>> = {
  "frame-transformer": ["width", "layers", "heads", "stack"],
  wav2vec2: ["width", "layers", "heads", "channels"],
  ast: ["width", "layers", "heads"],
  speaker: ["channels", "embeddingSize"],
};
const optional = ["width", "layers", "heads", "stack", "channels", "embeddingSize"] as const;

/**
 * `normalize` is of the speaker encoders' spectrograms; `seconds`, of the pieces that are heard, what AST's last, 10.24 unless told. Throws where an
 * option is of another family, or does not fit.
 */
export function speechEncoderSettings(
  told: SpeechEncoderChoice,
  { normalize, seconds = 10.24 }: { normalize: Normalization; seconds?: number },
): SpeechEncoderSettings {
  const { encoder: name, stack = 1 } = told;
  const family = speechEncoderFamily(name);
  const strange = optional.find((option) => told[option] !== undefined && !own[family].includes(option));
  if (strange !== undefined) throw new UsageError(`\`${strange}\` does not go with \`encoder\` ${name}. Leave it out.`);
  if (name === "ecapa-tdnn" || name === "resnet34") return speakerSettings(name, told, normalize);
  if (name === "wav2vec2-small" || name === "ast-tiny") {
    const width = told.width ?? 192;
    const sizes = layered({
      width,
      layers: told.layers ?? (name === "ast-tiny" ? 12 : 4),
      heads: told.heads ?? Math.max(1, Math.floor(width / 64)),
    });
    if (name === "ast-tiny") return { name, ...sizes, seconds };
    if (width % 16 !== 0) throw new UsageError(`\`width\` of ${name} must be a multiple of 16, got ${width}.`);
    return { name, ...sizes, channels: told.channels ?? 128 };
  }
  const usual = frameTransformers[name];
  const width = told.width ?? usual.width;
  const heads = told.heads ?? (width === usual.width ? usual.heads : Math.max(1, Math.floor(width / 32)));
  return { name, ...layered({ width, layers: told.layers ?? usual.layers, heads }), stack };
}

function speakerSettings(
  name: "ecapa-tdnn" | "resnet34",
  told: SpeechEncoderChoice,
  normalize: Normalization,
): SpeechEncoderSettings {
  const isEcapa = name === "ecapa-tdnn";
  const { channels = isEcapa ? 512 : 16, embeddingSize = isEcapa ? 192 : 512 } = told;
  if (channels % 8 !== 0) throw new UsageError(`\`channels\` of ${name} must be a multiple of 8, got ${channels}.`);
  return { name, channels, embeddingSize, normalize };
}

function layered(sizes: Layered): Layered {
  const { width, heads } = sizes;
  if (width % heads !== 0) throw new UsageError(`\`heads\` must divide \`width\`, got ${heads} for ${width}.`);
  return sizes;
}

export function makeSpeechEncoder(
  settings: SpeechEncoderSettings,
  { sampleRate, random }: { sampleRate: number; random: Random },
): SpeechEncoder {
  if (!("layers" in settings)) {
    const { name, channels, embeddingSize, normalize } = settings;
    const frontEnd = logMel({ sampleRate, normalize });
    return name === "ecapa-tdnn"
      ? ecapaTdnn({ frontEnd, random, channels, embeddingSize })
      : fastResnet34({ frontEnd, random, width: channels, embeddingSize });
  }
  if ("channels" in settings) {
    const { channels, width, layers, heads } = settings;
    const convolutions = waveConvolutionsAt(sampleRate);
    return wav2vec2({
      sampleRate,
      random,
      width,
      layers,
      heads,
      ...convolutions,
      channels: convolutions.kernels.map(() => channels),
    });
  }
  if ("seconds" in settings) {
    const { seconds, width, layers, heads } = settings;
    return ast({ sampleRate, random, width, layers, heads, ...spectrogramAt(sampleRate, seconds) });
  }
  const { name, width, layers, heads, stack } = settings;
  const frontEnd = encoderFrontEnd({ sampleRate });
  return frameTransformers[name].make({ frontEnd, random, stack, width, layers, heads });
}

/** The authors' at 16 kHz; at lower rates as many of the last are left out as keep a frame at 20 ms or so. */
function waveConvolutionsAt(sampleRate: number): { kernels: number[]; strides: number[] } {
  const [kernels, strides] = [
    [10, 3, 3, 3, 3, 2, 2],
    [5, 2, 2, 2, 2, 2, 2],
  ];
  const left = sampleRate <= 4000 ? 2 : sampleRate <= 12_000 ? 1 : 0;
  return { kernels: kernels.slice(0, kernels.length - left), strides: strides.slice(0, strides.length - left) };
}

/** Of pieces of so many seconds; at low rates fewer bands, for narrower ones would lie between the bins. At least one patch. */
function spectrogramAt(sampleRate: number, seconds: number): { bands: number; frames: number } {
  const bands = sampleRate < 16_000 ? 64 : 128;
  const { frames } = logMel({ sampleRate, preset: "ast", bands });
  return { bands, frames: Math.max(16, frames(Math.round(seconds * sampleRate))) };
}

/** `frame-transformer-tiny of 5 layers, width 128, 4 heads` */
export function describeSpeechEncoder(settings: SpeechEncoderSettings): string {
  const { name } = settings;
  if (!("layers" in settings)) {
    return `${name} of ${settings.channels} channels, embedding of ${settings.embeddingSize}`;
  }
  const { layers, width, heads } = settings;
  const spectrograms = "seconds" in settings ? `, spectrograms of ${settings.seconds} s` : "";
  const more = "channels" in settings ? `, convolutions of ${settings.channels}` : spectrograms;
  return `${name} of ${layers} layers, width ${width}, ${heads} heads${more}`;
}
