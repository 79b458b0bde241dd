import { createRandom, lossOf, training } from "@autodidact/core";
import { methodSuite, useTestBackend } from "@autodidact/core/testing";
import { tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, test } from "vitest";
import { gpt2LMHeadModel } from "./models/gpt2.js";
import { nextToken } from "./next-token.js";
import { smallGpt2 } from "./testing/small-models.js";

/** Each goes up from its own first token. */
const windows = [0, 1, 2, 3, 4, 5].map((n) => ({ ids: Int32Array.from({ length: 9 }, (_, i) => (4 * n + i) % 23) }));

beforeAll(useTestBackend);

describe("nextToken", () => {
  const suite = methodSuite({
    make: (random) => nextToken(gpt2LMHeadModel(smallGpt2, random)),
    samples: windows,
    inputs: () =>
      tensor2d(
        windows.map(({ ids }) => [...ids.subarray(0, 8)]),
        [6, 8],
        "int32",
      ),
  });
  for (const { name, run } of suite) test(name, run);

  it("reads all tokens but the last and predicts all but the first, at the length given", () => {
    const method = nextToken(gpt2LMHeadModel(smallGpt2, createRandom(1)));
    const batch = method.draw(windows.slice(0, 2), createRandom(2));
    expect(batch.ids.arraySync()).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [4, 5, 6, 7, 8, 9, 10, 11],
    ]);
    expect([...batch.labels.dataSync()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("fills shorter windows up behind, which changes nothing", () => {
    const method = nextToken(gpt2LMHeadModel(smallGpt2, createRandom(1)));
    const loss = (lengths: number[]) => {
      const batch = method.draw(
        lengths.map((length, n) => ({ ids: windows[n]!.ids.slice(0, length) })),
        createRandom(2),
      );
      return training(() => lossOf(method.loss(batch))).dataSync()[0]!;
    };
    const apart = [9, 4].map((length, n) => loss([...new Array(n).fill(1), length]) * (length - 1)); // a window of one predicts nothing
    expect(loss([9, 4])).toBeCloseTo((apart[0]! + apart[1]!) / (8 + 3), 5);
  });

  it("predicts a token from those before it alone", () => {
    const { encoder } = gpt2LMHeadModel(smallGpt2, createRandom(1));
    const states = (last: number) =>
      encoder.hiddenStates({ ids: tensor2d([[5, 6, 7, last]], [1, 4], "int32") }).arraySync()[0]!;
    expect(states(8).slice(0, 3)).toEqual(states(9).slice(0, 3));
    expect(states(8)[3]).not.toEqual(states(9)[3]);
  });

  it("starts at the logarithm of the vocabulary", () => {
    const method = nextToken(gpt2LMHeadModel({ ...smallGpt2, initializer_range: 1e-4 }, createRandom(1)));
    const batch = method.draw(windows, createRandom(2));
    expect(training(() => lossOf(method.loss(batch))).dataSync()[0]).toBeCloseTo(Math.log(23), 2);
  });
});
