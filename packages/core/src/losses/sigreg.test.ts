import { tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { createRandom } from "../random.js";
import { onEachEngine } from "../testing/each-engine.js";
import { sigreg } from "./sigreg.js";

onEachEngine(() => {
  const e1 = tensor2d([[1], [0]]);

  /** The statistic of four images at x, 4 ∫ (1 − 2 cos(tx) φ + φ²) φ dt over [−3, 3], by midpoints. */
  const byHand = (x: number) => {
    let sum = 0;
    for (let t = -3; t < 3; t += 1e-3) {
      const phi = Math.exp(-((t + 5e-4) ** 2) / 2);
      sum += (1 - 2 * Math.cos((t + 5e-4) * x) * phi + phi ** 2) * phi * 1e-3;
    }
    return 4 * sum;
  };

  test("of four images at one place is that of a point, and grows with their number", () => {
    const collapsed = (x: number, n: number) => {
      const rows = Array.from({ length: n }, () => [x, 9]); // the second number has no share in the direction
      return sigreg(tensor3d([rows]), e1).dataSync()[0]!;
    };
    expect(collapsed(0, 4)).toBeCloseTo(byHand(0), 2);
    expect(collapsed(1.5, 4)).toBeCloseTo(byHand(1.5), 2);
    expect(collapsed(0, 8)).toBeCloseTo(2 * collapsed(0, 4), 4);
    expect(collapsed(0, 1)).toBeCloseTo(0.402, 2); // what the doc comment calls 0.4 N
  });

  test("is near its expectation for Gaussian rows, far above for others, whatever the direction", () => {
    const random = createRandom(5);
    const n = 500;
    const rows = (scale: number) => Array.from({ length: n }, () => [random.normal(0, scale), random.normal(0, scale)]);
    const diagonal = tensor2d([[Math.SQRT1_2], [Math.SQRT1_2]]);
    const of = (scale: number) => sigreg(tensor3d([rows(scale)]), diagonal).dataSync()[0]!;
    // N ∫ Var(φ̂) w = ∫ (1 − φ²) φ dt = √2π − √(2π/3) = 1.06 where the rows are N(0, 1)
    expect(of(1)).toBeLessThan(4);
    expect(of(0.3)).toBeGreaterThan(20);
    expect(of(3)).toBeGreaterThan(20);
  });

  test("is the mean over views and directions", () => {
    const [one, other] = [[[0, 1], [2, 3]], [[1, 1], [0, -1]]]; // biome-ignore format: rows
    const [e1, e2] = [tensor2d([[1], [0]]), tensor2d([[0], [1]])];
    const each = [one, other].flatMap((rows) => [e1, e2].map((e) => sigreg(tensor3d([rows!]), e).dataSync()[0]!));
    const all = sigreg(tensor3d([one!, other!]), tensor2d([[1, 0], [0, 1]])); // biome-ignore format: rows
    expect(all.dataSync()[0]).toBeCloseTo(each.reduce((a, b) => a + b) / 4, 5);
  });

  test("refuses directions of another size", () => {
    const wrong = () => sigreg(tensor3d([[[1, 2, 3]]]), e1);
    expect(wrong).toThrow("embeddings must be [V, N, D] and directions [D, M], got [1,1,3] and [2,1]");
  });
});
