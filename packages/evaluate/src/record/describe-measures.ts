/**
 * What an encoder costs, and what its features tell without labels, in a line each.
 */
import { grouped, prefixed } from "@autodidact/core";
import type { LabelFree, ResultRecord } from "./schema.js";

/** `3.64 GFLOPs an example, forward; 11.2 M parameters`; empty of a record that says neither. */
export function describeModelCost({ cost: { flops, parameters, energy } }: Pick<ResultRecord, "cost">): string {
  return [
    flops === null ? "" : `${describeFlops(flops)} an example, forward`,
    parameters == null ? "" : `${prefixed(parameters)} parameters`,
    energy === null ? "" : `${grouped(Math.round(energy.joules))} J (${energy.source}, the whole machine)`,
  ]
    .filter(Boolean)
    .join("; ");
}

/** `3.64 GFLOPs` */
export function describeFlops(flops: number): string {
  const [digits, prefix = ""] = prefixed(flops).split(" ");
  return `${digits} ${prefix}FLOPs`;
}

/** `Without labels, of 1,000 test examples: RankMe 23.1, α-ReQ 1.12, uniformity -2.91`; empty of a record that says nothing. */
export function describeLabelFree(measures: LabelFree | undefined): string {
  if (measures === undefined) return "";
  const { examples, rankMe, alphaReq, uniformity } = measures;
  const told = [
    rankMe === null ? "" : `RankMe ${rankMe.toFixed(1)}`,
    alphaReq === null ? "" : `α-ReQ ${alphaReq.toFixed(2)}`,
    uniformity === null ? "" : `uniformity ${uniformity.toFixed(2)}`,
  ].filter(Boolean);
  if (told.length === 0) return "";
  return `Without labels, of ${grouped(examples)} test examples: ${told.join(", ")}`;
}
