/**
 * What a fine-tuned model says of what it is given.
 */

/** What `predict` was told. */
export interface Given {
  /** Texts to be classed. */
  readonly text?: readonly string[] | undefined;
  /** Images to be classed. */
  readonly image?: readonly string[] | undefined;
  /** Questions on the context. */
  readonly question?: readonly string[] | undefined;
  readonly context?: string | undefined;
  /** Many of either, in a file or folder. */
  readonly data?: string | undefined;
  /** That holds the texts, of tables. */
  readonly column: string;
  /** What else was typed of how texts are read. */
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
}

export interface PredictedClass {
  readonly kind: "class";
  /** A file's name, or a number. */
  readonly id: string;
  /** What was classed, where it is text. */
  readonly text?: string;
  readonly class: string;
  /** Of every class, the likeliest first; a list, because JavaScript would put classes named 0 and 1 in order of their numbers. */
  readonly probabilities: readonly { readonly class: string; readonly probability: number }[];
}

export interface PredictedAnswer {
  readonly kind: "answer";
  readonly id: string;
  readonly question: string;
  /** Empty: there is none. */
  readonly answer: string;
  /** Its place in the context, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly probability: number;
}

export type Prediction = PredictedClass | PredictedAnswer;
