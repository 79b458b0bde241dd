import { describe, expect, it } from "vitest";
import { oracle } from "../testing/oracle.js";
import { type Evaluation, lbfgs } from "./lbfgs.js";

/** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² */
async function rosenbrock(x: Float64Array): Promise<Evaluation> {
  let value = 0;
  const gradient = new Float64Array(x.length);
  for (let i = 0; i + 1 < x.length; i++) {
    const off = x[i + 1]! - x[i]! ** 2;
    value += 100 * off ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * x[i]! * off - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * off;
  }
  return { value, gradient };
}

describe("lbfgs", () => {
  it("reaches the minimum of a parabola by hand: (x − 3)² + 10 (y + 1)²", async () => {
    const { point, reason } = await lbfgs(
      async ([x, y]) => ({
        value: (x! - 3) ** 2 + 10 * (y! + 1) ** 2,
        gradient: Float64Array.of(2 * (x! - 3), 20 * (y! + 1)),
      }),
      Float64Array.of(0, 0),
    );
    expect(point[0]).toBeCloseTo(3, 4);
    expect(point[1]).toBeCloseTo(-1, 4);
    expect(reason).toBe("gradient");
  });

  it("follows Rosenbrock's valley in about as many evaluations as PyTorch", async () => {
    const { cases } = oracle<{
      cases: { start: number[]; value: number; gradient: number[]; evaluations: number }[];
    }>("rosenbrock");
    for (const { start, value, gradient, evaluations } of cases) {
      const from = Float64Array.from(start);
      const at = await rosenbrock(from);
      expect(at.value).toBeCloseTo(value, 8);
      at.gradient.forEach((slope, i) => {
        expect(slope).toBeCloseTo(gradient[i]!, 8);
      });
      const found = await lbfgs(rosenbrock, from, { maxIterations: 500, gradientTolerance: 1e-8, valueTolerance: 0 });
      for (const x of found.point) expect(Math.abs(x - 1)).toBeLessThan(1e-6);
      expect(found.evaluations).toBeLessThan(1.5 * evaluations);
    }
  });

  it("stops at the iteration limit, and where it starts at a minimum", async () => {
    const short = await lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { maxIterations: 3 });
    expect([short.iterations, short.reason]).toEqual([3, "iterations"]);
    const still = await lbfgs(rosenbrock, Float64Array.of(1, 1));
    expect([still.iterations, still.evaluations, still.reason]).toEqual([0, 1, "gradient"]);
  });

  it("ends instead of hanging where the value is not a number", async () => {
    const lost = await lbfgs(async () => ({ value: NaN, gradient: Float64Array.of(NaN) }), Float64Array.of(0));
    expect(lost.reason).toBe("line search");
  });

  it("does not move the start", async () => {
    const start = Float64Array.of(-1.2, 1);
    await lbfgs(rosenbrock, start);
    expect([...start]).toEqual([-1.2, 1]);
  });
});
