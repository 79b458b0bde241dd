/**
 * How far a trainer of a tokenizer is.
 */
export type TrainerProgress =
  | {
      /** Texts are read. */
      readonly stage: "counting";
      /** UTF-16 units read. */
      readonly characters: number;
      /** Different words met. */
      readonly words: number;
    }
  | {
      /** Pairs are merged. */
      readonly stage: "merging";
      readonly vocabularySize: number;
      /** Where it stops, if pairs suffice. */
      readonly wanted: number;
    };
