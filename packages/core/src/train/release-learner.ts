/**
 * All that a learner holds given back, for processes that have several of them one after the other.
 */
import { namedVariables } from "../modules/module.js";
import type { Learner } from "./learner.js";

/** Disposes of it, and of the variables that its method learns and carries and its optimizer keeps: it cannot be used any more. */
export async function releaseLearner(learner: Learner): Promise<void> {
  const { method, optimizer } = learner;
  await learner.dispose();
  const held = [method.learned, method.carried ?? {}].flatMap((part) =>
    (["parameters", "buffers"] as const).flatMap((kind) => Object.values(namedVariables(part, kind))),
  );
  for (const variable of new Set([...held, ...Object.values(optimizer.state)])) variable.dispose();
}
