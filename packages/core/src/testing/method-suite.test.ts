import {
  add,
  clone,
  keep,
  mean,
  mul,
  neg,
  type Scalar,
  scalar,
  square,
  stack,
  sub,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { withGradient } from "../gradients/with-gradient.js";
import { withoutGradient } from "../gradients/without-gradient.js";
import { infoNce } from "../losses/info-nce.js";
import { type Encoder, lossOf, type Method } from "../method.js";
import { linear } from "../modules/linear.js";
import { defineModule } from "../modules/module.js";
import { createRandom, type Random } from "../random.js";
import { useTestBackend } from "./backend.js";
import { methodSuite } from "./method-suite.js";

beforeAll(useTestBackend);

type Sample = readonly number[];
type Batch = { first: Tensor2D; second: Tensor2D; negatives: Tensor2D };
type Point = Method<Sample, Batch>;

/** A student that finds its moving teacher's embedding of the same noisy point among random ones. */
function pointMethod(random: Random): Point {
  const encoder: Encoder = Object.assign(linear(3, 4, { random: random.split("student") }), {
    featureSize: 4,
    config: {},
  });
  const teacher = linear(3, 4, { random: random.split("teacher") });
  const noisy = (samples: readonly Sample[], random: Random) =>
    tensor2d(samples.map((point) => point.map((x) => x + random.normal(0, 0.05)))); // [N, 3]
  return {
    name: "point",
    encoder,
    learned: { encoder },
    carried: { teacher },
    draw: (samples, random) => ({
      first: noisy(samples, random),
      second: noisy(samples, random),
      negatives: tensor2d(random.normals(8 * 4), [8, 4]),
    }),
    loss: ({ first, second, negatives }) =>
      infoNce(
        encoder(first) as Tensor2D,
        withoutGradient(() => teacher(second) as Tensor2D),
        negatives,
        { temperature: 0.5 },
      ),
    afterStep: () => {
      const { weight } = teacher.parameters;
      weight!.assign(add(mul(weight!, 0.9), mul(encoder.parameters.weight!, 0.1)));
    },
  };
}

const samples: Sample[] = Array.from({ length: 6 }, (_, i) => [...createRandom(i).normals(3)]);
const suite = (make: (random: Random) => Point) =>
  methodSuite({ make, samples, inputs: () => tensor2d(samples as number[][]) });

describe("a sound method passes", () => {
  for (const { name, run } of suite(pointMethod)) test(name, run);
});

const idle = () => defineModule((x: Tensor) => x, { parameters: { bias: variable(zeros([1])) } });

/** The same number, its gradient turned round: training climbs. */
const rising = (loss: Scalar) =>
  withGradient(
    [loss],
    () => clone(loss),
    (dy) => [neg(dy)],
  );

let calls = 0;

/** Each breaks one thing in the sound method, and the check that must find it says so. */
const faults: [check: string, message: string, change: (method: Point) => Partial<Point>][] = [
  ["the loss is a finite scalar", "must be a scalar, got shape [2]", () => ({ loss: () => tensor1d([1, 2]) as never })],
  [
    "the loss is a finite scalar",
    "must be finite, got NaN",
    ({ loss }) => ({ loss: (batch) => mul(lossOf(loss(batch)), Number.NaN) }),
  ],
  [
    "its own numbers are finite scalars",
    "point: its accuracy must be a scalar, got shape [2]",
    () => ({ metrics: () => ({ accuracy: tensor1d([1, 0]) as never }) }),
  ],
  [
    "its own numbers are finite scalars",
    "point: its accuracy must be finite, got NaN",
    () => ({ metrics: () => ({ accuracy: scalar(Number.NaN) }) }),
  ],
  [
    "every learned tensor has a gradient",
    "does not depend on idle.bias",
    ({ encoder }) => ({ learned: { encoder, idle: idle() } }),
  ],
  [
    "every learned tensor has a gradient",
    "the gradient of idle.bias is zero",
    ({ encoder, loss }) => {
      const unused = idle();
      const nothing = () => mean(mul(unused.parameters.bias!, 0)) as Scalar;
      return { learned: { encoder, idle: unused }, loss: (batch) => add(lossOf(loss(batch)), nothing()) };
    },
  ],
  [
    "no carried tensor has a gradient",
    "a gradient reaches teacher.weight, teacher.bias, which is carried",
    ({ encoder, carried }) => ({
      loss: ({ first, second, negatives }) =>
        infoNce(encoder(first) as Tensor2D, carried!.teacher!(second as never) as Tensor2D, negatives),
    }),
  ],
  ["no carried tensor has a gradient", "must not be both", ({ encoder }) => ({ carried: { teacher: encoder } })],
  [
    "the same seed gives the same loss",
    "the same seed must give the same loss",
    ({ loss }) => ({
      loss: (batch) => {
        calls += 1;
        return mul(lossOf(loss(batch)), calls);
      },
    }),
  ],
  [
    "a step leaves no tensor behind",
    "a step leaves 1 tensors",
    ({ loss }) => ({ loss: (batch) => keep(clone(lossOf(loss(batch)))) }),
  ],
  [
    "a step leaves no tensor behind",
    "draw leaves 1 tensors",
    ({ draw }) => ({
      draw: (samples, random) => {
        zeros([1]);
        return draw(samples, random);
      },
    }),
  ],
  [
    "the loss falls",
    "the loss must fall",
    ({ loss }) => ({ loss: (batch) => rising(lossOf(loss(batch))), afterStep: undefined }), // the teacher stays, the student flees it
  ],
  [
    "the embedding does not collapse",
    "the embedding collapses",
    ({ encoder }) => ({
      loss: ({ first }) => mean(square(sub(encoder(first), stack([tensor1d([9, 9, 9, 9])])))) as Scalar, // all to one place
    }),
  ],
];

describe("a fault is found", () => {
  for (const [check, message, change] of faults) {
    test(`${check}: ${message}`, async () => {
      const faulty = (random: Random) => {
        const method = pointMethod(random);
        return { ...method, ...change(method) };
      };
      const { run } = suite(faulty).find(({ name }) => name === check)!;
      await expect(run()).rejects.toThrow(message);
    });
  }
});
