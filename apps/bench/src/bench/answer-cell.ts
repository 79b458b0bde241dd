/**
 * A cell, answered: the task that `evaluate` runs, with what stands behind each record.
 */
import { filled } from "@autodidact/core/cards";
import { type Answered, addToRun, featureCache, groupsFrom, predictionsOf } from "@autodidact/evaluate";
import type { Session } from "../engine-options.js";
import { modalityOf } from "../modalities.js";
import { tellUnfinished } from "../unfinished-run.js";
import type { CellAnswer, CellRequest } from "./cell-messages.js";

/** An answer for each label budget. Records are added to the run's results.jsonl too, as those of `evaluate`. */
export async function* answerCell(
  { folder, task, budgets, features }: CellRequest,
  session: Session,
): AsyncGenerator<CellAnswer> {
  const { tasks } = await modalityOf(folder);
  const asked = tasks[task.protocol]!;
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
