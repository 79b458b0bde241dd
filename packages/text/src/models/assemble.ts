/**
 * An encoder and its heads as one model.
 */
import { dropout, type Module, type Named, namedVariables, type Random } from "@autodidact/core";
import { reshape, slice, type Tensor, type Tensor2D, type Tensor3D, tanh } from "@tensorflow/tfjs-core";
import { dense } from "./dense.js";
import { atRate } from "./dropout-rates.js";
import type { TextEncoder } from "./text-encoder.js";
import type { PairModel, TokenModel } from "./token-model.js";

type Config = TokenModel["config"] & { readonly hidden_size: number; readonly initializer_range: number };

export interface TokenModelParts {
  config: Config;
  encoder: TextEncoder;
  head: Module<Tensor2D, Tensor2D>;
  /** The prefixes of Hugging Face's names. */
  names: { readonly encoder: string; readonly head: string };
}

export function tokenModel({ config, encoder, head, names }: TokenModelParts): TokenModel {
  const tokenParts = { [names.encoder]: encoder, [names.head]: head };
  return { encoder, config, scoreTokens: (states) => head(states), tokenParts, ...variablesOf(tokenParts) };
}

export interface PairModelParts {
  /** The prefix of Hugging Face's names. */
  relation: string;
  random: Random;
  /** The rate of what the head reads, in training; 0 unless told. */
  dropout?: number;
}

/** Adds a pooler, and a head for how the second segment belongs to the first. */
export function pairModel(model: TokenModel & { config: Config }, parts: PairModelParts): PairModel {
  const { relation, random, dropout: rate = 0 } = parts;
  const drop = dropout(rate);
  const { hidden_size: size, initializer_range: range } = model.config;
  const pooled = withPooler(model, random);
  const head = dense(size, 2, { random: random.split("relation"), range });
  const relationParts = { [relation]: head };
  return {
    ...model,
    ...pooled,
    scoreRelation: (pooled) => head(drop(pooled)) as Tensor2D,
    relationParts,
    ...variablesOf({ ...model.tokenParts, ...pooled.poolerParts, ...relationParts }),
  };
}

/** The same model, its variables too, that drops as much everywhere in training. */
export function withDropout(model: TokenModel, rate: number): TokenModel {
  const encoder = model.encoder.withDropout(rate);
  const parts = Object.entries(model.tokenParts).map(([name, part]) => [name, part === model.encoder ? encoder : part]);
  return { ...model, encoder, tokenParts: Object.fromEntries(parts), config: atRate(model.config, rate) };
}

/** The pooler of BERT or ALBERT: the model's own, or a new one. */
export function withPooler(model: TokenModel, random: Random): Pick<PairModel, "pool" | "poolerParts"> {
  if ("pool" in model) return model as PairModel;
  const { hidden_size: size, initializer_range: range, model_type: kind } = model.config as Config;
  const pooler = dense(size, size, { random: random.split("pooler"), range });
  return {
    pool: (states) => tanh(pooler(firstToken(states)) as Tensor2D),
    poolerParts: { [kind === "bert" ? "bert.pooler.dense" : "albert.pooler"]: pooler },
  };
}

function variablesOf(parts: Named<Module<never, unknown>>) {
  return { parameters: namedVariables(parts, "parameters"), buffers: namedVariables(parts, "buffers") };
}

/** States [N, T, D] → [N, D]: [CLS] stands for its sequence. */
function firstToken(states: Tensor3D): Tensor2D {
  const [n, , size] = states.shape;
  return reshape(slice(states, [0, 0, 0], [n, 1, size]) as Tensor, [n, size]);
}
