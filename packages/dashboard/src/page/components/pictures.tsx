/**
 * What a run drew while it trained: reconstructions and views, through its steps.
 */
import { useId, useState } from "react";
import { grouped } from "../format/amounts.js";
import { at } from "../state/ask.js";

export function Pictures({ run, steps }: { run: string; steps: readonly number[] }) {
  /** Null follows the latest as they come. */
  const [chosen, setChosen] = useState<number | null>(null);
  const id = useId();
  const last = steps.length - 1;
  const place = Math.min(chosen ?? last, last);
  const step = steps[place]!;
  const choose = (next: number) => setChosen(next >= last ? null : Math.max(0, next));
  return (
    <section>
      <h2>Pictures</h2>
      <figure className="pictures">
        <img src={at`api/runs/${run}/pictures/${step}`} alt={`What the run drew at step ${step}`} />
        <figcaption>
          <label htmlFor={id}>
            step <strong>{grouped(step)}</strong>{" "}
            <span className="faint">
              ({place + 1} of {steps.length})
            </span>
          </label>
          <div className="row">
            <button
              type="button"
              onClick={() => choose(place - 1)}
              disabled={place === 0}
              aria-label="The picture before"
            >
              ←
            </button>
            <input
              id={id}
              type="range"
              min={0}
              max={last}
              value={place}
              onChange={(event) => choose(Number(event.target.value))}
              aria-valuetext={`step ${step}`}
            />
            <button
              type="button"
              onClick={() => choose(place + 1)}
              disabled={place === last}
              aria-label="The picture after"
            >
              →
            </button>
          </div>
        </figcaption>
      </figure>
    </section>
  );
}
