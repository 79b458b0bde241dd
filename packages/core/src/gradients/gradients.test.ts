import { memory, mul, type Scalar, scalar, square, sum, tensor1d, tidy, variable } from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { useTestBackend } from "../testing/backend.js";
import { gradientsOf } from "./gradients.js";
import { withoutGradient } from "./without-gradient.js";

beforeAll(useTestBackend);

test("by hand: Σ x² y at x = [1, 2], y = 3 is 15, its slopes [6, 12] and 5", () => {
  const x = variable(tensor1d([1, 2]));
  const y = variable(scalar(3));
  const { loss, gradients } = gradientsOf(() => sum(mul(square(x), y)), { "a.x": x, y });
  expect(loss.dataSync()[0]).toBe(15);
  expect(Object.keys(gradients)).toEqual(["a.x", "y"]);
  expect([...gradients["a.x"]!.dataSync()]).toEqual([6, 12]);
  expect(gradients.y!.dataSync()[0]).toBe(5);
});

test("a parameter that takes no part, is frozen, or a loss that is no scalar is named", () => {
  const x = variable(scalar(1));
  const idle = variable(scalar(2));
  const frozen = variable(scalar(3), false);
  expect(() => gradientsOf(() => square(x) as Scalar, { x, "head.bias": idle })).toThrow(
    "gradientsOf: the loss does not depend on head.bias.",
  );
  expect(() => gradientsOf(() => scalar(1), { x })).toThrow("does not depend on x.");
  expect(() => gradientsOf(() => square(x) as Scalar, { x, frozen })).toThrow("must be trainable, and frozen are not");
  const vector = variable(tensor1d([1, 2]));
  expect(() => gradientsOf(() => square(vector) as never, { vector })).toThrow("must be a scalar, got shape [2]");
});

test("without a gradient: x · detached(x) has the slope x, not 2x; nothing is left behind", () => {
  const x = variable(scalar(3));
  const before = memory().numTensors;
  const slope = tidy(() => {
    const product = () =>
      mul(
        x,
        withoutGradient(() => x),
      ) as Scalar;
    return gradientsOf(product, { x }).gradients.x!.dataSync()[0];
  });
  expect(slope).toBe(3);
  expect(memory().numTensors).toBe(before);
});

test("what is made beside the loss survives, nested too, in tensors of its own", () => {
  const x = variable(tensor1d([1, 2]));
  const input = tensor1d([5, 6]);
  const before = memory().numTensors;
  tidy(() => {
    const loss = () => ({ loss: sum(square(x)) as Scalar, made: { double: mul(x, 2), deeper: { input } } });
    const { gradients, made } = gradientsOf(loss, { x });
    expect([...gradients.x!.dataSync()]).toEqual([2, 4]);
    expect([...made!.double.dataSync()]).toEqual([2, 4]);
    made!.deeper.input.dispose();
    expect([...input.dataSync()]).toEqual([5, 6]);
  });
  expect(memory().numTensors).toBe(before);
  const unmade = tidy(() => gradientsOf(() => sum(square(x)) as Scalar, { x }).made);
  expect(unmade).toBeUndefined();
});

test("a loss that fails leaves nothing that it made", () => {
  const x = variable(tensor1d([1, 2]));
  const before = memory().numTensors;
  const loss = () => ({ loss: square(x) as never, made: { x: mul(x, 2) } });
  expect(() => tidy(() => void gradientsOf(loss, { x }))).toThrow("must be a scalar");
  expect(memory().numTensors).toBe(before);
});

test("a loss wholly without gradient has none", () => {
  const x = variable(scalar(3));
  expect(() => gradientsOf(() => withoutGradient(() => square(x) as Scalar), { x })).toThrow("does not depend on x");
});
