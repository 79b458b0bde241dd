/** The drop-in's examples, at sizes at which TensorFlow.js's CPU backend takes a second or a few for an epoch. */
export interface Example {
  /** Of the file in packages/tfjs-node/examples. */
  readonly name: string;
  readonly title: string;
  /** The program's constants. */
  readonly size: Readonly<Record<string, number>>;
  /** Later epochs are at least so many times as fast as tfjs-node's. */
  readonly atLeast: number;
  /** True of a loop of the program's own: its losses are not told, and no one compares them. */
  readonly ownLoop?: boolean;
  /** True where tfjs-node's pixels are others, because JPEGs are decoded otherwise: its losses are not compared. */
  readonly readsJpeg?: boolean;
}

const ENDLESS = 1_000_000;
/** Of convolutions and dense layers. */
const DENSE = 2;
const RECURRENT = 1;

export const EXAMPLES: readonly Example[] = [
  {
    name: "mnist-convnet",
    title: "convolutional network, 24 images of 28×28",
    size: { IMAGES: 32, SIDE: 28, FILTERS: 8, UNITS: 64, BATCH: 8, EPOCHS: ENDLESS },
    atLeast: DENSE,
  },
  {
    name: "fashion-mnist-vae",
    title: "variational autoencoder, 320 images of 28×28",
    size: { SIDE: 28, HIDDEN: 128, IMAGES: 320, BATCH: 32, EPOCHS: ENDLESS },
    atLeast: DENSE,
    ownLoop: true,
  },
  {
    name: "transfer-learning",
    title: "a new head on features of 64 pictures",
    size: { PICTURES: 64, FILTERS: 32, UNITS: 100, BATCH: 16, EPOCHS: ENDLESS },
    atLeast: DENSE,
    readsJpeg: true,
  },
  {
    name: "cart-pole",
    title: "policy gradients, 10 games",
    size: { UNITS: 128, GAMES: 10, STEPS: 100, ITERATIONS: ENDLESS },
    atLeast: DENSE,
    ownLoop: true,
  },
  {
    name: "addition-rnn",
    title: "sums by a GRU and a recurrent decoder, 128 questions",
    size: { DIGITS: 2, UNITS: 64, EXAMPLES: 128, BATCH: 32, EPOCHS: ENDLESS },
    atLeast: RECURRENT,
  },
  {
    name: "lstm-text-generation",
    title: "text by two LSTMs, 10 characters each",
    size: { REPEATS: 8, LENGTH: 10, UNITS: 32, BATCH: 32, EPOCHS: ENDLESS },
    atLeast: RECURRENT,
  },
  {
    name: "jena-weather",
    title: "weather by a GRU over 24 hours, 128 windows",
    size: {
      LOOK_BACK: 24,
      FEATURES: 14,
      UNITS: 32,
      BATCH: 32,
      BATCHES: 4,
      HOURS: 200,
      HELD_OUT: 80,
      EPOCHS: ENDLESS,
    },
    atLeast: RECURRENT,
  },
  {
    name: "translation",
    title: "translation by two LSTMs, 64 pairs",
    size: { COPIES: 16, UNITS: 64, BATCH: 32, EPOCHS: ENDLESS },
    atLeast: RECURRENT,
  },
];
