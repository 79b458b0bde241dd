/**
 * Two runs' settings side by side.
 */
export type Settings = readonly (readonly [name: string, value: string])[];

export interface ComparedSetting {
  readonly name: string;
  /** Undefined where the run has no such setting. */
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly isSame: boolean;
}

/** In the order of the first, then what only the second has. */
export function compareSettings(first: Settings, second: Settings): ComparedSetting[] {
  const [own, other] = [new Map(first), new Map(second)];
  return [...new Set([...own.keys(), ...other.keys()])].map((name) => {
    const [a, b] = [own.get(name), other.get(name)];
    return { name, first: a, second: b, isSame: a === b };
  });
}
