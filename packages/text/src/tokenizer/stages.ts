/**
 * The normalizer and the pre-tokenizer of any tokenizer.json, by the library, with what it lacks beside Hugging Face's Rust library.
 */
import { Tokenizer as Library } from "@huggingface/tokenizers";
import type { Standing } from "./encoders.js";
import { holdsStage, type Stage, type TokenizerJson } from "./tokenizer-json.js";

export interface Stages {
  normalize(text: string, standing: Standing): string;
  /** What the model reads one by one. */
  words(text: string, standing: Standing): string[];
}

export function stagesOf(json: TokenizerJson, library: Library): Stages {
  const isLowered = holdsStage(json.normalizer, "Lowercase") || holdsStage(json.normalizer, "BertNormalizer");
  const splitting = splittingOf(json.pre_tokenizer);
  let goingOn: Library | undefined;
  const stages = ({ begins }: Standing): Library => {
    if (begins) return library;
    goingOn ??= withoutBeginning(json);
    return goingOn;
  };

  return {
    normalize(text, standing) {
      const { normalizer } = stages(standing);
      const read = isLowered ? text.replaceAll("Σ", "σ") : text; // the library would make it ς at the end of a word
      return normalizer === null ? read : normalizer._call(read);
    },
    words(text, standing) {
      const { pre_tokenizer } = stages(standing);
      const words: string[] =
        pre_tokenizer === null ? [text] : pre_tokenizer._call(text, { section_index: standing.isFirst ? 0 : 1 });
      return splitting === undefined ? words : words.flatMap((word) => word.match(splitting) ?? []);
    },
  };
}

/** The stage in words that the library reads as Hugging Face's Rust library reads it. */
export function asRustReads(stage: Stage | null): Stage | null {
  if (stage === null) return null;
  const { pretokenizers, add_prefix_space, prepend_scheme } = stage as { pretokenizers?: Stage[] } & Stage;
  if (stage.type === "Whitespace")
    // the library's letters are those of ASCII
    return { type: "Split", pattern: { Regex: "\\w+|[^\\w\\s]+" }, behavior: "Removed", invert: true };
  if (stage.type === "Metaspace" && prepend_scheme === undefined && add_prefix_space === false)
    return { ...stage, prepend_scheme: "never" };
  return pretokenizers === undefined ? stage : { ...stage, pretokenizers: pretokenizers.map(asRustReads) };
}

/** The same stages for text that goes on other text: nothing is put before it, or taken away there. */
function withoutBeginning({ normalizer, pre_tokenizer }: TokenizerJson): Library {
  const json = {
    normalizer: inner(normalizer),
    pre_tokenizer: asRustReads(inner(pre_tokenizer)),
    decoder: null,
    added_tokens: [],
  };
  return new Library({ ...json, model: { type: "WordLevel", vocab: {}, unk_token: null }, post_processor: null }, {});
}

function inner(stage: Stage | null): Stage | null {
  if (stage === null) return null;
  const { normalizers, pretokenizers } = stage as { normalizers?: Stage[]; pretokenizers?: Stage[] };
  const each = (list: readonly Stage[]) => list.map(inner).filter((one) => one !== null);
  switch (stage.type) {
    case "Sequence":
      return {
        ...stage,
        ...(normalizers && { normalizers: each(normalizers) }),
        ...(pretokenizers && { pretokenizers: each(pretokenizers) }),
      };
    case "Prepend":
      return null;
    case "Strip":
      return { ...stage, strip_left: false };
    case "Metaspace":
      return { ...stage, prepend_scheme: "never" };
    case "ByteLevel":
      return { ...stage, add_prefix_space: false };
    default:
      return stage;
  }
}

/** Metaspace splits before each of its marks unless told not to; the library never does. */
function splittingOf(stage: Stage | null): RegExp | undefined {
  const { pretokenizers } = (stage ?? {}) as { pretokenizers?: readonly Stage[] };
  const last = stage?.type === "Sequence" ? pretokenizers?.at(-1) : stage;
  if (last?.type !== "Metaspace" || last.split === false) return undefined;
  const mark = typeof last.replacement === "string" ? last.replacement : "▁";
  const escaped = mark.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  return new RegExp(`${escaped}[^${escaped}]*|[^${escaped}]+`, "gu");
}
