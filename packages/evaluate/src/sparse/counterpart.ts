/**
 * The protocol that asks of sparse rows what another asks of dense ones.
 */
import type { SparseTable } from "@autodidact/core";
import type { ClassProtocol } from "../classes/class-protocol.js";
import { sparseKnn } from "./knn.js";
import { sparseRegression } from "./regression.js";

/** The protocol for `compare`, where the raw features are a `sparseTask` and the others are dense. */
export function sparseCounterpart({ name, settings }: ClassProtocol, table: SparseTable): ClassProtocol {
  if (name === "knn") {
    const { k, kAtMost, temperature } = settings as { k: number; kAtMost?: string; temperature: number };
    return sparseKnn(table, { k: kAtMost === undefined ? k : undefined, temperature });
  }
  if (name === "linear") return sparseRegression(table, { l2: settings.l2 as readonly number[] });
  throw new Error(
    `sparseCounterpart: the protocol must be knn or linear, got ${name}. There is no other for sparse rows.`,
  );
}
