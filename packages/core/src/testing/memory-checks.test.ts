import {
  add,
  clone,
  fill,
  keep,
  mean,
  mul,
  type Scalar,
  square,
  type Tensor,
  type Tensor2D,
  tensor2d,
  zeros,
} from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { l2Normalize } from "../functions/l2-normalize.js";
import { withoutGradient } from "../gradients/without-gradient.js";
import { infoNce } from "../losses/info-nce.js";
import { type Encoder, lossOf, type Method } from "../method.js";
import { linear } from "../modules/linear.js";
import { moveTowards } from "../modules/move-towards.js";
import { queue } from "../modules/queue.js";
import { createRandom, type Random } from "../random.js";
import { useTestBackend } from "./backend.js";
import { type MethodSuiteOptions, methodSuite } from "./method-suite.js";
import type { Trial } from "./trial.js";

beforeAll(useTestBackend);

type Sample = readonly number[];
type Batch = { first: Tensor2D; second: Tensor2D };
type Remembering = Method<Sample, Batch, { keys: Tensor2D }>;

const samples: Sample[] = Array.from({ length: 6 }, (_, i) => [...createRandom(i).normals(3)]);

/** A student that finds its moving teacher's key of the same noisy point among those of earlier batches; their queue starts random. */
function rememberingMethod(random: Random): Remembering {
  const encoder: Encoder = Object.assign(linear(3, 4, { random: random.split("student") }), {
    featureSize: 4,
    config: {},
  });
  const teacher = linear(3, 4, { random: random.split("teacher") });
  const past = queue(9, 4, random.split("past"));
  const noisy = (samples: readonly Sample[], random: Random) =>
    tensor2d(samples.map((point) => point.map((x) => x + random.normal(0, 0.05)))); // [N, 3]
  return {
    name: "remembering",
    encoder,
    learned: { encoder },
    carried: { teacher, past },
    draw: (samples, random) => ({ first: noisy(samples, random), second: noisy(samples, random) }),
    loss: ({ first, second }) => {
      const keys = withoutGradient(() => l2Normalize(teacher(second) as Tensor2D));
      const negatives = withoutGradient(() => past.rows as Tensor2D);
      return { loss: infoNce(encoder(first) as Tensor2D, keys, negatives, { temperature: 0.5 }), made: { keys } };
    },
    remember: ({ keys }) => past.push(keys),
    afterStep: () => moveTowards(teacher, encoder, 0.9),
  };
}

const suite = (
  make: (random: Random) => Remembering,
  additional: MethodSuiteOptions<Sample, Batch>["additional"] = [],
) => methodSuite({ make, samples, inputs: () => tensor2d(samples as number[][]), steps: 40, additional });

describe("a sound method that remembers passes", () => {
  const given: string[][] = [];
  const additional = [{ name: "its own", run: ({ carried }: Trial) => void given.push(Object.keys(carried)) }];
  for (const { name, run } of suite(rememberingMethod, additional)) test(name, run);
  test("its own check was given a trial", () => {
    expect(given).toEqual([["teacher.weight", "teacher.bias", "past.rows"]]);
  });
});

let pushes = 0;

/** Each breaks the memory of the sound method. */
const forgeries: [check: string, message: string, change: (method: Remembering) => Partial<Remembering>][] = [
  [
    "no carried tensor has a gradient",
    "a gradient reaches past.rows, which is carried",
    ({ encoder, carried }) => ({
      loss: ({ first }) => {
        const keys = encoder(first) as Tensor2D;
        return infoNce(keys, keys, carried!.past!.buffers.rows as Tensor as Tensor2D);
      },
    }),
  ],
  [
    "what is made to be remembered has no gradient",
    "keys, made to be remembered, has a gradient at encoder.weight",
    ({ encoder, loss }) => ({
      loss: (batch) => ({ loss: lossOf(loss(batch)), made: { keys: encoder(batch.first) as Tensor2D } }),
    }),
  ],
  [
    "what is made to be remembered has no gradient",
    "remember waits for what loss never makes",
    ({ loss }) => ({ loss: (batch) => lossOf(loss(batch)) }),
  ],
  [
    "remember and afterStep change only what is carried",
    "remember changes encoder.bias, which only the optimizer may",
    ({ encoder }) => ({ remember: () => encoder.parameters.bias!.assign(zeros([4])) }),
  ],
  [
    "remember and afterStep change only what is carried",
    "afterStep changes encoder.weight, which only the optimizer may",
    ({ encoder }) => ({ afterStep: () => encoder.parameters.weight!.assign(zeros([4, 3])) }),
  ],
  [
    "remember and afterStep change only what is carried",
    "remember changes a variable [9,4] that no checkpoint holds",
    ({ carried }) => ({ carried: { teacher: carried!.teacher! } }),
  ],
  [
    "remember and afterStep change only what is carried",
    "loss changes encoder.bias, which only the optimizer may",
    ({ encoder, loss }) => ({
      loss: (batch) => {
        encoder.parameters.bias!.assign(zeros([4]));
        return loss(batch);
      },
    }),
  ],
  [
    "a replayed step does what a plain one does",
    "replayed steps must leave past.rows as plain ones do",
    ({ encoder, remember }) => ({
      loss: ({ first }) => {
        const keys = withoutGradient(() => encoder(first) as Tensor2D);
        return { loss: mean(square(encoder(first))) as Scalar, made: { keys } };
      },
      remember: ({ keys }) => {
        pushes += 1;
        remember!({ keys: mul(keys, pushes) });
      },
    }),
  ],
  [
    "a step leaves no tensor behind",
    "a step leaves 1 tensors",
    () => ({ remember: ({ keys }) => void keep(clone(keys)) }),
  ],
];

describe("a fault is found", () => {
  for (const [check, message, change] of forgeries) {
    test(`${check}: ${message}`, async () => {
      const faulty = (random: Random) => {
        const method = rememberingMethod(random);
        return { ...method, ...change(method) };
      };
      const { run } = suite(faulty).find(({ name }) => name === check)!;
      await expect(run()).rejects.toThrow(message);
    });
  }

  test("the loss falls: it rises while the queue fills, and falls once it is full", async () => {
    const make = (random: Random): Remembering => {
      const method = rememberingMethod(random);
      const { rows } = method.carried!.past!.buffers;
      const ofQueue = () => withoutGradient(() => mean(square(rows!)) as Scalar); // 1/4 of unit rows, 9 of these keys
      const loss = ({ first }: Batch) => add(mean(square(method.encoder(first))), ofQueue()) as Scalar;
      return { ...method, loss: (batch) => ({ loss: loss(batch), made: { keys: fill([6, 4], 3) } }) };
    };
    const judged = (warmUp?: number) => {
      const options = { make, samples, inputs: () => tensor2d(samples as number[][]), warmUp };
      return methodSuite(options)
        .find(({ name }) => name === "the loss falls")!
        .run();
    };
    await expect(judged(0)).rejects.toThrow("the loss must fall");
    await expect(judged(1)).rejects.toThrow("the loss must fall"); // 6 of 9 rows
    await judged(2);
    await judged(); // twenty
  });
});
