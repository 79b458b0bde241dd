/** A bias that was planted is found: boats are red and cars are blue while it learns, and half of the test has it the other way round. */
import { featureExtractor } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { mul, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { type Answered, ask, examine } from "../classes/examination.js";
import { knn } from "../classes/knn.js";
import { predictionsOf, rightOf } from "../store/predictions.js";
import { circumstances } from "../testing/results.js";
import { tableOf } from "../testing/tables.js";
import { equalisedOdds } from "./equalised-odds.js";
import { groupScores } from "./group-scores.js";

beforeAll(() => useTestBackend());

interface Picture {
  readonly isBoat: boolean;
  readonly isRed: boolean;
}

const labelOf = ({ isBoat }: Picture) => Number(isBoat);
const partOf = (examples: readonly Picture[]) => ({
  examples,
  labels: Int32Array.from(examples, labelOf),
  hash: `sha256:${"2".repeat(64)}`,
});
const train = partOf(Array.from({ length: 40 }, (_, i) => ({ isBoat: i % 2 === 0, isRed: i % 2 === 0 })));
const test = partOf(Array.from({ length: 80 }, (_, i) => ({ isBoat: i % 2 === 0, isRed: (i % 2 === 0) !== i < 40 })));

/** The first of two features is the colour, the second what it is. */
function examinationOf(weights: readonly [colour: number, shape: number]) {
  const row = ({ isBoat, isRed }: Picture) => [weights[0] * (isRed ? 1 : -1), weights[1] * (isBoat ? 1 : -1)];
  const raw = ({ examples, labels }: typeof train) => tableOf(examples.map(row), [...labels], 2);
  return examine<Picture>(
    {
      data: { classes: ["car", "boat"], train, test, isTestHeldOut: false },
      extractor: () =>
        featureExtractor(
          Object.assign((x: Tensor2D) => mul(x, 1), { featureSize: 2 }),
          { toInput: (some: readonly Picture[]) => tensor2d(some.map(row)) },
        ),
      rawFeatures: () => ({ train: raw(train), test: raw(test) }),
    },
    { modality: "image", name: "traffic", subject: circumstances.subject },
  );
}

async function predictionsBy(weights: readonly [colour: number, shape: number]) {
  const engine = { name: "cpu", provider: null, threads: 1, version: "0", kernels: null } as never;
  let answered: Answered | undefined;
  const onAnswered = (told: Answered) => {
    answered = told;
  };
  for await (const _ of ask(examinationOf(weights), [{ protocol: knn({ k: 5 }) }], { engine, seed: 0, onAnswered }));
  return predictionsOf(answered!, { colour: test.examples.map(({ isRed }) => (isRed ? "red" : "blue")) });
}

it("by an encoder that looks at colour alone: no red car is right, every red boat is", async () => {
  const { truth, answers, groups, ...told } = await predictionsBy([1, 0.01]);
  const odds = equalisedOdds({ labels: answers.encoder[0]!, truth, groups: groups.colour!, classes: 2 });
  expect(odds).toEqual({ difference: 1, label: 1, rate: "found", most: "red", least: "blue" });
  const kinds = test.examples.map(({ isBoat, isRed }) => `${isRed ? "red" : "blue"} ${isBoat ? "boat" : "car"}`);
  const { worst, largestGap } = groupScores(rightOf({ truth, answers, groups, ...told }), kinds);
  expect(worst).toMatchObject({ score: 0, examples: 20, isFew: true });
  expect(largestGap!.interval[0]).toBeGreaterThan(0.6);
});

it("and is not found where the encoder looks at what it is", async () => {
  const told = await predictionsBy([0.01, 1]);
  expect(groupScores(rightOf(told), told.groups.colour!).largestGap).toMatchObject({ gap: 0 });
});
