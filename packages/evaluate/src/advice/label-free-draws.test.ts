import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { alphaReq, labelFreeDraws, measureSpectrum } from "./label-free-draws.js";

beforeAll(() => useTestBackend());

describe("alphaReq", () => {
  it("is the power by which eigenvalues fall", () => {
    const diagonal = new Float64Array(36);
    for (let i = 0; i < 6; i++) diagonal[7 * i] = 5 * (i + 1) ** -1.5;
    expect(alphaReq(diagonal, 6)).toBeCloseTo(1.5);
  });

  it("is open of fewer than three eigenvalues", () => {
    expect(alphaReq(Float64Array.of(1, 0, 0, 1), 2)).toBeNull();
    expect(alphaReq(new Float64Array(25), 5)).toBeNull();
  });
});

const noise = (count: number, size: number, scale = (_: number) => 1) => {
  const random = createRandom(2);
  const values = Float32Array.from({ length: count * size }, (_, i) => scale(i % size) * random.normal());
  return { values, count, size };
};

describe("measureSpectrum", () => {
  it("tells noise in all directions from noise in few", async () => {
    const [all, few] = [
      await measureSpectrum(noise(400, 8)),
      await measureSpectrum(noise(400, 8, (i) => (i + 1) ** -2)),
    ];
    expect(all.rankShare).toBeGreaterThan(0.95);
    expect(Math.abs(all.alpha!)).toBeLessThan(0.3);
    expect(few.rankShare).toBeLessThan(0.5);
    expect(few.alpha!).toBeCloseTo(4, 0); // variances fall as i⁻⁴
  });

  it("reads wide features by their rows", async () => {
    const wide = await measureSpectrum(noise(12, 40));
    expect(wide.rankShare).toBeGreaterThan(0.8);
    expect(wide.rankMe).toBeLessThanOrEqual(12);
    const steep = await measureSpectrum(noise(60, 100, (i) => (i + 1) ** -2));
    expect(steep.alpha!).toBeGreaterThan(2.5); // four, but for what the sixty rows cannot show
    expect(steep.alpha!).toBeLessThan(5);
  });
});

describe("labelFreeDraws", () => {
  it("measures halves of the rows, the same for the same random; all of them where one is asked for", async () => {
    const counts: number[] = [];
    const measure = async ({ values, count }: { values: Float32Array; count: number }) => {
      counts.push(count);
      return { rankMe: values[0]!, rankShare: 0.5, alpha: 1 };
    };
    const table = noise(21, 2);
    const draws = await labelFreeDraws(table, createRandom(0), { measure, draws: 3 });
    expect(await labelFreeDraws(table, createRandom(0), { measure, draws: 3 })).toEqual(draws);
    await labelFreeDraws(table, createRandom(0), { measure, draws: 1 });
    expect(counts).toEqual([10, 10, 10, 10, 10, 10, 21]);
  });

  it("refuses features that are no numbers", async () => {
    const table = noise(9, 2);
    table.values[5] = Number.NaN;
    await expect(labelFreeDraws(table, createRandom(0))).rejects.toThrow(
      "labelFreeDraws: features must be finite numbers",
    );
  });
});
