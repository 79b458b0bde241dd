/**
 * What a tokenizer.json must be before anything is built from it: it may come from anywhere.
 */
import * as z from "zod";
import { checkGrowth } from "./growth.js";
import type { TokenizerFiles } from "./tokenizer.js";

/** Normalizers, pre-tokenizers and decoders, which may hold others. */
export type Stage = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  /** Not read in a text unless it is asked for. */
  readonly special: boolean;
  /** Only where no letter, mark or digit stands before or behind. */
  readonly single_word: boolean;
  /** Takes the white space before it. */
  readonly lstrip: boolean;
  /** Takes the white space behind it. */
  readonly rstrip: boolean;
  /** Looked for in the normalized text, spelled as the normalizer makes it; `!special` unless told. */
  readonly normalized?: boolean | undefined;
}

export interface TokenizerJson {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: Stage | null;
  readonly pre_tokenizer: Stage | null;
  readonly decoder: Stage | null;
  readonly model: {
    readonly type?: string | undefined;
    /** Ids by piece; a Unigram model has pairs of piece and score in the order of their ids. */
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [piece: string, score: number])[];
    readonly merges?: readonly unknown[] | undefined;
    readonly unk_token?: string | null | undefined;
  } & Readonly<Record<string, unknown>>;
}

export type TokenizerConfig = Readonly<Record<string, unknown>>;

const MAX_PIECES = 1_000_000;
const MAX_ID = 2 ** 24 - 1;
const MAX_PIECE_LENGTH = 10_000;
const MAX_PATTERN_LENGTH = 2_000;
const MAX_STAGES = 100;
const MAX_DEPTH = 10;

const id = z.int().min(0).max(MAX_ID);
const piece = z.string().max(MAX_PIECE_LENGTH);
const stage = z.looseObject({ type: z.string().max(100) }).nullable();

const no = z.boolean().default(false);
const addedToken = z.looseObject({
  id,
  content: piece.min(1),
  special: no,
  single_word: no,
  lstrip: no,
  rstrip: no,
  normalized: z.boolean().optional(),
});

const schema = z.looseObject({
  added_tokens: z.array(addedToken).max(MAX_PIECES).default([]),
  normalizer: stage.default(null),
  pre_tokenizer: stage.default(null),
  decoder: stage.default(null),
  model: z.looseObject({
    type: z.enum(["WordPiece", "BPE", "WordLevel", "Unigram"]).optional(),
    vocab: z.custom<TokenizerJson["model"]["vocab"]>(isVocabulary, {
      error: `must give ids 0 … ${MAX_ID}, each once, or pairs of piece and score, for at most ${MAX_PIECES} pieces of at most ${MAX_PIECE_LENGTH} characters`,
    }),
    merges: z.custom<readonly unknown[]>(isMerges, { error: "must be a list of pairs or of `a b`" }).optional(),
    unk_token: piece.nullish(),
    continuing_subword_prefix: piece.nullish(),
    max_input_chars_per_word: z.int().min(1).max(1_000).optional(),
  }),
});

/** The files as objects of known shape; what is wrong is said in one line. */
export function checkTokenizerFiles(files: TokenizerFiles): { json: TokenizerJson; config: TokenizerConfig } {
  const parsed = schema.safeParse(files["tokenizer.json"]);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new Error(`createTokenizer: tokenizer.json is not one that can be read: ${path.join(".")}: ${message}.`);
  }
  const json = parsed.data as TokenizerJson;
  checkStages(json);
  for (const part of ["normalizer", "pre_tokenizer", "decoder"] as const) checkGrowth(part, json[part]);
  const config = z.record(z.string(), z.unknown()).safeParse(files["tokenizer_config.json"]);
  if (!config.success) throw new Error("createTokenizer: tokenizer_config.json must be an object.");
  return { json, config: config.data };
}

/** Whether a stage is of the type, or one in it. */
export function holdsStage(stage: Stage | null, type: string): boolean {
  if (stage === null) return false;
  const inner = stage.normalizers ?? stage.pretokenizers;
  return stage.type === type || (Array.isArray(inner) && inner.some((one: Stage) => holdsStage(one, type)));
}

/** Stages may hold stages: bounded in depth and number, patterns in length. */
function checkStages({ normalizer, pre_tokenizer, decoder }: TokenizerJson): void {
  let seen = 0;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== "object" || value === null) return;
    if (depth > MAX_DEPTH || (!Array.isArray(value) && ++seen > MAX_STAGES)) {
      throw new Error(
        `createTokenizer: tokenizer.json must have at most ${MAX_STAGES} stages, one in the other at most ${MAX_DEPTH} deep. Use the one of a model you know.`,
      );
    }
    if ("pattern" in value && !isPattern(value.pattern)) {
      throw new Error(
        `createTokenizer: a pattern of tokenizer.json must be { "String": … } or { "Regex": … }, got ${JSON.stringify(value.pattern).slice(0, 100)}.`,
      );
    }
    const pattern = (value as { Regex?: unknown }).Regex;
    if (pattern !== undefined && (typeof pattern !== "string" || pattern.length > MAX_PATTERN_LENGTH)) {
      throw new Error(
        `createTokenizer: a pattern of tokenizer.json must be a text of at most ${MAX_PATTERN_LENGTH} characters. Use the tokenizer.json of a model you know.`,
      );
    }
    for (const inner of Object.values(value)) visit(inner, depth + 1);
  };
  for (const top of [normalizer, pre_tokenizer, decoder]) visit(top, 0);
}

function isPattern(value: unknown): boolean {
  const { String: literal, Regex } = (value ?? {}) as { String?: unknown; Regex?: unknown };
  return literal === undefined ? Regex !== undefined : typeof literal === "string";
}

function isVocabulary(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) {
    const isScored = (entry: unknown) =>
      Array.isArray(entry) && isPiece(entry[0]) && typeof entry[1] === "number" && Number.isFinite(entry[1]);
    return value.length <= MAX_PIECES && value.every(isScored);
  }
  const entries = Object.entries(value);
  const ids = new Set(entries.map(([, number]) => number));
  const isId = (number: unknown) => Number.isInteger(number) && Number(number) >= 0 && Number(number) <= MAX_ID;
  return (
    entries.length <= MAX_PIECES &&
    ids.size === entries.length &&
    entries.every(([name, number]) => isPiece(name) && isId(number))
  );
}

function isMerges(value: unknown): boolean {
  const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every(isPiece);
  const isJoined = (joined: unknown) => isPiece(joined) && joined.includes(" ");
  return Array.isArray(value) && value.length <= 2 * MAX_PIECES && value.every((m) => isPair(m) || isJoined(m));
}

function isPiece(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_PIECE_LENGTH;
}
