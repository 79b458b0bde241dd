import { chooseEngine, compileStep } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { fill, memory, mul, type Tensor2D, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectClose, readOracle, restored, type Stored } from "../testing/oracle.js";
import type { FrontEnd } from "./front-end.js";
import { frontEndFromConfig } from "./front-end-from-config.js";
import { encoderFrontEnd, logMel } from "./log-mel.js";
import type { LogMelPreset } from "./log-mel-presets.js";
import { mfcc } from "./mfcc.js";
import { audiosetNormalization } from "./normalize-frames.js";

interface Case {
  preset: string;
  sampleRate: number;
  expected: Stored;
}
const { cases } = readOracle<{ cases: Case[] }>("front-ends");

function wavesAt(rate: number): Tensor2D {
  const { expected } = cases.find(({ preset, sampleRate }) => preset === "waves" && sampleRate === rate)!;
  return mul(restored<Tensor2D>(expected), 1 / 1000);
}

function frontEndOf({ preset, sampleRate }: Case): FrontEnd {
  if (preset === "mfcc") return mfcc({ sampleRate });
  if (preset === "whisper-128") return logMel({ sampleRate, preset: "whisper", bands: 128 });
  if (preset === "ast-normalized") return logMel({ sampleRate, preset: "ast", normalize: audiosetNormalization });
  return logMel({ sampleRate, preset: preset as LogMelPreset });
}

afterAll(useTestBackend);

for (const engine of ["cpu", "onnx"] as const) {
  describe(`on ${engine}`, () => {
    beforeAll(async () => void (await chooseEngine({ engine })));

    for (const each of cases.filter(({ preset }) => preset !== "waves")) {
      test(`${each.preset} at ${each.sampleRate} Hz is its own library's`, () => {
        tidy(() => {
          const waves = wavesAt(each.sampleRate);
          const frontEnd = frontEndOf(each);
          expectClose(frontEnd(waves), each.expected, 1e-4, each.preset);
          expect(frontEnd.frames(waves.shape[1])).toBe(each.expected.shape[1]);
          expect(frontEnd.bands).toBe(each.expected.shape[2]);
        });
      });
    }

    test("the shortest wave that it names gives a frame, one sample less is refused", () => {
      for (const preset of ["kaldi", "ast", "torchaudio", "librosa", "whisper"] as const) {
        const frontEnd = logMel({ sampleRate: 16000, preset });
        const wave = (samples: number) => fill([1, samples], 0.1) as Tensor2D;
        tidy(() => {
          expect(frontEnd(wave(frontEnd.shortest)).shape[1]).toBe(frontEnd.frames(frontEnd.shortest));
          expect(frontEnd.frames(frontEnd.shortest)).toBeGreaterThan(0);
          expect(() => frontEnd(wave(frontEnd.shortest - 1))).toThrow("T at least");
        });
      }
    });

    test("silence is standardised to zeros", () => {
      const bands = encoderFrontEnd({ sampleRate: 8000 })(fill([1, 800], 0)).dataSync();
      expect(Math.max(...bands.map(Math.abs))).toBe(0);
    });
  });
}

describe("logMel", () => {
  beforeAll(async () => void (await chooseEngine({ engine: "onnx" })));

  test("each band of an utterance has mean 0 and variance 1 over its own frames", () => {
    const bands = encoderFrontEnd({ sampleRate: 8000 })(wavesAt(8000)).arraySync(); // [2, 4, 40]
    for (const utterance of bands) {
      for (let band = 0; band < 40; band += 1) {
        const values = utterance.map((frame) => frame[band]!);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
        expect(values.reduce((sum, value) => sum + value ** 2, 0) / values.length).toBeCloseTo(1, 1); // of four frames the variance may be small
      }
    }
  });

  test("its config makes it again", () => {
    const frontEnds = [
      logMel({ sampleRate: 16000, preset: "ast", bands: 64, normalize: audiosetNormalization }),
      encoderFrontEnd({ sampleRate: 16000 }),
      mfcc({ sampleRate: 16000, coefficients: 13, normalize: "mean" }),
    ];
    for (const frontEnd of frontEnds) {
      const again = frontEndFromConfig(JSON.parse(JSON.stringify(frontEnd.config)));
      expect(again.config).toEqual(frontEnd.config);
      tidy(() => {
        const expected = frontEnd(wavesAt(16000));
        expectClose(again(wavesAt(16000)), { shape: expected.shape, values: [...expected.dataSync()] }, 0);
      });
    }
  });

  test("is traced as one graph and leaves nothing behind", async () => {
    const frontEnd = encoderFrontEnd({ sampleRate: 8000 });
    const waves = wavesAt(8000);
    const expected = tidy(() => [...frontEnd(waves).dataSync()]);
    const before = memory().numTensors;
    const step = compileStep(({ waves }: { waves: Tensor2D }) => ({ bands: frontEnd(waves) }));
    const { bands } = await step({ waves });
    expectClose(bands, { shape: [2, 4, 40], values: expected }, 1e-4); // fused, sums are taken in another order
    bands.dispose();
    step.dispose();
    expect(memory().numTensors).toBe(before);
  });

  test("refuses what it cannot do, with what to do", () => {
    expect(() => logMel({ sampleRate: 8000, preset: "whisper" })).toThrow(
      "Whisper hears 16000 Hz, got sampleRate 8000",
    );
    expect(() => logMel({ sampleRate: 8000, preset: "htk" as never })).toThrow('got "htk"');
    expect(() => logMel({ sampleRate: 0 })).toThrow("got 0");
    expect(() => logMel({ sampleRate: 8000, bands: 0 })).toThrow("bands must be");
    expect(() => mfcc({ sampleRate: 8000, coefficients: 129 })).toThrow("of 1 to melBands = 128");
    expect(() => frontEndFromConfig({ kind: "wave" })).toThrow('got "wave"');
    expect(() => logMel({ sampleRate: 8000 })(tensor2d([[0, 0]]))).toThrow(
      "T at least 200 samples at 8000 Hz, got [1,2]",
    );
  });
});
