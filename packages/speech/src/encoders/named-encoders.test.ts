import { createRandom } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import {
  describeSpeechEncoder,
  makeSpeechEncoder,
  type SpeechEncoderChoice,
  speechEncoderFamilies,
  speechEncoderFamily,
  speechEncoderSettings,
} from "./named-encoders.js";

const settingsOf = (told: SpeechEncoderChoice) => speechEncoderSettings(told, { normalize: "utterance" });

describe("settings", () => {
  it("are the named size's unless told; heads follow the width", () => {
    expect(settingsOf({ encoder: "frame-transformer-base" })).toEqual({
      name: "frame-transformer-base",
      width: 768,
      layers: 3,
      heads: 12,
      stack: 1,
    });
    expect(settingsOf({ encoder: "frame-transformer-tiny", width: 64 })).toMatchObject({ layers: 5, heads: 2 });
    expect(settingsOf({ encoder: "wav2vec2-small" })).toMatchObject({ width: 192, layers: 4, heads: 3, channels: 128 });
    expect(settingsOf({ encoder: "ast-tiny" })).toMatchObject({ width: 192, layers: 12, heads: 3, seconds: 10.24 });
    expect(settingsOf({ encoder: "ecapa-tdnn" })).toMatchObject({ channels: 512, embeddingSize: 192 });
    expect(settingsOf({ encoder: "resnet34" })).toMatchObject({ channels: 16, embeddingSize: 512 });
  });

  it.each([
    [{ encoder: "ecapa-tdnn", width: 64 }, "`width` does not go with `encoder` ecapa-tdnn"],
    [{ encoder: "frame-transformer-tiny", channels: 64 }, "`channels` does not go"],
    [{ encoder: "ast-tiny", stack: 2 }, "`stack` does not go with `encoder` ast-tiny"],
    [{ encoder: "frame-transformer-tiny", width: 64, heads: 3 }, "`heads` must divide `width`, got 3 for 64"],
    [{ encoder: "wav2vec2-small", width: 40, heads: 1 }, "multiple of 16, got 40"],
    [{ encoder: "resnet34", channels: 12 }, "multiple of 8, got 12"],
  ] as const)("%j is refused", (told, message) => {
    expect(() => settingsOf(told)).toThrow(message);
  });

  it("every name is of one family, and tells itself in words", () => {
    for (const [family, names] of Object.entries(speechEncoderFamilies)) {
      for (const name of names) {
        expect(speechEncoderFamily(name)).toBe(family);
        expect(describeSpeechEncoder(settingsOf({ encoder: name }))).toContain(name);
      }
    }
  });
});

it.each([
  [{ encoder: "frame-transformer-tiny", width: 32, layers: 1, stack: 2 }, "frame-transformer", 32],
  [{ encoder: "wav2vec2-small", width: 32, heads: 2, layers: 1, channels: 16 }, "wav2vec2", 32],
  [{ encoder: "ast-tiny", width: 16, layers: 1, heads: 1 }, "audio-spectrogram-transformer", 16],
  [{ encoder: "ecapa-tdnn", channels: 16, embeddingSize: 8 }, "ecapa-tdnn", 8],
  [{ encoder: "resnet34", channels: 8, embeddingSize: 8 }, "fast-resnet34", 8],
] as const)("%j is made for its rate", (told, kind, featureSize) => {
  const encoder = makeSpeechEncoder(settingsOf(told), { sampleRate: 8000, random: createRandom(0) });
  expect([encoder.sampleRate, encoder.featureSize, encoder.config.model_type]).toEqual([8000, featureSize, kind]);
});

it("AST's spectrograms are as long as the pieces that are heard, or one patch", () => {
  const longest = (seconds: number, sampleRate: number) => {
    const told = { encoder: "ast-tiny", width: 16, layers: 1 } as const;
    const settings = speechEncoderSettings(told, { normalize: "utterance", seconds });
    const { config, longest: most } = makeSpeechEncoder(settings, { sampleRate, random: createRandom(0) });
    return [config.max_length, config.num_mel_bins, most! >= seconds * sampleRate];
  };
  expect(longest(0.4, 8000)).toEqual([38, 64, true]); // 1 + (3200 − 200) / 80
  expect(longest(2, 16_000)).toEqual([198, 128, true]);
  expect(longest(0.05, 8000)).toEqual([16, 64, true]);
});

it("wav2vec 2.0 has a frame each 20 ms, whatever the rate", () => {
  for (const sampleRate of [16_000, 8000, 4000]) {
    const settings = settingsOf({ encoder: "wav2vec2-small", width: 16, heads: 1, layers: 1, channels: 16 });
    const encoder = makeSpeechEncoder(settings, { sampleRate, random: createRandom(0) });
    expect((encoder.config.conv_stride as number[]).reduce((product, stride) => product * stride, 1)).toBe(
      sampleRate / 50,
    );
  }
});
