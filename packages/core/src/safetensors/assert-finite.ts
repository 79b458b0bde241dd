/** Asserts that values are finite; `name` says whose they are: `bert.pooler.dense.bias of model.safetensors`. */
export function assertFinite(name: string, values: ArrayLike<number>): void {
  for (let place = 0; place < values.length; place += 1) {
    if (Number.isFinite(values[place])) continue;
    throw new Error(
      `${name} must hold finite numbers, and holds ${values[place]} at place ${place} of ${values.length}. The training that made it failed, or the file is damaged: take an earlier one.`,
    );
  }
}
