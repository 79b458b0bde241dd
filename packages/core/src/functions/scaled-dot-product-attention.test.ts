import {
  cast,
  grads,
  mul,
  type Scalar,
  sum,
  type Tensor,
  tensor,
  tensor2d,
  tensor4d,
  tidy,
  type Variable,
  variable,
  zeros,
} from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { chooseEngine } from "../engine/engine.js";
import { gradientsOf } from "../gradients/gradients.js";
import type { Named } from "../modules/module.js";
import { createRandom } from "../random.js";
import { useTestBackend } from "../testing/backend.js";
import { onEachEngine } from "../testing/each-engine.js";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import { type AttentionOptions, scaledDotProductAttention } from "./scaled-dot-product-attention.js";

beforeAll(useTestBackend);

interface Case {
  name: string;
  options: { causal: boolean; scale?: number };
  /** q, k, v and a real mask. */
  inputs: Named<Stored>;
  /** A bool mask. */
  seen?: Stored;
  output: Stored;
  outputGradient: Stored;
  gradients: Named<Stored>;
}

onEachEngine(() => {
  for (const expected of readOracle<Case>("scaled-dot-product-attention")) {
    test(`as PyTorch: ${expected.name}`, () => {
      const learned = Object.fromEntries(
        Object.entries(expected.inputs).map(([name, stored]) => [name, tidy(() => variable(restored(stored)))]),
      ) as Named<Variable>;
      tidy(() => {
        const { q, k, v, mask } = learned as Named<Tensor>;
        const seen = expected.seen && cast(restored(expected.seen), "bool");
        const loss = () => {
          const options = { ...expected.options, mask: mask ?? seen };
          const output = scaledDotProductAttention(q as never, k as never, v as never, options);
          expectClose(output, expected.output, "output");
          return sum(mul(output, restored(expected.outputGradient))) as Scalar;
        };
        const { gradients } = gradientsOf(loss, learned);
        for (const [name, gradient] of Object.entries(gradients)) {
          expectClose(gradient, expected.gradients[name]!, `gradient of ${name}`);
        }
      });
      for (const tensor of Object.values(learned)) tensor.dispose();
    });
  }

  test("by hand: a query that may see nothing gets zeros, whatever hides the keys", () => {
    const run = (options: AttentionOptions) =>
      tidy(() => {
        const q = tensor4d([1, 2], [1, 1, 2, 1]);
        const v = tensor4d([5, 7], [1, 1, 2, 1]);
        return Array.from(scaledDotProductAttention(q, q, v, options).dataSync());
      });
    const second = tensor2d([0, 1], [1, 2], "bool"); // the second key alone may be seen
    expect(run({ mask: tensor2d([0, 0, 1, 0], [2, 2], "bool") })).toEqual([0, 5]);
    expect(run({ mask: tensor2d([-Infinity, -Infinity, 0, -Infinity], [2, 2]) })).toEqual([0, 5]);
    expect(run({ mask: second })).toEqual([7, 7]);
    expect(run({ mask: second, causal: true })).toEqual([0, 7]);
    expect(run({ mask: tensor2d([-Infinity, 0], [1, 2]), causal: true })).toEqual([0, 7]);
  });

  test("of nothing is empty, or zeros where there is nothing to see", () => {
    const run = (queries: number, keys: number) =>
      tidy(() => scaledDotProductAttention(zeros([1, 2, queries, 3]), zeros([1, 2, keys, 3]), zeros([1, 2, keys, 4])));
    expect(run(0, 2).shape).toEqual([1, 2, 0, 4]);
    expect(Array.from(run(0, 2).dataSync())).toEqual([]);
    expect(Array.from(run(1, 0).dataSync())).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});

/** Masks that hide a half of the keys, by −∞ or as bools. */
const cases = fc.record({
  sizes: fc.tuple(fc.integer({ min: 1, max: 2 }), ...Array.from({ length: 5 }, () => fc.integer({ min: 1, max: 6 }))),
  mask: fc.constantFrom("none", "real", "infinite", "bool"),
  repeated: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean()),
  rank: fc.integer({ min: 0, max: 4 }),
  causal: fc.boolean(),
  seed: fc.nat(1000),
});

test("results and gradients, the mask's too, are those of the CPU backend on every engine", async () => {
  const samples = fc.sample(cases, { numRuns: 60, seed: 5 });
  const computed = () =>
    samples.map(({ sizes: [batch, heads, queries, keys, width, values], mask, repeated, rank, causal, seed }) =>
      tidy(() => {
        const random = createRandom(seed);
        const draw = (...shape: number[]) => tensor(random.normals(shape.reduce((a, b) => a * b, 1)), shape);
        const [q, k] = [draw(batch!, heads!, queries!, width!), draw(batch!, heads!, keys!, width!)];
        const [v, dy] = [draw(batch!, heads!, keys!, values!), draw(batch!, heads!, queries!, values!)];
        const scores = [batch!, heads!, queries!, keys!];
        const added = draw(...scores.map((length, axis) => (repeated[axis] ? 1 : length)).slice(4 - rank));
        const isSeen = Array.from(added.dataSync(), (value) => value < 0);
        const masks = {
          none: [],
          real: [added],
          infinite: [
            tensor(
              isSeen.map((one) => (one ? 0 : -Infinity)),
              added.shape,
            ),
          ],
          bool: [tensor(isSeen, added.shape, "bool")],
        };
        const attend = (q: Tensor, k: Tensor, v: Tensor, mask?: Tensor) =>
          scaledDotProductAttention(q as never, k as never, v as never, { mask, causal });
        const [bool] = mask === "bool" ? masks.bool : [];
        const inputs = [q!, k!, v!, ...(bool ? [] : masks[mask])];
        const of = (q: Tensor, k: Tensor, v: Tensor, mask = bool) => attend(q, k, v, mask);
        return [of(...(inputs as [Tensor, Tensor, Tensor])), ...grads(of as never)(inputs, dy)].map((tensor) =>
          Array.from(tensor.dataSync()),
        );
      }),
    );
  await chooseEngine({ engine: "cpu" });
  const expected = computed();
  for (const kernels of [true, false]) {
    await chooseEngine({ engine: "onnx", kernels });
    for (const [i, results] of computed().entries())
      for (const [j, values] of results.entries()) {
        const of = expected[i]![j]!;
        expect(values).toHaveLength(of.length);
        const apart = values.findIndex(
          (value, place) => !(Math.abs(value - of[place]!) <= 1e-5 * (1 + Math.abs(value))),
        );
        const where = `${kernels ? "with" : "without"} kernels, ${JSON.stringify(samples[i])}, tensor ${j} [${apart}]`;
        expect(apart < 0 ? undefined : values[apart], where).toBe(apart < 0 ? undefined : of[apart]);
      }
  }
  await useTestBackend();
});

test("by hand: a query that prefers no key sees the mean of what it may see", () => {
  const q = tensor4d([0, 0], [1, 1, 2, 1]);
  const k = tensor4d([3, -1], [1, 1, 2, 1]);
  const v = tensor4d([2, 4], [1, 1, 2, 1]);
  expect(Array.from(scaledDotProductAttention(q, k, v).dataSync())).toEqual([3, 3]);
  expect(Array.from(scaledDotProductAttention(q, k, v, { causal: true }).dataSync())).toEqual([2, 3]);
});
