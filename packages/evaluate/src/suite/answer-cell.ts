/**
 * A cell, answered: the task that `evaluate` runs, with what stands behind each record.
 */
import { type Session, tellUnfinished } from "@autodidact/core";
import { filled } from "@autodidact/core/cards";
import type { Answered } from "../classes/examination.js";
import { groupsFrom } from "../groups/group-table.js";
import { addToRun } from "../record/journal.js";
import { featureCache } from "../store/feature-cache.js";
import { predictionsOf } from "../store/predictions.js";
import type { EvaluationTask } from "../tasks/evaluation-task.js";
import type { CellAnswer, CellRequest } from "./cell-messages.js";

/** An answer for each label budget; `asked` is the task's protocol. Records are added to the run's results.jsonl too, as those of `evaluate`. */
export async function* answerCell(
  { folder, task, budgets, features }: Omit<CellRequest, "engine">,
  asked: EvaluationTask,
  session: Session,
): AsyncGenerator<CellAnswer> {
  await tellUnfinished(folder, session.line);
  let answered: Answered | undefined;
  const onAnswered = (told: Answered) => {
    answered = told;
  };
  const { data, seed, seeds, groups } = task;
  const cache =
    features &&
    featureCache(features.folder, { engine: session.engine, maxBytes: features.maxBytes, say: session.line.print });
  const told = asked.takesBudgets ? { budgets, onAnswered, cache } : {};
  for await (const record of asked.run(
    { folder, data, seed, seeds, ...told },
    filled(asked.options, task.options),
    session,
  )) {
    await addToRun(folder, record);
    yield { record, predictions: answered === undefined ? null : await predictionsBehind(answered, groups) };
  }
}

async function predictionsBehind(answered: Answered, groups: CellRequest["task"]["groups"]) {
  return predictionsOf(answered, groups && (await groupsFrom(groups.file, groups, answered.examples)));
}
