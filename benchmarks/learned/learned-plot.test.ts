import { expect, test } from "vitest";
import { describeMachine } from "../harness/machine.js";
import { learnedPlot } from "./learned-plot.js";
import type { Row } from "./run-cells.js";

const row = (method: string, seed: number, value: number, metric = "accuracy"): Row => ({
  ...{ method, split: "official", seed, measurement: metric === "eer" ? "speakers" : "linear", metric, value },
  ...{ randomInit: 0.3, rawFeatures: 0.39, fromScratch: null, pretrainingSeconds: 90 },
  commands: ["autodidact pretrain", "autodidact evaluate run"],
  machine: describeMachine(),
});
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);

test("a panel a measurement, the best method first, its deviation over seeds beside its mean", () => {
  const svg = learnedPlot([row("moco", 0, 0.5), row("simclr", 0, 0.6), row("simclr", 1, 0.8)]);
  expect(textsOf(svg)).toEqual([
    "linear, accuracy in %",
    ...["0", "10", "20", "30", "40", "50", "60", "70", "80", "90"], // up to the tenth above 70 + 14.1
    ...["simclr", "70.0 ± 14.1", "moco", "50.0"],
    ...["raw features", "random init", "from scratch", "whiskers: ± deviation"],
  ]);
  // 470 pixels are 90 %: the bar of 50 % has 261.1, and the mark of 39 % stands 203.7 from where bars begin.
  expect(svg).toContain('width="261.1"');
  expect(svg).toContain(`x="${170 + 203.7 - 1.5}"`);
});

test("of errors the lowest comes first, and names are told as text", () => {
  const names = textsOf(learnedPlot([row("a<b", 0, 0.4, "eer"), row("c", 0, 0.2, "eer")]));
  expect(names.filter((name) => /^(a&lt;b|c)$/.test(name))).toEqual(["c", "a&lt;b"]);
});
