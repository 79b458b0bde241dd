/**
 * The card of a method for images: one file of this folder.
 */
import type { ChanceLoss, Encoder, Method, Random, Tensors } from "@autodidact/core";
import type { MethodCard, Options, Settled, Typed, ValuesOf } from "@autodidact/core/cards";
import type { Augment } from "../augment/augment.js";
import type { AugmentPreset } from "../augment/preset-augment.js";
import type { PretrainImages } from "../datasets/pretrain-images.js";
import type { AskedOfEncoder, EncoderFamily, EncoderSettings } from "../encoders/named-encoders.js";
import type { Image } from "../image.js";
import type { imageOptions, Rates } from "./image-options.js";

/** What is settled before the method's own options. */
export interface ImageFacts {
  readonly data: PretrainImages;
  readonly preset: AugmentPreset;
  readonly encoder: EncoderSettings;
  /** Images that pretraining sees. */
  readonly images: number;
  readonly batchSize: number;
}

export interface ImageMethodParts<Own extends Options> {
  readonly encoder: Encoder;
  readonly augment: Augment;
  readonly random: Random;
  readonly options: ValuesOf<Own>;
}

export interface ImageCard<Name extends string = string, Own extends Options = Options>
  extends MethodCard<Name, Own, ImageFacts> {
  /** What holds for this method of the options that all have, where nothing is typed and another value is usual. */
  readonly usual?: Typed<typeof imageOptions>;
  /** Learning rates and weight decays that differ from the usual. */
  readonly rates?: Partial<Rates>;
  /** β₁ and β₂ of adamw, where they differ from its own. */
  readonly betas?: readonly [number, number];
  /** The encoders that it can learn, each family with why no other can be taken; both unless told. */
  readonly families?: Partial<Readonly<Record<EncoderFamily, string>>>;
  /** What it asks of the encoder, beside what the user chooses. */
  encoder?(own: ValuesOf<Own>, family: EncoderFamily): AskedOfEncoder;
  /** What its encoder's linear probe has where nothing is typed. */
  readonly probe?: { readonly normalize: "standardize" | "batch-norm" };
  /** What the loss is while nothing is learned, for batches of so many images; absent where there is no such number. */
  chance?(own: ValuesOf<Own>, batchSize: number): ChanceLoss;
  make(parts: ImageMethodParts<Own>): Method<Image, Tensors>;
}

export function imageMethod<const Name extends string, Own extends Options>(
  card: ImageCard<Name, Own> & Settled<Own, ImageFacts>,
): ImageCard<Name, Own> {
  return card;
}
