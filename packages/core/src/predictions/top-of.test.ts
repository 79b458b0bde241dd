import { expect, it } from "vitest";
import { topOf } from "./top-of.js";

it("keeps the likeliest classes and the surest boxes; masks and answers are whole", () => {
  const probabilities = [0.6, 0.3, 0.1].map((probability, i) => ({ class: `${i}`, probability }));
  const classed = { kind: "class", id: "a", class: "0", probabilities } as const;
  expect(topOf(classed, 2)).toEqual({ ...classed, probabilities: probabilities.slice(0, 2) });
  const boxes = [0.9, 0.5].map((score) => ({ class: "cat", score, box: [1, 2, 3, 4] as const }));
  expect(topOf({ kind: "boxes", id: "a", boxes }, 1)).toEqual({ kind: "boxes", id: "a", boxes: [boxes[0]] });
  const mask = { kind: "mask", id: "a", mask: "a.png", shares: [{ class: "sky", share: 1 }] } as const;
  expect(topOf(mask, 1)).toBe(mask);
});
