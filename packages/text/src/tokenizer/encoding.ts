/**
 * A whole text to ids: added tokens first, what lies between them by the stages.
 */
import type { Tokenizer as Library } from "@huggingface/tokenizers";
import { addedTokens, type Section, type SpelledToken } from "./added-tokens.js";
import { type Standing, sectionEncoder } from "./encoders.js";
import { patternGuard } from "./pattern-guard.js";
import { type Row, row } from "./row.js";
import type { EncodeTextOptions } from "./tokenizer.js";
import type { AddedToken, TokenizerJson } from "./tokenizer-json.js";

type EncodingOptions = Required<EncodeTextOptions>;

/** `library` is made of the json without added tokens; `added` are the tokens to look for in a text. */
export function encodingOf(
  json: TokenizerJson,
  library: Library,
  added: readonly AddedToken[],
): (text: string, options: EncodingOptions) => Row {
  const isNormalized = ({ normalized, special }: AddedToken) => normalized ?? !special;
  const [later, first] = [added.filter(isNormalized), added.filter((token) => !isNormalized(token))];
  const sections = sectionEncoder(json, library, later.length > 0);
  const atStart: Standing = { at: 0, isFirst: true, begins: true };
  const spelled = (token: AddedToken): SpelledToken => ({ ...token, spelling: token.content });
  const asNormalized = (token: AddedToken): SpelledToken => ({
    ...token,
    spelling: sections.normalize(token.content, atStart),
  });
  const inText = addedTokens(first.map(spelled));
  const inNormalized = addedTokens(later.map(asNormalized));
  const guarded = patternGuard([json.normalizer, json.pre_tokenizer]);

  function appendText({ text, at }: Section, { begins, readsSpecial }: EncodingOptions, to: Row): void {
    const standing = { at, isFirst: begins && at === 0, begins: begins || at > 0 };
    const normalized = sections.normalize(text, standing);
    if (normalized.length !== text.length) to.loseWay();
    for (const section of inNormalized.split(normalized, readsSpecial)) {
      const place = at + section.at;
      if (section.id !== undefined) appendToken(section.id, place, to);
      else
        sections.append(section.text, { at: place, isFirst: begins && place === 0, begins: begins || place > 0 }, to);
    }
  }

  return (text, options) => {
    const made = row();
    guarded(text.length, () => {
      for (const section of inText.split(text, options.readsSpecial)) {
        if (section.id !== undefined) appendToken(section.id, section.at, made);
        else appendText(section, options, made);
      }
    });
    return made;
  };
}

function appendToken(id: number, place: number, to: Row): void {
  to.begin(place);
  to.ids.push(id);
}
