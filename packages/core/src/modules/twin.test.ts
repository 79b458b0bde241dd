import { add, ones } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import type { Encoder } from "../method.js";
import { createRandom, type Random } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { linear } from "./linear.js";
import { twin } from "./twin.js";

beforeAll(useTestBackend);

const small = (random: Random): Encoder =>
  Object.assign(linear(3, 2, { random }), { featureSize: 2, config: {}, again: small });

test("computes the same from variables of its own", () => {
  const encoder = small(createRandom(5));
  const second = twin(encoder);
  const x = ones([4, 3]);
  const before = [...encoder(x).dataSync()];
  expect([...second(x).dataSync()]).toEqual(before);
  const { bias } = encoder.parameters;
  bias!.assign(add(bias!, 1));
  expect([...second(x).dataSync()]).toEqual(before);
  expect(twin(second).featureSize).toBe(2);
});

test("an encoder that does not say how it is built has none", () => {
  const { again: _, ...rest } = small(createRandom(5));
  expect(() => twin(rest as Encoder)).toThrow("twin: the encoder must say how it is built again");
});
