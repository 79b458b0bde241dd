/**
 * Variables to stored tensors and back, by PyTorch's names.
 */
import { tensor, tidy, type Variable } from "@tensorflow/tfjs-core";
import type { Named } from "../modules/module.js";
import { assertFinite } from "./assert-finite.js";
import { floatsOf, integersOf, type StoredTensor, storeBooleans, storeFloats, storeIntegers } from "./stored-tensor.js";

/** The variables' values now. */
export async function storeVariables(variables: Named<Variable>): Promise<Map<string, StoredTensor>> {
  const stored = new Map<string, StoredTensor>();
  for (const [name, variable] of Object.entries(variables)) stored.set(name, await storeVariable(name, variable));
  return stored;
}

export interface AssignOptions {
  /** Names the source in errors. */
  from: string;
  /** What to do with stored tensors that no variable asks for: refused unless told. */
  unexpected?: "refuse" | "ignore";
}

/** Gives every variable its stored value; all names, shapes and numbers, which must be finite, are checked before the first one changes. */
export function assignVariables(
  variables: Named<Variable>,
  stored: ReadonlyMap<string, StoredTensor>,
  { from, unexpected = "refuse" }: AssignOptions,
): void {
  const missing = Object.keys(variables).filter((name) => !stored.has(name));
  const surplus = [...stored.keys()].filter((name) => !Object.hasOwn(variables, name));
  if (missing.length > 0 || (surplus.length > 0 && unexpected === "refuse")) {
    throw new Error(
      `assignVariables: ${from} must hold exactly the model's tensors. Missing: ${listed(missing)}. Unexpected: ${listed(surplus)}. ` +
        "Build the model as it was built when saved.",
    );
  }
  const values = Object.entries(variables).map(
    ([name, variable]) => [variable, valuesFor(name, variable, stored.get(name)!, from)] as const,
  );
  for (const [variable, value] of values) {
    tidy(() => variable.assign(tensor(value, variable.shape, variable.dtype)));
  }
}

async function storeVariable(name: string, variable: Variable): Promise<StoredTensor> {
  const values = await variable.data();
  if (values instanceof Float32Array) return storeFloats(values, variable.shape);
  if (values instanceof Int32Array) return storeIntegers(values, variable.shape);
  if (variable.dtype === "bool" && values instanceof Uint8Array) return storeBooleans(values, variable.shape);
  throw new Error(`storeVariables: ${name} must be float32, int32 or bool, got ${variable.dtype}.`);
}

function valuesFor(
  name: string,
  { shape, dtype }: Variable,
  stored: StoredTensor,
  from: string,
): Float32Array | Int32Array | Uint8Array {
  if (shape.length !== stored.shape.length || shape.some((size, i) => size !== stored.shape[i])) {
    throw new Error(`assignVariables: ${name} must be [${shape}], got [${stored.shape}] in ${from}.`);
  }
  const values = dtype === "float32" ? floatsOf(stored) : dtype === "int32" ? integersOf(stored) : booleansOf(stored);
  if (values === undefined)
    throw new Error(`assignVariables: ${name} must be ${dtype}, got ${stored.type} in ${from}.`);
  // One NaN among the weights makes all features NaN, and a head on them still answers: by chance.
  if (values instanceof Float32Array) assertFinite(`assignVariables: ${name} of ${from}`, values);
  return values;
}

function booleansOf({ type, bytes }: StoredTensor): Uint8Array | undefined {
  return type === "BOOL" && bytes.every((byte) => byte <= 1) ? bytes : undefined;
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
}
