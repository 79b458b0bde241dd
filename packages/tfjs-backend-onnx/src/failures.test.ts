import { spawnSync } from "node:child_process";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import "../dist/gradients.js";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { OnnxBackend } from "./backend.js";
import { compile } from "./compile.js";
import { useOnnx } from "./use-onnx.js";

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnx({ threads: 1, spin: false, interpret: false });
});
beforeEach(() => tf.disposeVariables());

/** Indices whose values nobody knows before the graph runs. */
const later = (...values: number[]) => tf.add(tf.tensor1d(values, "int32"), tf.scalar(0, "int32")) as tf.Tensor1D;
const rowsOf = (table: tf.Tensor, ...places: number[]) => tf.gather(table, later(...places));
const refusal = "GatherV2: the index value 7 is not in [0, 1]";
const table = () => tf.tensor2d([1, 2, 3, 4], [2, 2]);

test("only what depends on the failing node fails, each time it is read", async () => {
  const { salvages } = backend.stats();
  const before = tf.add(tf.ones([3]), 1);
  const bad = rowsOf(table(), 1, 7);
  const onBad = tf.mul(bad, 2);
  const after = tf.mul(before, 3);
  expect([...after.dataSync()]).toEqual([6, 6, 6]);
  expect([...before.dataSync()]).toEqual([2, 2, 2]);
  for (const tensor of [bad, onBad, bad]) expect(() => tensor.dataSync()).toThrow(refusal);
  await expect(onBad.data()).rejects.toThrow(refusal);
  expect(() => tf.add(onBad, 1)).toThrow(refusal);
  expect([...rowsOf(table(), 1, 0).dataSync()]).toEqual([3, 4, 1, 2]);
  expect(backend.stats().salvages).toBe(salvages + 1);
});

test("several failing nodes in one graph are told apart", () => {
  const [first, second] = [rowsOf(table(), 7), rowsOf(table(), 0, 9)];
  const good = tf.add(table(), 1);
  const both = tf.add(tf.sum(second), tf.sum(first));
  expect([...good.dataSync()]).toEqual([2, 3, 4, 5]);
  expect(() => first.dataSync()).toThrow(refusal);
  expect(() => second.dataSync()).toThrow("the index value 9 is not in [0, 1]");
  expect(() => both.dataSync()).toThrow("is not in [0, 1]");
});

test("a node that cannot be written into a graph fails like one that cannot run", () => {
  const attributes = { transposeA: false, transposeB: false, activation: "swoosh" };
  const bad = tf
    .engine()
    .runKernel<tf.Tensor>("_FusedMatMul", { a: tf.ones([1, 2, 2]), b: tf.ones([1, 2, 2]) }, attributes);
  const good = tf.add(table(), 1);
  expect([...good.dataSync()]).toEqual([2, 3, 4, 5]);
  expect(() => bad.dataSync()).toThrow(
    /^_FusedMatMul\(float32\[1,2,2\], float32\[1,2,2\]\) could not be computed: .*activation/,
  );
});

/** One node of a random program: it reads two tensors of before; `place` may be outside them. */
const node = fc.record({
  kind: fc.constantFrom("add", "mul", "gather", "max"),
  a: fc.nat(99),
  b: fc.nat(99),
  place: fc.nat(5),
});
type Node = typeof node extends fc.Arbitrary<infer T> ? T : never;

/** Tensors of three numbers; undefined where the backend refused, at the call or at the read, and for what depends on that. */
function runProgram(nodes: readonly Node[], order: readonly number[]): (number[] | undefined)[] {
  return tf.tidy(() => {
    const made: (tf.Tensor | undefined)[] = [tf.tensor1d([1, 2, 3]), tf.tensor1d([-1, 0.5, 2])];
    for (const { kind, a, b, place } of nodes) {
      const [x, y] = [made[a % made.length], made[b % made.length]];
      made.push(attempt(() => (x && y ? compute(kind, x, y, place) : undefined)));
    }
    const read: (number[] | undefined)[] = [];
    for (const i of order.map((number) => number % made.length))
      read[i] = attempt(() => made[i] && [...made[i].dataSync()]);
    return Array.from(made, (tensor, i) => (i in read ? read[i] : attempt(() => tensor && [...tensor.dataSync()])));
  });
}

function compute(kind: Node["kind"], x: tf.Tensor, y: tf.Tensor, place: number): tf.Tensor {
  if (kind === "add") return tf.add(x, y);
  if (kind === "mul") return tf.mul(x, tf.tanh(y));
  if (kind === "max") return tf.maximum(x, y);
  return tf.mul(tf.gather(x, later(place, 0, 1)), tf.cast(tf.greater(y, 0), "float32"));
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

test("whatever fails in whatever order it is read, the rest is as on the CPU backend", () => {
  fc.assert(
    fc.property(
      fc.array(node, { minLength: 4, maxLength: 14 }),
      fc.array(fc.nat(99), { maxLength: 4 }),
      (nodes, order) => {
        tf.setBackend("cpu");
        const expected = runProgram(nodes, order);
        tf.setBackend("onnx");
        const got = runProgram(nodes, order);
        for (const [i, values] of expected.entries()) {
          if (!values) expect(got[i]).toBeUndefined();
          else for (const [j, value] of values.entries()) expect(got[i]![j]).toBeCloseTo(value, 4);
        }
      },
    ),
    { numRuns: 25 },
  );
});

test("a failing step leaves the variables as they were, and the next one goes on from there", () => {
  const weights = tf.variable(table());
  const step = (...places: number[]) => tf.train.sgd(0.5).minimize(() => tf.sum(rowsOf(weights, ...places)), true)!;
  step(0); // w₀ ← w₀ − ½
  const failing = step(1, 7);
  expect(() => failing.dataSync()).toThrow(refusal);
  step(1);
  expect([...weights.dataSync()]).toEqual([0.5, 1.5, 2.5, 3.5]);
});

test.each([
  ["adam", () => tf.train.adam(0.1)],
  ["adagrad", () => tf.train.adagrad(0.1)],
  ["adadelta", () => tf.train.adadelta(0.1)],
  ["rmsprop", () => tf.train.rmsprop(0.1, 0.9, 0.5, 1e-7, true)],
  ["momentum", () => tf.train.momentum(0.1, 0.9)],
])(
  "of a failing step of %s nothing stays: weights, slots and counters are those of a run without it",
  async (_, make) => {
    const run = async (failing: boolean) => {
      tf.disposeVariables();
      const [a, b] = [tf.variable(table()), tf.variable(tf.tensor1d([1, -2]))];
      const optimizer = make();
      // The gradient of b does not depend on the node that fails.
      const step = (place: number) =>
        optimizer.minimize(() => tf.add(tf.sum(tf.square(rowsOf(a, place))), tf.sum(tf.square(b))), true)!;
      for (const place of failing ? [0, 7, 1, 0] : [0, 1, 0]) {
        const loss = step(place);
        if (place === 7) expect(() => loss.dataSync()).toThrow(refusal);
        loss.dispose();
      }
      const slots = await optimizer.getWeights();
      return [a, b, ...slots.map(({ tensor }) => tensor)].map((tensor) => [...tensor.dataSync()]);
    };
    expect(await run(true)).toEqual(await run(false));
  },
);

test("steps before and after the failing one count: the next begins with the values that are good", () => {
  const [weights, other] = [tf.variable(table()), tf.variable(tf.scalar(1))];
  const step = (...places: number[]) => tf.train.sgd(1).minimize(() => tf.sum(rowsOf(weights, ...places)), true)!;
  const good = step(0);
  const bad = step(7);
  const next = step(1);
  other.assign(tf.add(other, 1) as tf.Scalar);
  expect([...weights.dataSync()]).toEqual([0, 1, 2, 3]);
  expect(good.dataSync()[0]).toBe(3);
  expect(() => bad.dataSync()).toThrow(refusal);
  expect(next.dataSync()[0]).toBe(7);
  expect(other.dataSync()[0]).toBe(2);
});

test("of steps in one graph those that build on the failing one do not count", () => {
  const [weights, onBad, other] = [tf.variable(table()), tf.variable(tf.scalar(5)), tf.variable(tf.scalar(1))];
  const optimizer = tf.train.sgd(1);
  optimizer.minimize(() => tf.sum(tf.square(rowsOf(weights, 7))), false, [weights]);
  const loss = optimizer.minimize(() => tf.mul(onBad, tf.sum(weights)), true, [onBad])!;
  other.assign(tf.add(other, 1) as tf.Scalar);
  expect([...weights.dataSync(), ...onBad.dataSync(), ...other.dataSync()]).toEqual([1, 2, 3, 4, 5, 2]);
  expect(() => loss.dataSync()).toThrow(refusal);
});

test("variables that shared a value share it again", () => {
  const [student, teacher] = [tf.variable(table()), tf.variable(table())];
  teacher.assign(student);
  const bad = tf.reshape(rowsOf(student, 7, 7), [2, 2]) as tf.Tensor2D;
  for (const variable of [student, teacher]) variable.assign(bad);
  bad.dispose();
  expect([...student.dataSync(), ...teacher.dataSync()]).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
  student.assign(tf.zeros([2, 2]));
  expect([...teacher.dataSync()]).toEqual([1, 2, 3, 4]);
});

test("a variable that was made of what fails has no good value", () => {
  const variable = tf.variable(rowsOf(table(), 7));
  expect(() => variable.dataSync()).toThrow(refusal);
  variable.assign(tf.zeros([1, 2]));
  expect([...variable.dataSync()]).toEqual([0, 0]);
});

test("many failures in a row leave no tensor and no memory behind", () => {
  const weights = tf.variable(table());
  const optimizer = tf.train.adam(0.1);
  const step = (place: number) => {
    const loss = optimizer.minimize(() => tf.sum(tf.square(rowsOf(weights, place))), true)!;
    try {
      return loss.dataSync()[0];
    } catch {
      return Number.NaN;
    } finally {
      loss.dispose();
    }
  };
  const state = () => ({ ...tf.memory(), ids: backend.numDataIds(), lent: backend.stats().bytes.lent });
  for (const place of [1, 7, 1, 7]) step(place);
  const before = state();
  for (let i = 0; i < 25; i += 1) expect(step(7)).toBeNaN();
  expect(state()).toEqual(before);
  expect(step(1)).toBeGreaterThan(15);
  expect(state()).toEqual(before);
});

test("a compiled step that fails changes nothing, and runs again", async () => {
  const weights = tf.variable(table());
  const step = compile(({ places }) => {
    const { value, grads } = tf.variableGrads(() => tf.sum(tf.gather(weights, places!)));
    weights.assign(tf.sub(weights, grads[weights.name]!));
    return { loss: value };
  });
  const places = (...values: number[]) => ({ places: tf.tensor1d(values, "int32") });
  await step(places(0, 0));
  const state = () => ({ ...tf.memory(), lent: backend.stats().bytes.lent });
  const bad = places(0, 7);
  const before = state();
  for (let i = 0; i < 20; i += 1)
    await expect(step(bad)).rejects.toThrow(
      /^compile: the step could not be computed, and no variable has changed: .*out of data bounds/s,
    );
  expect(state()).toEqual(before);
  expect([...weights.dataSync()]).toEqual([-1, 0, 3, 4]);
  expect((await step(places(1, 1))).loss.dataSync()[0]).toBe(14);
});

test("flush tells of the failure, and of none afterwards", () => {
  const weights = tf.variable(table());
  tf.train.sgd(0.5).minimize(() => tf.sum(tf.square(rowsOf(weights, 7))));
  expect(() => backend.flush()).toThrow(refusal);
  backend.flush();
  expect([...weights.dataSync()]).toEqual([1, 2, 3, 4]);
});

afterEach(() => void process.removeAllListeners("warning"));
test("a step that fails and is read by nobody is warned of, once", async () => {
  const warnings: string[] = [];
  process.on("warning", ({ message }) => warnings.push(message));
  const weights = tf.variable(table());
  tf.train.sgd(0.5).minimize(() => tf.sum(tf.square(rowsOf(weights, 7))));
  expect([...weights.dataSync()]).toEqual([1, 2, 3, 4]);
  const heard = tf.train.sgd(0.5).minimize(() => tf.sum(rowsOf(weights, 7)), true)!;
  expect(() => heard.dataSync()).toThrow(refusal);
  heard.dispose();
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(warnings).toEqual([expect.stringContaining("the 1 variables that it would have changed keep their values")]);
  expect(warnings[0]).toContain(refusal);
});

test("nothing of it is written to the terminal", () => {
  const program = `
    import * as tf from "@tensorflow/tfjs-core";
    import { useOnnx } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)};
    await useOnnx({ threads: 1, spin: false, interpret: false });
    const bad = tf.gather(tf.ones([2]), tf.add(tf.tensor1d([7], "int32"), tf.scalar(0, "int32")));
    try { bad.dataSync(); } catch { console.log("caught"); }`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    cwd: new URL(".", import.meta.url),
  });
  expect({ stdout, stderr }).toEqual({ stdout: "caught\n", stderr: "" });
});
