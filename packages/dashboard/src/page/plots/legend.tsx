/**
 * Which colour is whose.
 */
import { seriesColour } from "./series-colour.js";

export function Legend({ names }: { names: readonly string[] }) {
  return (
    <ul className="legend">
      {names.map((name, place) => (
        <li key={name}>
          <span className="swatch" style={{ background: seriesColour(place) }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
