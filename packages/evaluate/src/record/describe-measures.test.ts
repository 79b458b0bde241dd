import { expect, it } from "vitest";
import { circumstances } from "../testing/results.js";
import { describeLabelFree, describeModelCost } from "./describe-measures.js";

it("tells what is known of the cost", () => {
  const { cost } = circumstances;
  expect(describeModelCost({ cost })).toBe("");
  const energy = { joules: 1234.4, source: "RAPL: package-0" };
  expect(describeModelCost({ cost: { ...cost, flops: 3.6356e9, parameters: 11_176_512, energy } })).toBe(
    "3.64 GFLOPs an example, forward; 11.2 M parameters; 1,234 J (RAPL: package-0, the whole machine)",
  );
  expect(describeModelCost({ cost: { ...cost, flops: 960, parameters: null } })).toBe("960 FLOPs an example, forward");
});

it("tells what is known without labels", () => {
  expect(describeLabelFree(undefined)).toBe("");
  expect(describeLabelFree({ examples: 1, rankMe: null, alphaReq: null, uniformity: null })).toBe("");
  expect(describeLabelFree({ examples: 1000, rankMe: 23.12, alphaReq: null, uniformity: -2.906 })).toBe(
    "Without labels, of 1,000 test examples: RankMe 23.1, uniformity -2.91",
  );
});
