/**
 * How many labels, as `--labels` takes it: `1%` of each class, or `20-per-class`.
 */

import type { LabelBudget } from "@autodidact/core";
import type { TypedOption } from "@autodidact/core/cards";
import { InvalidArgumentError } from "commander";
import { z } from "zod";

const PATTERN = /^(?:(?<percent>\d+(?:\.\d+)?|\.\d+) ?%|(?<each>\d+)-per-class)$/;

export function parseLabels(typed: string): LabelBudget {
  const { percent, each } = PATTERN.exec(typed)?.groups ?? {};
  if (each !== undefined && Number(each) >= 1) return { labelsPerClass: Number(each) };
  const share = Number(percent) / 100;
  if (share === 1) return {};
  if (share > 0 && share < 1) return { labelShare: share };
  throw new InvalidArgumentError(
    `It must be a share above 0 and at most 100%, as 1%, or so many of each class, as 20-per-class.`,
  );
}

export function labelBudget(
  help: string,
  more: Pick<TypedOption, "usually" | "conflicts">,
): TypedOption<LabelBudget, undefined> {
  const schema = z.strictObject({ labelsPerClass: z.int().optional(), labelShare: z.number().optional() });
  return { ...more, help, usual: undefined, unit: "amount", schema, parse: parseLabels };
}
