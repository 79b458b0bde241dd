import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namePattern } from "./name-pattern.js";

describe("namePattern", () => {
  it.each<[pattern: string, path: string, fields: Record<string, string> | undefined]>([
    ["{digit}_{speaker}_{index}.wav", "7_jackson_32.wav", { digit: "7", speaker: "jackson", index: "32" }],
    ["{digit}_{speaker}_{index}.wav", "a/b/7_jackson_32.wav", { digit: "7", speaker: "jackson", index: "32" }],
    ["{digit}_{speaker}_{index}", "7_jackson_32.flac", { digit: "7", speaker: "jackson", index: "32" }],
    ["{speaker}/{word}-{take}.wav", "x/ann/yes-1.wav", { speaker: "ann", word: "yes", take: "1" }],
    ["{speaker}/{word}.wav", "yes.wav", undefined],
    ["rec({n}).wav", "rec(3).wav", { n: "3" }],
    ["{n}.wav", "3.flac", undefined],
    ["{a}_{b}.wav", "_b.wav", undefined],
  ])("%s of %s", (pattern, path, fields) => {
    expect(namePattern(pattern).read(path)).toEqual(fields);
  });

  it("refuses a name that can be read in two ways, and what is no pattern", () => {
    expect(() => namePattern("{digit}_{speaker}_{index}.wav").read("7_van_dam_3.wav")).toThrow(
      "7_van_dam_3.wav can be read by {digit}_{speaker}_{index}.wav in two ways: digit 7, speaker van, index dam_3; or digit 7_van, speaker dam, index 3.",
    );
    expect(() => namePattern("digit.wav")).toThrow("without a field");
    expect(() => namePattern("{a}{b}.wav")).toThrow("between two fields something must stand");
    expect(() => namePattern("{a}_{a}.wav")).toThrow("got {a} twice");
    expect(() => namePattern("{a b}.wav")).toThrow("got {a b}");
  });

  it("gives back what names were made of", () => {
    const value = fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/);
    const separator = fc.constantFrom("_", "-", ".", "+", "(", " ");
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), separator, (values, between) => {
        const pattern = `${values.map((_, n) => `{f${n}}`).join(between)}.wav`;
        const fields = namePattern(pattern).read(`some/folder/${values.join(between)}.wav`);
        expect(fields).toEqual(Object.fromEntries(values.map((text, n) => [`f${n}`, text])));
      }),
    );
  });
});
