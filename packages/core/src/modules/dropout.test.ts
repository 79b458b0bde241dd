import { createHash } from "node:crypto";
import * as tf from "@tensorflow/tfjs-core";
import * as fc from "fast-check";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { compileStep } from "../engine/compile-step.js";
import { gradientsOf } from "../gradients/gradients.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { readOracle } from "../testing/oracle.js";
import { chanceKey } from "./chance-key.js";
import { dropPath } from "./drop-path.js";
import { dropout } from "./dropout.js";
import { training } from "./mode.js";

beforeAll(useTestBackend);

const keyOf = (...parts: number[]) => tf.tensor1d(parts, "int32");
const valuesOf = (x: tf.Tensor) => [...x.dataSync()];
const kept = (shape: number[], rate: number, key: tf.Tensor1D) =>
  valuesOf(training(() => dropout(rate)(tf.ones(shape)), key)).map(Boolean);

interface Case {
  readonly name: string;
  readonly key: number[];
  readonly call: number;
  readonly rate: number;
  readonly shape: number[];
  /** The hash of the mask as bytes, 1 where something is kept. */
  readonly sha256: string;
  readonly kept: number;
}

onEachEngine(() => {
  for (const { name, key, call, rate, shape, sha256, kept: count } of readOracle<Case>("dropout-masks")) {
    test(`drops where NumPy's transcription of the hash does: ${name}`, () => {
      tf.tidy(() => {
        const drop = dropout(rate);
        const drawn = () => {
          for (let before = 0; before < call; before += 1) drop(tf.ones([1]));
          return drop(tf.ones(shape));
        };
        const values = training(drawn, keyOf(...key)).dataSync();
        const mask = Uint8Array.from(values, (value) => Number(value > 0));
        expect(mask.reduce((sum, value) => sum + value, 0)).toBe(count);
        expect(createHash("sha256").update(mask).digest("hex")).toBe(sha256);
        expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
      });
    });
  }

  test("the gradient goes where the values went, as much larger", () => {
    tf.tidy(() => {
      const x = tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]));
      const slope = tf.tensor2d([1, 10, 100, 1000, 10_000, 100_000], [2, 3]);
      let y!: tf.Tensor;
      const loss = () => {
        y = tf.keep(dropout(0.5)(x));
        return tf.sum(tf.mul(y, slope)) as tf.Scalar;
      };
      const { gradients } = training(() => gradientsOf(loss, { x }), keyOf(1, 2, 3, 4));
      const isKept = tf.cast(tf.greater(y, 0), "float32");
      expect(valuesOf(isKept)).toContain(0);
      expect(valuesOf(isKept)).toContain(1);
      expect(valuesOf(y)).toEqual(valuesOf(tf.mul(tf.mul(x, isKept), 2)));
      expect(valuesOf(gradients.x!)).toEqual(valuesOf(tf.mul(tf.mul(slope, isKept), 2)));
      tf.dispose([x, y]);
    });
  });

  test("a replayed step draws anew with each key, and what the step draws that runs as it comes", async () => {
    const drawing = ({ x, key }: { x: tf.Tensor; key: tf.Tensor1D }) => ({
      y: training(() => dropout(0.3)(tf.square(dropout(0.3)(x))), key),
    });
    const step = compileStep(drawing);
    const seen = new Set<string>();
    for (const seed of [1, 2, 3]) {
      const inputs = { x: tf.range(1, 200), key: chanceKey(createRandom(seed)) };
      const { y } = await step(inputs);
      expect(valuesOf(y)).toEqual(valuesOf(tf.tidy(() => drawing(inputs).y)));
      seen.add(valuesOf(y).join());
      tf.dispose([inputs, y]);
    }
    expect(seen.size).toBe(3);
    step.dispose();
  });

  test("dropPath drops whole samples", () => {
    tf.tidy(() => {
      const y = training(() => dropPath(0.5)(tf.ones([40, 2, 3])), keyOf(9, 8, 7, 6));
      const rows = tf.reshape(y, [40, 6]).arraySync() as number[][];
      for (const row of rows) expect([0, 2]).toContain(row[0]);
      for (const row of rows) expect(new Set(row).size).toBe(1);
      expect(new Set(rows.map(([first]) => first)).size).toBe(2);
    });
  });
});

describe("masks", () => {
  afterEach(() => tf.disposeVariables());

  test("keep the share they should at any rate, within five deviations of the binomial", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (rate, seed) => {
          tf.tidy(() => {
            const n = 64 * 128;
            const count = kept([64, 128], rate, chanceKey(createRandom(seed))).filter(Boolean).length;
            expect(Math.abs(count - n * (1 - rate))).toBeLessThan(5 * Math.sqrt(n * rate * (1 - rate)) + 1);
          });
        },
      ),
      { numRuns: 50, seed: 1 },
    );
  });

  test("are unlike their neighbours', other calls' and other keys'", () => {
    const [rows, columns] = [256, 256];
    const random = createRandom(7);
    const correlations: number[] = [];
    const compare = (a: readonly boolean[], b: readonly boolean[]) => {
      const alike = a.reduce((sum, value, i) => sum + Number(value === b[i]), 0);
      correlations.push((2 * alike - a.length) / Math.sqrt(a.length)); // standard normal where independent
    };
    for (let n = 0; n < 4; n += 1) {
      tf.tidy(() => {
        const key = chanceKey(random);
        const draw = () => kept([rows, columns], 0.5, key);
        const first = draw();
        compare(first.slice(0, -1), first.slice(1));
        compare(first.slice(0, -columns), first.slice(columns));
        compare(first.slice(0, -8), first.slice(8));
        const drop = dropout(0.5);
        const both = training(() => [drop(tf.ones([rows, columns])), drop(tf.ones([rows, columns]))], key);
        compare(...(both.map((mask) => valuesOf(mask).map(Boolean)) as [boolean[], boolean[]]));
        compare(first, kept([rows, columns], 0.5, chanceKey(random)));
      });
    }
    for (const correlation of correlations) expect(Math.abs(correlation)).toBeLessThan(4);
    const square = correlations.reduce((sum, value) => sum + value ** 2, 0); // χ² of 20 degrees: 5.9 to 45 with p = 0.999 each side
    expect(square).toBeGreaterThan(5.9);
    expect(square).toBeLessThan(45.3);
  });
});

describe("dropout", () => {
  test("gives what it was given in evaluation and at rate 0, where no key is asked for", () => {
    const x = tf.tensor1d([1, 2]);
    expect(dropout(0.5)(x)).toBe(x);
    expect(dropPath(0.5)(x)).toBe(x);
    expect(training(() => dropout(0)(x))).toBe(x);
    expect(training(() => dropPath(0)(x))).toBe(x);
  });

  test("says what to do where training has no key", () => {
    const x = tf.tensor1d([1, 2]);
    expect(() => training(() => dropout(0.1)(x))).toThrow(
      "dropout: in training there must be a key to draw from, and there is none. Give it: training(body, chanceKey(random))",
    );
    expect(() => training(() => dropPath(0.1)(x))).toThrow("dropPath: in training there must be a key");
    expect(training(() => training(() => dropout(0.1)(x)), keyOf(1, 2, 3, 4))).not.toBe(x);
  });

  test("refuses rates below 0, and from 1 on", () => {
    for (const rate of [-0.1, 1, Number.NaN]) {
      expect(() => dropout(rate)).toThrow(`dropout: the rate must be in [0, 1), got ${rate}`);
      expect(() => dropPath(rate)).toThrow("dropPath: the rate");
    }
  });

  test("takes tensors of any rank, and empty ones", () => {
    for (const shape of [[], [1], [2, 1, 3], [0, 4]]) {
      expect(training(() => dropout(0.1)(tf.ones(shape)), keyOf(1, 2, 3, 4)).shape).toEqual(shape);
    }
  });

  test("leaves no tensor", () => {
    const [x, key] = [tf.ones([3, 4]), keyOf(1, 2, 3, 4)];
    const before = tf.memory().numTensors;
    training(() => dropout(0.1)(x), key).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([x, key]);
  });
});
