import { type Module, type Named, UsageError } from "@autodidact/core";
import type { PairModel, TokenModel } from "./token-model.js";

/** Asserts that what names tokens was loaded with its model: a head that the folder did not have is new, and its answers mean nothing. */
export function assertTokensLearned(who: string, model: TokenModel): void {
  assertLearned(who, model, model.tokenParts);
}

/** The same, and of what tells how two segments belong together. */
export function assertPairsLearned(who: string, model: PairModel): void {
  assertLearned(who, model, { ...model.tokenParts, ...model.poolerParts, ...model.relationParts });
}

/** Whether nothing of what tells how two segments belong together is new in a loaded model. */
export function hasLearnedPairs({ fresh = [], poolerParts, relationParts }: PairModel): boolean {
  return newOf(fresh, { ...poolerParts, ...relationParts }).length === 0;
}

type Parts = Named<Module<never, unknown>>;

const newOf = (fresh: readonly string[], parts: Parts) =>
  fresh.filter((name) => Object.keys(parts).some((prefix) => name.startsWith(`${prefix}.`)));

function assertLearned(who: string, { fresh = [] }: TokenModel, parts: Parts): void {
  const missing = newOf(fresh, parts);
  if (missing.length === 0) return;
  const more = missing.length > 1 ? ` and ${missing.length - 1} more` : "";
  throw new UsageError(
    `${who}: the model must have been loaded with the head that answers, and its folder has the encoder alone: ${missing[0]}${more} missing, ` +
      "so that the head is new and has learned nothing. Take a model saved with its head, or pretrain it first (pretrain --init).",
  );
}
