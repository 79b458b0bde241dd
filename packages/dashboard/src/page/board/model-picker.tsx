/**
 * Which models are shown. Ranks are over all of the store, so that hiding one never changes another's.
 */
import { useId, useState } from "react";
import type { LeaderboardView } from "../../api.js";
import { matches } from "../components/sort-rows.js";

export interface ModelPickerProps {
  readonly models: readonly string[];
  readonly hidden: ReadonlySet<string>;
  setHidden(hidden: ReadonlySet<string>): void;
}

/** More names than this are found by typing. */
const MOST_LISTED = 60;

export function ModelPicker({ models, hidden, setHidden }: ModelPickerProps) {
  const [typed, setTyped] = useState("");
  const id = useId();
  const found = models.filter((model) => matches(model, typed));
  const shown = models.filter((model) => !hidden.has(model)).length;
  const toggle = (model: string) => {
    const next = new Set(hidden);
    if (!next.delete(model)) next.add(model);
    setHidden(next);
  };
  return (
    <details className="picker">
      <summary>Models: {shown === models.length ? `all ${shown}` : `${shown} of ${models.length}`} shown</summary>
      <div className="picker-body">
        <p className="faint">Ranks are of all models, whichever are shown.</p>
        <div className="row">
          {models.length > 8 && (
            <input
              type="search"
              placeholder="Find a model"
              aria-label="Find a model to hide or show"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
          <button
            type="button"
            onClick={() => setHidden(new Set([...hidden].filter((model) => !found.includes(model))))}
          >
            Show {typed === "" ? "all" : "found"}
          </button>
          <button type="button" onClick={() => setHidden(new Set([...hidden, ...found]))}>
            Hide {typed === "" ? "all" : "found"}
          </button>
        </div>
        <ul className="checks">
          {found.slice(0, MOST_LISTED).map((model, place) => (
            <li key={model}>
              <input type="checkbox" id={`${id}${place}`} checked={!hidden.has(model)} onChange={() => toggle(model)} />
              <label htmlFor={`${id}${place}`}>{model}</label>
            </li>
          ))}
        </ul>
        {found.length > MOST_LISTED && (
          <p className="faint">… and {found.length - MOST_LISTED} more: type to find them.</p>
        )}
      </div>
    </details>
  );
}

/** Every model of a board once, by name. */
export function modelsOf({ tasks }: LeaderboardView): string[] {
  return [...new Set(tasks.flatMap(({ rows }) => rows.map(({ model }) => model)))].sort();
}
