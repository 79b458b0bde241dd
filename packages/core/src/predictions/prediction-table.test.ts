import { expect, it } from "vitest";
import { predictionTable } from "./prediction-table.js";

it("has a row each, the likeliest class first whatever its name, and as many others as asked", () => {
  const probabilities = [
    { class: "10", probability: 0.5 },
    { class: "2", probability: 0.3 },
    { class: "1", probability: 0.15 },
    { class: "0", probability: 0.05 },
  ];
  const text = `a\nlong ${"line ".repeat(20)}`;
  const [, , row] = predictionTable([{ kind: "class", id: "a.csv:1", text, class: "10", probabilities }], 3).split(
    "\n",
  );
  expect(row).toMatch(/^a\.csv:1 {2}a long line [^\n]*… {2}10 +50\.0 % {2}2 30\.0 %, 1 15\.0 %$/);
});

it("says where an answer stands, or that there is none", () => {
  const answer = { kind: "answer", question: "who?", start: 4, end: 7, probability: 0.25 } as const;
  const none = { ...answer, id: "2", answer: "", start: 0, end: 0 };
  const lines = predictionTable([{ ...answer, id: "1", answer: "ann" }, none], 3).split("\n");
  expect(lines[2]).toMatch(/^1 +who\? +ann +4–7 +25\.0 %$/);
  expect(lines[3]).toMatch(/^2 +who\? +\(none\) +– +25\.0 %$/);
});

it("shows a mask's file and shares, and the surest boxes", () => {
  const shares = [
    { class: "sky", share: 0.75 },
    { class: "tree", share: 0.25 },
  ];
  const masks = predictionTable([{ kind: "mask", id: "a.jpg", mask: "out/a.png", shares }], 3).split("\n");
  expect(masks[2]).toMatch(/^a\.jpg +out\/a\.png +sky 75\.0 %, tree 25\.0 %$/);
  const boxes = [0.9, 0.5, 0.1].map((score) => ({ class: "cat", score, box: [1.2, 2, 3, 4] as const }));
  const found = predictionTable([{ kind: "boxes", id: "a.jpg", boxes }], 2).split("\n");
  expect(found[2]).toMatch(/^a\.jpg +3 +cat 90\.0 % at 1, 2, 3, 4; cat 50\.0 % at 1, 2, 3, 4$/);
});

it("has a row for each labelled word, and whole translations", () => {
  const token = (token: string, label: string) => ({ token, label, probability: 0.9 });
  const labels = { kind: "labels", id: "a.conll:3", tokens: [token("Ann", "B-PER"), token("saw", "O")] } as const;
  const rows = predictionTable([labels], 3).split("\n");
  expect(rows[2]).toMatch(/^a\.conll:3 +Ann +B-PER +90\.0 %$/);
  expect(rows[3]).toMatch(/^ +saw +O +90\.0 %$/);
  const residues = { ...labels, id: "p1", tokens: [token("M", "H"), token("K", "C")] } as const;
  expect(predictionTable([residues], 3).split("\n").slice(2)).toEqual(["p1  MK", "    HC"]);
  const long = "mot ".repeat(30).trim();
  const made = { kind: "translation", id: "1", text: "word ".repeat(30), translation: long, score: -0.1 } as const;
  expect(predictionTable([made], 3).split("\n")[2]).toMatch(/^1 +word [^…]+… +(mot )+mot$/);
});
