/**
 * The strings of tokenizer-strings.json: the same that tools/oracles/tokenizer_oracles.py puts together.
 */
interface Kind {
  readonly parts: readonly string[];
  readonly joints: readonly string[];
  readonly from: number;
  readonly to: number;
}

export interface StringRecipe {
  readonly seed: number;
  readonly count: number;
  readonly kinds: readonly Kind[];
  readonly rare: readonly Kind[];
  readonly rareEvery: number;
}

/** They hold lone surrogates. */
export function* madeStrings(recipe: StringRecipe): Generator<string> {
  let state = recipe.seed;
  const below = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % n;
  };
  const oneOf = <T>(items: readonly T[]) => items[below(items.length)]!;
  for (let i = 0; i < recipe.count; i++) {
    const kind = oneOf(i % recipe.rareEvery === 0 ? recipe.rare : recipe.kinds);
    const n = kind.from + below(kind.to - kind.from + 1);
    let made = "";
    for (let k = 0; k < n; k++) {
      made += oneOf(kind.parts);
      made += oneOf(kind.joints);
    }
    yield made;
  }
}
