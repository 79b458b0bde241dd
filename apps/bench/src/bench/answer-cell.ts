/**
 * A cell, answered: the task that `evaluate` runs, with what stands behind each record.
 */
import { filled } from "@autodidact/core/cards";
import { type Answered, addToRun, groupsFrom, predictionsOf } from "@autodidact/evaluate";
import type { Session } from "../engine-options.js";
import { modalityNamed, modalityOf } from "../modalities.js";
import { tellUnfinished } from "../unfinished-run.js";
import type { CellAnswer, CellRequest } from "./cell-messages.js";

/** An answer for each label budget. Records are added to the run's results.jsonl too, as those of `evaluate`. */
export async function* answerCell(
  { folder, foreign, task, budgets }: CellRequest,
  session: Session,
): AsyncGenerator<CellAnswer> {
  const { tasks } = foreign === undefined ? await modalityOf(folder) : await modalityNamed(foreign.data);
  const asked = tasks[task.protocol]!;
  if (foreign === undefined) await tellUnfinished(folder, session.line);
  let answered: Answered | undefined;
  const onAnswered = (told: Answered) => {
    answered = told;
  };
  const { data, seed, seeds, groups } = task;
  const told = asked.takesBudgets ? { budgets, onAnswered } : {};
  for await (const record of asked.run(
    { folder, foreign, data, seed, seeds, ...told },
    filled(asked.options, task.options),
    session,
  )) {
    if (foreign === undefined) await addToRun(folder, record);
    yield { record, predictions: answered === undefined ? null : await predictionsBehind(answered, groups) };
  }
}

async function predictionsBehind(answered: Answered, groups: CellRequest["task"]["groups"]) {
  return predictionsOf(answered, groups && (await groupsFrom(groups.file, groups, answered.examples)));
}
