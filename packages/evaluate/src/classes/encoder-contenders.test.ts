import { createRandom, linear } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, expect, it } from "vitest";
import { encoderContenders } from "./encoder-contenders.js";

beforeAll(() => useTestBackend());

const layer = (seed: number) => linear(3, 4, { random: createRandom(seed) });

it("makes the untrained one once, when it is asked for, and tells both by their weights", async () => {
  let made = 0;
  const { encoderOf, madeOf, parameters } = encoderContenders({
    encoder: layer(0),
    untrained() {
      made += 1;
      return layer(1);
    },
    preparation: { side: 32 },
  });
  expect([parameters, made]).toEqual([16, 0]);
  expect(encoderOf("randomInit")).toBe(encoderOf("randomInit"));
  const [trained, untrained] = [await madeOf("encoder"), await madeOf("randomInit")];
  expect(made).toBe(1);
  expect(trained).toEqual({ weights: expect.stringMatching(/^sha256:/), preparation: { side: 32 } });
  expect(untrained.weights).not.toBe(trained.weights);
  const again = encoderContenders({ encoder: layer(1), untrained: () => layer(0), preparation: {} });
  expect((await again.madeOf("encoder")).weights).toBe(untrained.weights);
});
