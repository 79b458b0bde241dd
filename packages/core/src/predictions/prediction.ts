/**
 * What a fine-tuned model says of what it is given.
 */
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

/** Of every pixel a class. */
export interface PredictedMask {
  readonly kind: "mask";
  readonly id: string;
  /** The PNG that was written. */
  readonly mask: string;
  /** Shares of the image's pixels, of the classes that are there, the largest first. */
  readonly shares: readonly { readonly class: string; readonly share: number }[];
}

/** Boxes of objects, by falling score. */
export interface PredictedBoxes {
  readonly kind: "boxes";
  readonly id: string;
  /** Left, top, width, height in pixels of the image; scores from 0 to 1. */
  readonly boxes: readonly {
    readonly class: string;
    readonly score: number;
    readonly box: readonly [x: number, y: number, width: number, height: number];
  }[];
}

/** Of every word or residue of a text a label. */
export interface PredictedLabels {
  readonly kind: "labels";
  readonly id: string;
  readonly tokens: readonly { readonly token: string; readonly label: string; readonly probability: number }[];
}

export interface PredictedTranslation {
  readonly kind: "translation";
  readonly id: string;
  readonly text: string;
  readonly translation: string;
  /** Its log-probability over its length to the power of the penalty, for comparing translations of one text; null where the text is too long to be read. */
  readonly score: number | null;
}

export type Prediction =
  | PredictedClass
  | PredictedAnswer
  | PredictedMask
  | PredictedBoxes
  | PredictedLabels
  | PredictedTranslation;

const AT_ONCE = 64;

export interface ClassifyOptions<Example> {
  readonly classes: readonly string[];
  /** A probability for each class, of each example. */
  predict(examples: readonly Example[]): Promise<readonly Float32Array[]>;
  /** What a prediction says of its example. */
  nameOf(example: Example): Pick<PredictedClass, "id" | "text">;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many are answered. */
  onProgress?(done: number): void;
}

/** The class of each example, 64 of them at a time; ends by throwing the signal's reason. */
export async function* classify<Example>(
  examples: AsyncIterable<Example>,
  { classes, predict, nameOf, signal, onProgress }: ClassifyOptions<Example>,
): AsyncGenerator<PredictedClass, void> {
  let done = 0;
  for await (const group of inGroups(examples, AT_ONCE, signal)) {
    const shares = await predict(group);
    for (const [row, example] of group.entries()) yield { ...nameOf(example), ...likeliest(shares[row]!, classes) };
    done += group.length;
    onProgress?.(done);
  }
}

function likeliest(shares: Float32Array, classes: readonly string[]): Omit<PredictedClass, "id"> {
  const order = [...classes.keys()].sort((a, b) => shares[b]! - shares[a]!);
  const probabilities = order.map((label) => ({ class: classes[label]!, probability: shares[label]! }));
  return { kind: "class", class: classes[order[0]!]!, probabilities };
}

async function* inGroups<One>(all: AsyncIterable<One>, size: number, signal: AbortSignal | undefined) {
  let group: One[] = [];
  for await (const one of all) {
    signal?.throwIfAborted();
    group.push(one);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
