import { expect, it } from "vitest";
import { type AdviceTold, adviceFrom, adviceSchema } from "./advice.js";
import { describeAdvice } from "./describe-advice.js";
import type { PilotEvidence } from "./pilot-evidence.js";

const right = (count: number) => Array.from({ length: 2 }, () => "1".repeat(count) + "0".repeat(200 - count));
const shows = (count: number | null, before = 40): PilotEvidence => ({
  steps: 10,
  stepsInAll: 2000,
  trainedSeconds: 5,
  featureSize: 50,
  measures: [{ rankMe: 20, rankShare: 0.4, alpha: 1.2 }],
  probe: count === null ? null : right(count),
  ...(count !== null && {
    randomInit: { measures: [{ rankMe: 20, rankShare: 0.4, alpha: 1.2 }], probe: right(before) },
  }),
});

function advised(shown: Record<string, PilotEvidence>, told: Partial<AdviceTold> = {}) {
  const halved = {
    rungs: [{ seconds: 5, shown: new Map(Object.entries(shown)) }],
    failures: [{ kind: "failed", candidate: "mae", rung: 1, error: "it diverged", spentSeconds: 9 }] as const,
    spentSeconds: 61,
    rungsLeftOut: 0,
  };
  const advice = adviceFrom(halved, {
    asked: { data: "photos" },
    sample: { examples: 200, classes: ["cats", "dogs"], raw: "raw pixels" },
    probe: { labelsPerClass: 200, folds: 5, seeds: 2 },
    budgetSeconds: 60,
    createdAt: "2026-01-01T00:00:00.000Z",
    raw: right(90),
    seed: 0,
    next: ([first]) => [{ why: "Train it for long:", command: `npx autodidact pretrain ${first!.candidate}` }],
    ...told,
  });
  expect(adviceSchema.parse(JSON.parse(JSON.stringify(advice)))).toEqual(advice);
  return { advice, text: describeAdvice(advice).join("\n") };
}

it("says what comes first, on what grounds, and what to run next", () => {
  const { text, advice } = advised({ rotation: shows(100), simclr: shows(150), mae: shows(199) });
  expect(advice.ranked.map(({ method }) => method)).toEqual(["simclr", "rotation"]); // what failed is no advice
  expect(text).toMatch(/simclr +10 of 2,000 +5\.0 +20\.0 of 50 +1\.20 +75\.0 \(\d\d\.\d–\d\d\.\d\) +20\.0 +100\.0/);
  expect(text).toMatch(/raw pixels +– +– +– +– +45\.0 \(/);
  expect(text).toContain("failed in rung 1: mae: it diverged");
  expect(text).toContain("Take simclr: the pilots tell it from all others.");
  expect(text).toContain("at equal seconds of training on this machine, not at equal steps");
  expect(text).toContain("1:01 of 1:00 were used");
  expect(text).toContain("Train it for long:\n  npx autodidact pretrain simclr");
  expect(text).not.toContain("No pilot is shown to be better");
});

it("says plainly that nothing beats the raw features, or the random init, and what is tied", () => {
  const { text } = advised({ rotation: shows(80, 100), simclr: shows(80, 100) });
  expect(text).toContain("Take rotation; these pilots do not tell it from simclr: any of them may be the best.");
  expect(text).toContain("No pilot is shown to be better than raw pixels (rotation less raw pixels: −5.0 points");
  expect(text).toContain("rotation answers no better than its encoder did before it learned (50.0 %)");
});

it("says that without labels the grounds are weak", () => {
  const { text, advice } = advised(
    { rotation: shows(null) },
    { probe: null, raw: undefined, sample: { examples: 200, classes: null, raw: "raw pixels" } },
  );
  expect(advice).toMatchObject({ rankedBy: "label-free measures", rawFeatures: null });
  expect(text).toContain("which is weak evidence");
  expect(text).toMatch(/rule +first in/);
});

it("says what looks collapsed", () => {
  const collapsed = (count: number) => ({ ...shows(count), measures: [{ rankMe: 1.5, rankShare: 0.03, alpha: 3 }] });
  const some = advised({ rotation: shows(90), simclr: collapsed(150) }).text;
  expect(some).toContain("The features of simclr look collapsed, others' do not");
  expect(some).toContain("1.5 of 50, collapsed");
  expect(advised({ simclr: shows(150) }).text).toContain("simclr alone was tried");
  expect(advised({ simclr: collapsed(150) }).text).toContain("The features of all pilots look collapsed");
});
