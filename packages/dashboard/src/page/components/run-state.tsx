/**
 * How a run stands: a word, a sign that does not rest on colour alone, and how far it is.
 */
import type { RunView } from "../../api.js";
import { grouped } from "../format/amounts.js";

const SIGNS: Readonly<Record<RunView["state"], string>> = { running: "▶", paused: "‖", done: "✓", failed: "✕" };

export function RunState({ state }: { state: RunView["state"] }) {
  return (
    <span className={`state ${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {state}
    </span>
  );
}

export const isLive = (state: RunView["state"]): boolean => state === "running" || state === "paused";

export function RunProgress({ step, steps }: Pick<RunView, "step" | "steps">) {
  if (step === null) return <span className="faint">no step yet</span>;
  return (
    <span className="progress">
      {steps !== null && <progress value={step} max={steps} aria-label="steps done" />}
      <span className="nowrap">
        {grouped(step)}
        {steps === null ? "" : ` of ${grouped(steps)}`}
      </span>
    </span>
  );
}
