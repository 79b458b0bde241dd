export type { Corpus } from "./corpus/corpus.js";
export type { Document, Documents } from "./documents/documents.js";
export type { SentencePair, TextBlock, TokenWindow } from "./examples/examples.js";
export type { TextEncoder, TextModel, TokenBatch } from "./models/text-encoder.js";
export type { SpecialIds, Tokenizer, TokenizerFiles } from "./tokenizer/tokenizer.js";
