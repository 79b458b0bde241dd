/**
 * One module's tensors among those of many.
 */
import type { StoredTensor } from "./stored-tensor.js";

/** What is stored under a prefix ("encoder."), by names without it. */
export function storedUnder(prefix: string, stored: ReadonlyMap<string, StoredTensor>): Map<string, StoredTensor> {
  return new Map(
    [...stored].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );
}
