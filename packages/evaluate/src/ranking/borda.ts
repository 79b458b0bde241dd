/**
 * Borda's count: on each task a model gets a point for each model of the universe that it beats, half a point for each that it equals.
 */
import { averageRanks } from "./rank-models.js";

/** Scores by model, the higher the better; a model may lack a task. */
export type TaskScores = Readonly<Record<string, number>>;

export interface BordaCount {
  readonly model: string;
  /** Points over the most that could be had on its tasks, from 0 to 1; null where it has no task with another model. */
  readonly share: number | null;
  /** Tasks that it has a score of. */
  readonly covered: number;
  /** All tasks. */
  readonly tasks: number;
}

/** In the order of `models`, which are the universe: scores of others count for nothing. */
export function borda(models: readonly string[], tasks: readonly TaskScores[]): BordaCount[] {
  const points = new Map(models.map((model) => [model, { got: 0, most: 0, covered: 0 }]));
  for (const scores of tasks) {
    const present = models.filter((model) => Object.hasOwn(scores, model));
    const ranks = averageRanks(present.map((model) => scores[model]!));
    for (const [place, model] of present.entries()) {
      const own = points.get(model)!;
      own.got += present.length - ranks[place]!;
      own.most += present.length - 1;
      own.covered += 1;
    }
  }
  return models.map((model) => {
    const { got, most, covered } = points.get(model)!;
    return { model, share: most === 0 ? null : got / most, covered, tasks: tasks.length };
  });
}
