import { chooseEngine, compileStep, createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { dispose, memory, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waveAugment } from "./wave-augment.js";

beforeAll(useTestBackend);

const [n, samples, sampleRate] = [6, 400, 8000];
const wavesOf = (seed = 7) => tensor2d(createRandom(seed).normals(n * samples), [n, samples]);
const rowsOf = (waves: Tensor2D) => waves.arraySync();
const energyOf = (row: number[]) => row.reduce((sum, value) => sum + value ** 2, 0);

function changed(options: Omit<Parameters<typeof waveAugment>[0], "samples" | "sampleRate">, seed = 1): number[][] {
  const augment = waveAugment({ samples, sampleRate, ...options });
  return tidy(() => rowsOf(augment(wavesOf(), augment.draw(n, createRandom(seed)))));
}

const everything = {
  noise: { probability: 0.7, snr: [0, 10], kinds: ["white", "pink", "batch"] },
  room: { share: 0.5, reverberationSeconds: [0.005, 0.01] },
  gain: { probability: 0.5, db: [-6, 6] },
  polarity: { probability: 0.5 },
} as const;

describe("waveAugment", () => {
  it("does nothing unless asked", () => {
    expect(changed({})).toEqual(rowsOf(wavesOf()));
  });

  it.each(["white", "pink", "batch"] as const)("adds %s noise at the ratio that was asked", (kind) => {
    const noisy = changed({ noise: { probability: 1, snr: [7, 7], kinds: [kind] } });
    for (const [i, row] of rowsOf(wavesOf()).entries()) {
      const noise = noisy[i]!.map((value, t) => value - row[t]!);
      expect(10 * Math.log10(energyOf(row) / energyOf(noise))).toBeCloseTo(7, 3);
    }
  });

  it("takes for noise another recording of the batch", () => {
    const waves = rowsOf(wavesOf());
    const noisy = changed({ noise: { probability: 1, snr: [0, 0], kinds: ["batch"] } });
    for (const [i, row] of waves.entries()) {
      const noise = noisy[i]!.map((value, t) => value - row[t]!);
      const likeness = waves.map(
        (other) =>
          Math.abs(other.reduce((sum, value, t) => sum + value * noise[t]!, 0)) /
          Math.sqrt(energyOf(other) * energyOf(noise)),
      );
      const partner = likeness.findIndex((cosine) => cosine > 0.999);
      expect(partner).toBeGreaterThanOrEqual(0);
      expect(partner).not.toBe(i);
    }
  });

  it("gives noise, loudness and polarity to the share that was asked", () => {
    const waves = rowsOf(wavesOf());
    const counted = (
      options: Parameters<typeof changed>[0],
      isChanged: (row: number[], before: number[]) => boolean,
    ) => {
      let count = 0;
      for (let seed = 0; seed < 20; seed++)
        count += changed(options, seed).filter((row, i) => isChanged(row, waves[i]!)).length;
      return count / (20 * n);
    };
    const isOther = (row: number[], before: number[]) => Math.abs(row[0]! - before[0]!) > 1e-4;
    expect(counted({ noise: { probability: 0.3, snr: [0, 0] } }, isOther)).toBeCloseTo(0.3, 0.5);
    expect(counted({ gain: { probability: 0.5, db: [6, 6] } }, isOther)).toBeCloseTo(0.5, 0.5);
    expect(counted({ polarity: { probability: 0.2 } }, (row, before) => row[0] === -before[0]!)).toBeCloseTo(0.2, 0.5);
    expect(
      counted(
        { room: { share: 0.5, reverberationSeconds: [0.01, 0.01] } },
        (row, before) => Math.abs(row[9]! - before[9]!) > 1e-4,
      ),
    ).toBe(0.5); // three of six
  });

  it("makes recordings louder by the decibels that were asked", () => {
    const louder = changed({ gain: { probability: 1, db: [20, 20] } });
    for (const [i, row] of rowsOf(wavesOf()).entries()) expect(louder[i]![5]! / row[5]!).toBeCloseTo(10, 4);
  });

  it("is the same for the same seed, differs for another, and leaks nothing", () => {
    expect(changed(everything, 3)).toEqual(changed(everything, 3));
    expect(changed(everything, 3)).not.toEqual(changed(everything, 4));
    const before = memory().numTensors;
    changed(everything, 5);
    expect(memory().numTensors).toBe(before);
  });

  it("says what an impossible setting must be", () => {
    const made = (options: object) => () => waveAugment({ samples, sampleRate, ...options });
    expect(made({ noise: { probability: 2, snr: [0, 1] } })).toThrow(
      "waveAugment: the share of noise must be in [0, 1], got 2.",
    );
    expect(made({ gain: { probability: 1, db: [3, 1] } })).toThrow(
      "gain.db must be two ascending numbers (dB), got 3,1",
    );
    expect(made({ room: { share: 0.5, reverberationSeconds: [0, 1] } })).toThrow(
      "two ascending numbers from 0.001, got 0,1",
    );
    expect(made({ samples: 0.5 })).toThrow("samples must be a whole number above 0, got 0.5");
  });
});

describe("waveAugment, compiled", () => {
  beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));
  afterAll(async () => void (await useTestBackend()));

  it("gives on ONNX Runtime, replayed with other chances, what TensorFlow.js gives", async () => {
    const augment = waveAugment({ samples, sampleRate, ...everything });
    const step = compileStep(({ waves, drawn }: { waves: Tensor2D; drawn: ReturnType<typeof augment.draw> }) => ({
      views: augment(waves, drawn),
    }));
    for (const seed of [1, 2]) {
      const inputs = { waves: wavesOf(seed), drawn: augment.draw(n, createRandom(seed)) };
      const { views } = await step(inputs);
      const values = views.dataSync();
      const direct = tidy(() => [...augment(inputs.waves, inputs.drawn).dataSync()]);
      const worst = direct.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
      expect(worst).toBeLessThan(1e-4);
      dispose([views, inputs.waves]);
    }
    step.dispose();
  });
});
