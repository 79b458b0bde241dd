/**
 * What can be chosen by name: methods, encoders, augmentations, optimizers. The only place that knows them by name; one line each.
 */
import {
  adamW,
  type Encoder,
  lars,
  type Method,
  type Optimizer,
  type ParameterGroup,
  type Random,
  sgd,
  type Tensors,
} from "@autodidact/core";
import {
  albertConfig,
  bert,
  bertConfig,
  type CausalModel,
  gpt2Config,
  type MaskingOptions,
  type ModelSize,
  maskedLm,
  nextToken,
  type PairModel,
  sentenceOrder,
  type Tokenizer,
  type TokenModel,
} from "@autodidact/text";
import {
  type Augment,
  type Image,
  type ResnetOptions,
  resnet18,
  resnet34,
  resnet50,
  type SimclrAugmentOptions,
  simclr,
  simclrCifar10,
  simclrDigits,
  simclrImagenet,
} from "@autodidact/vision";
import { defined } from "./defined.js";

interface MethodParts {
  readonly encoder: Encoder;
  readonly augment: Augment;
  readonly random: Random;
  readonly options: { readonly temperature: number; readonly projectionSize: number };
}
interface OptimizerParts {
  readonly groups: readonly ParameterGroup[];
  readonly momentum: number;
}
interface Preset {
  readonly augment: (overrides: Partial<SimclrAugmentOptions>) => Augment;
  /** What goes with such images, where nothing else is told. */
  readonly stem: "cifar" | "imagenet";
  readonly temperature: number;
}

export const imageMethods = {
  simclr: ({ encoder, augment, random, options }) => simclr(encoder, augment, random, options),
} satisfies Record<string, (parts: MethodParts) => Method<Image, Tensors>>;

export const encoders = { resnet18, resnet34, resnet50 } satisfies Record<
  string,
  (options: Omit<ResnetOptions, "depth">) => Encoder
>;

export const augmentations = {
  cifar10: { augment: simclrCifar10, stem: "cifar", temperature: 0.5 },
  imagenet: { augment: simclrImagenet, stem: "imagenet", temperature: 0.1 },
  digits: { augment: simclrDigits, stem: "cifar", temperature: 0.5 },
} satisfies Record<string, Preset>;

export const optimizers = {
  sgd: ({ groups, momentum }) => sgd(groups, { momentum }),
  lars: ({ groups, momentum }) => lars(groups, { momentum }),
  adamw: ({ groups }) => adamW(groups),
} satisfies Record<string, (parts: OptimizerParts) => Optimizer>;

interface TextMethodParts {
  readonly model: TokenModel;
  readonly tokenizer: Tokenizer;
  readonly masking: MaskingOptions;
}
export interface TextMethod {
  /** What it does, for --help. */
  readonly summary: string;
  /** Which models it can learn; the first unless another is told. */
  readonly architectures: readonly ArchitectureName[];
  readonly heads: "tokens" | "pairs";
  readonly examples: "blocks" | "windows" | "next-sentence" | "sentence-order";
  /** What is trained where no tokenizer is named. */
  readonly tokenizer: "wordpiece" | "byte-bpe";
  readonly weightDecay: number;
  make(parts: TextMethodParts): Method<never, Tensors>;
}

export const textMethods = {
  "masked-lm": {
    summary: "words of a text are hidden, and predicted from all others",
    ...{ architectures: ["bert", "albert"], heads: "tokens", examples: "blocks", tokenizer: "wordpiece" },
    weightDecay: 0.01,
    make: ({ model, tokenizer, masking }) => maskedLm(model, tokenizer, masking),
  },
  bert: {
    summary: "hidden words, and whether a segment follows another or comes from elsewhere",
    ...{ architectures: ["bert"], heads: "pairs", examples: "next-sentence", tokenizer: "wordpiece" },
    weightDecay: 0.01,
    make: ({ model, tokenizer, masking }) => bert(model as PairModel, tokenizer, masking),
  },
  "sentence-order": {
    summary: "hidden words, and whether two segments stand as written or swapped",
    ...{ architectures: ["albert", "bert"], heads: "pairs", examples: "sentence-order", tokenizer: "wordpiece" },
    weightDecay: 0.01,
    make: ({ model, tokenizer, masking }) => sentenceOrder(model as PairModel, tokenizer, masking),
  },
  "next-token": {
    summary: "each token is predicted from those before it",
    ...{ architectures: ["gpt2"], heads: "tokens", examples: "windows", tokenizer: "byte-bpe" },
    weightDecay: 0.1,
    make: ({ model }) => nextToken(model as CausalModel),
  },
} satisfies Record<string, TextMethod>;

/** What differs from a size's own; absent where nothing does. */
interface Shape {
  readonly layers?: number | undefined;
  readonly width?: number | undefined;
  readonly heads?: number | undefined;
  /** The longest sequence. */
  readonly context: number;
  readonly tokenizer: Tokenizer;
}
export type ArchitectureName = "bert" | "albert" | "gpt2";

/** Hugging Face's config.json of a new model. */
export const architectures: Record<ArchitectureName, (size: ModelSize, shape: Shape) => Record<string, unknown>> = {
  bert: (size, shape) => bertConfig(size, bidirectionalFields(shape)),
  albert: (size, shape) => albertConfig(size, bidirectionalFields(shape)),
  gpt2: (size, { layers, width, heads, context, tokenizer: { vocabularySize, special } }) =>
    gpt2Config(size, {
      ...defined({ n_layer: layers, n_embd: width, n_head: heads }),
      ...{ n_positions: context, vocab_size: vocabularySize },
      ...{ bos_token_id: special.endOfText ?? null, eos_token_id: special.endOfText ?? null },
    }),
};

function bidirectionalFields({ layers, width, heads, context, tokenizer: { vocabularySize, special } }: Shape) {
  return {
    ...defined({ num_hidden_layers: layers, hidden_size: width, num_attention_heads: heads }),
    ...{ max_position_embeddings: context, vocab_size: vocabularySize, pad_token_id: special.pad ?? 0 },
  };
}

export const modelSizes = ["tiny", "mini", "small", "medium", "base"] as const satisfies readonly ModelSize[];

/** Learning rate for a batch of 256, and weight decay, where nothing is told. */
export const optimizerDefaults = {
  sgd: { learningRate: 0.12, weightDecay: 5e-4 },
  lars: { learningRate: 0.3, weightDecay: 1e-6 }, // SimCLR section 2.3
  adamw: { learningRate: 1e-3, weightDecay: 0.05 },
} satisfies Record<keyof typeof optimizers, { learningRate: number; weightDecay: number }>;

export const namesOf = <Name extends string>(choices: Record<Name, unknown>) => Object.keys(choices) as Name[];
