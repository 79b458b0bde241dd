/**
 * A training program, held between its epochs: it runs on when a step is asked for, to the end of an epoch.
 *
 * An epoch begins where `model.fit` says so, or where the program's own loop waits for `tf.nextFrame()`. What comes before the first one is no epoch's time;
 * what comes between two belongs to the first of them, reading the loss among it.
 */
interface Callbacks {
  onEpochBegin?(): Promise<void>;
  onEpochEnd?(epoch: number, logs: { loss: number }): Promise<void>;
}

type Fit = (this: unknown, ...given: unknown[]) => Promise<unknown>;

/** What of TensorFlow.js is listened to. */
interface Library {
  LayersModel: { prototype: object };
  nextFrame(): Promise<void>;
}

/** Runs an epoch; resolves to its loss as `model.fit` tells it, 0 in a loop of the program's own. Rejects where the program fails or ends. */
export type Epoch = () => Promise<number>;

/** Begins the program, which is handed its library, and resolves when it comes to its first epoch. */
export async function holdAtEpochs<Tf extends Library>(
  tf: Tf,
  start: (library: Tf) => Promise<unknown>,
): Promise<Epoch> {
  let loss = 0;
  let resume = () => {};
  let finish: (loss: number) => void;

  /** Ends what ran until here, and waits until the next epoch is asked for. */
  const begin = () => {
    finish(loss);
    return new Promise<void>((resolve) => {
      resume = resolve;
    });
  };
  const untilNext = (run: () => void) => {
    const ended = new Promise<number>((resolve) => {
      finish = resolve;
    });
    run();
    return Promise.race([ended, program]);
  };

  listen(tf, {
    onEpochBegin: begin,
    onEpochEnd: async (_, logs) => {
      loss = logs.loss;
    },
  });
  let program = new Promise<never>(() => {});
  await untilNext(() => {
    program = start({ ...tf, nextFrame: begin }).then(() => {
      throw new Error("holdAtEpochs: the program ended; it must have more epochs than are asked for.");
    });
  });
  return () => untilNext(resume);
}

/** Gives every `fit` and `fitDataset` one more callback: `Sequential`'s call those of `LayersModel`. */
function listen(tf: Library, listener: Callbacks): void {
  const prototype = tf.LayersModel.prototype as { [name in "fit" | "fitDataset"]: Fit };
  for (const [name, place] of [
    ["fit", 2],
    ["fitDataset", 1],
  ] as const) {
    const original = prototype[name];
    prototype[name] = function (...given) {
      const options = (given[place] ?? {}) as { callbacks?: Callbacks | Callbacks[] };
      const callbacks = [options.callbacks ?? [], listener].flat();
      return original.apply(this, [...given.slice(0, place), { ...options, callbacks }]);
    };
  }
}
