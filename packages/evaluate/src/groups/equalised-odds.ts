/**
 * Equalised odds: among examples of one class, how much more often is that class answered in one group than in another; and the same among
 * examples of other classes.
 *
 * Hardt et al. 2016, https://arxiv.org/abs/1610.02413; the number is Fairlearn's `equalized_odds_difference` of two classes. Of more classes it is
 * the greatest of each class against all others.
 */
export interface OddsExample {
  readonly labels: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
  readonly groups: readonly string[];
  readonly classes: number;
}

export interface OddsDifference {
  /** From 0, equal in all groups, to 1. */
  readonly difference: number;
  /** Where it is greatest: of a true class how often it is found, or of others how often they are taken for it. */
  readonly label: number;
  readonly rate: "found" | "taken for it";
  readonly most: string;
  readonly least: string;
}

/** null where no rate is known of two groups. Groups without examples of a kind have no rate of it and are left out of that rate. */
export function equalisedOdds({ labels, truth, groups, classes }: OddsExample): OddsDifference | null {
  if (labels.length !== truth.length || truth.length !== groups.length) {
    throw new RangeError(
      `equalisedOdds: every example needs an answer, a class and a group, got ${labels.length}, ${truth.length} and ${groups.length}.`,
    );
  }
  const names = [...new Set(groups)].sort();
  const places = new Map(names.map((name, place) => [name, place]));
  const positives = classes === 2 ? [1] : Array.from({ length: classes }, (_, label) => label);
  let greatest: OddsDifference | null = null;
  for (const label of positives) {
    for (const rate of ["found", "taken for it"] as const) {
      const answered = new Float64Array(names.length);
      const asked = new Float64Array(names.length);
      for (const [row, group] of groups.entries()) {
        if ((truth[row] === label) !== (rate === "found")) continue;
        asked[places.get(group)!]! += 1;
        if (labels[row] === label) answered[places.get(group)!]! += 1;
      }
      const rates = names.flatMap((group, place) =>
        asked[place] === 0 ? [] : [{ group, share: answered[place]! / asked[place]! }],
      );
      if (rates.length < 2) continue;
      const [most, least] = [
        rates.reduce((a, b) => (b.share > a.share ? b : a)),
        rates.reduce((a, b) => (b.share < a.share ? b : a)),
      ];
      const difference = most.share - least.share;
      if (greatest === null || difference > greatest.difference)
        greatest = { difference, label, rate, most: most.group, least: least.group };
    }
  }
  return greatest;
}
