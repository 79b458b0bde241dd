/**
 * The memory that a learner's variables hold given back, for processes that have several learners one after the other.
 */
import { namedVariables } from "../modules/module.js";
import type { Learner } from "./learner.js";

/** Disposes of what the method learns and carries and of what the optimizer keeps: after `dispose`, when the learner is used no more. */
export function releaseVariables({ method, optimizer }: Pick<Learner, "method" | "optimizer">): void {
  const held = [method.learned, method.carried ?? {}].flatMap((part) =>
    (["parameters", "buffers"] as const).flatMap((kind) => Object.values(namedVariables(part, kind))),
  );
  for (const variable of new Set([...held, ...Object.values(optimizer.state)])) variable.dispose();
}
