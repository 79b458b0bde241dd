import { describe, expect, it } from "vitest";
import { images } from "../images/modality.js";
import { speech } from "../speech/modality.js";
import { text } from "../text/modality.js";
import { pilotTyped, wordsOf } from "./pilot-options.js";

describe("what stands after --", () => {
  it("is read as pretrain and evaluate take it", () => {
    const words = ["--width", "16", "--crop-area", "0.2,1", "--label-column", "kind"];
    expect(pilotTyped(images as never, "simclr", words)).toEqual({
      pretrain: { width: 16, cropArea: [0.2, 1] },
      reading: { labelColumn: "kind" },
    });
    expect(
      pilotTyped(speech as never, "masked-frames", ["--pattern", "{digit}_{speaker}.wav", "--label", "digit"]),
    ).toEqual({
      pretrain: { pattern: "{digit}_{speaker}.wav" },
      reading: { label: "digit", pattern: "{digit}_{speaker}.wav" },
    });
    expect(pilotTyped(text as never, "masked-lm", ["--no-lowercase"]).pretrain).toEqual({ lowercase: false });
    expect(pilotTyped(text as never, "masked-lm", [])).toEqual({ pretrain: {}, reading: {} });
  });

  it.each([
    [["--epochs", "5"], "unknown option '--epochs'"],
    [["--queue-size", "5"], "of pretrain simclr are to stand"],
    [["--width", "0"], "a whole number from 1 to 4096"],
    [["photos"], "too many arguments"],
  ])("refuses %j", (words, message) => {
    expect(() => pilotTyped(images as never, "simclr", words)).toThrow(message);
  });
});

it("writes words that are read as the same", () => {
  const words = ["--width", "16", "--crop-area", "0.2,1", "--window", "40,400", "--decay", "all"];
  const { pretrain } = pilotTyped(images as never, "simclr", words);
  expect(wordsOf(pretrain).sort()).toEqual([...words].sort());
  expect(wordsOf({ lowercase: false, allLayers: true })).toEqual(["--no-lowercase", "--all-layers"]);
});
