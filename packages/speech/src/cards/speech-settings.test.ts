/** What follows from recordings where nothing is typed. */
import { describe, expect, it } from "vitest";
import { readingOf } from "./sound-reading.js";
import type { SpeechCard } from "./speech-card.js";
import type { SpeechOptions } from "./speech-options.js";
import { parseSpeechSettings, speechMethods, speechSettingsFrom } from "./speech-settings.js";

const long = { path: "/voices", split: null, sampleRate: 8000, length: 1000, speakers: 6, medianSeconds: 5 };
const words = { ...long, medianSeconds: 0.43 };
const settled = (method: keyof typeof speechMethods, typed: SpeechOptions = {}, facts = long) =>
  speechSettingsFrom(speechMethods[method] as SpeechCard, typed, facts);

describe("settings", () => {
  it("crops are 2 s, or what half of the recordings last", () => {
    expect(settled("masked-frames").settings.cropSeconds).toBe(2);
    expect(settled("masked-frames", {}, words).settings.cropSeconds).toBe(0.4);
    expect(settled("masked-frames", { cropSeconds: 1 }, words).settings.cropSeconds).toBe(1);
  });

  it("a voice's spectrum is normalised by the recording where it lasts, by the data where it is a word", () => {
    const normalize = (encoder: "ecapa-tdnn" | "resnet34", typed: SpeechOptions = {}, facts = long) => {
      const { settings, isByData } = settled("speaker-contrastive", { encoder, ...typed }, facts);
      return isByData ? "data" : (settings.encoder as { normalize: unknown }).normalize;
    };
    expect(normalize("ecapa-tdnn")).toBe("mean");
    expect(normalize("resnet34")).toBe("utterance");
    expect(normalize("ecapa-tdnn", {}, words)).toBe("data");
    expect(normalize("ecapa-tdnn", { normalize: "recording" }, words)).toBe("utterance");
    expect(() => settled("masked-frames", { normalize: "mean" })).toThrow('`normalize` does not go with { encoder: "');
  });

  it("an AST's spectrograms last as long as a crop; tables are read again as they were", () => {
    const { settings } = settled("speaker-contrastive", { encoder: "ast-tiny", layers: 2 }, words);
    expect(settings.encoder).toMatchObject({ name: "ast-tiny", layers: 2, seconds: 0.4 });
    const reading = { fileFrom: "file", splitFrom: "none", delimiter: ";", quote: "none", encoding: "latin1" } as const;
    const kept = JSON.parse(JSON.stringify({ ...settings, data: { ...settings.data, reading } }));
    expect(parseSpeechSettings(kept, "config.json")).toMatchObject({ data: { reading } });
    expect(readingOf({ ...reading, pattern: undefined, speaker: "who" })).toEqual({ ...reading, speakerFrom: "who" });
    expect(() => settled("masked-frames", { encoder: "ast-tiny" })).toThrow('{ encoder: "ast-tiny" } does not go with');
  });

  it("batches are 32, of voices 64, or all recordings where there are fewer", () => {
    expect(settled("masked-frames").settings.batchSize).toBe(32);
    expect(settled("speaker-contrastive").settings.batchSize).toBe(64);
    expect(settled("speaker-contrastive", {}, { ...long, length: 20 }).settings.batchSize).toBe(20);
    expect(() => settled("ge2e", { batchSize: 30 }, { ...long, length: 20 })).toThrow("got 30 for 20 recordings");
  });

  it("noise and gain go with voices alone; ceilings need to be told who speaks", () => {
    expect(settled("best-rq").settings.augment).toBeNull();
    expect(settled("speaker-contrastive", { noiseSnr: [0, 10] }).settings.augment).toEqual({
      noise: 0.5,
      noiseSnr: [0, 10],
      room: 0,
      gain: 6,
    });
    for (const method of ["ge2e", "aam-softmax"] as const) {
      expect(() => settled(method, {}, { ...long, speakers: 0 })).toThrow("take speaker-contrastive");
      expect(() => settled(method, {}, { ...long, speakers: 1 })).toThrow("one speaker alone");
    }
  });

  it("are read back, and nothing else is", () => {
    const { settings } = settled("wav2vec", { clip: 0 });
    expect(settings).toMatchObject({ clipNorm: null, encoder: { name: "wav2vec2-small", channels: 128 } });
    expect(parseSpeechSettings(JSON.parse(JSON.stringify(settings)), "config.json")).toEqual(settings);
    expect(() => parseSpeechSettings({ ...settings, method: "best-rq" }, "config.json")).toThrow("config.json");
  });
});

it("what was typed of reading is what finds recordings", () => {
  expect(readingOf({ label: "digit", holdOutSpeakers: "ann, bob", holdOut: "index<5", data: "x" })).toEqual({
    labelFrom: "digit",
    heldOutSpeakers: ["ann", "bob"],
    test: "index<5",
  });
});
