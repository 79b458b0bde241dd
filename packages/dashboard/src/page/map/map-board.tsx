/**
 * A map that is ready: canvas, legend, and what is pointed at.
 */
import { useMemo, useState } from "react";
import { grouped } from "../format/amounts.js";
import { seriesColour } from "../plots/series-colour.js";
import { at } from "../state/ask.js";
import { useAnswer } from "../state/use-answer.js";
import { type LabelLook, looksOf } from "./label-looks.js";
import { MapCanvas } from "./map-canvas.js";
import { type Neighbours, PointPanel, type ReadyMap } from "./point-panel.js";

const NONE: readonly number[] = [];

export function MapBoard({ id, map }: { id: string; map: ReadyMap }) {
  const [current, setCurrent] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const [label, setLabel] = useState<string | null>(null);
  const neighbours = useAnswer<Neighbours>(pinned === null ? null : at`api/maps/${id}/items/${pinned}/neighbours`);
  const found = pinned !== null && neighbours.status === "ready" ? neighbours.value.rows : NONE;
  const { labels } = map;
  const byCount = useMemo(() => (labels === null ? [] : looksOf(labels)), [labels]);
  const looks = useMemo(() => {
    const byLabel = new Map(byCount.map((look) => [look.label, look]));
    return labels?.map((own) => byLabel.get(own)!);
  }, [labels, byCount]);
  const marks = useMemo(() => ({ current, pinned, neighbours: found, label }), [current, pinned, found, label]);
  const row = pinned ?? current;
  const describe = (own: number) => [map.names[own], labels?.[own]].filter(Boolean).join(", ");
  const pin = (own: number | null) => {
    setPinned(own);
    setCurrent(own);
  };
  return (
    <div className="map">
      <div>
        <MapCanvas
          plane={map}
          looks={looks}
          marks={marks}
          describe={describe}
          setCurrent={setCurrent}
          setPinned={pin}
        />
        <MapLegend looks={byCount} label={label} setLabel={setLabel} />
      </div>
      <aside className="point" aria-label="The point that is looked at">
        {row === null ? (
          <p className="faint">
            Point at one of the {grouped(map.x.length)} points to see what it is. Near in the plane means near among the
            embeddings; distances between far groups say little.
          </p>
        ) : (
          <PointPanel id={id} map={map} row={row} neighbours={pinned === null ? null : neighbours} choose={pin} />
        )}
      </aside>
    </div>
  );
}

interface MapLegendProps {
  readonly looks: readonly LabelLook[];
  readonly label: string | null;
  setLabel(label: string | null): void;
}

/** More labels than this are found by pointing. */
const MOST_LABELS = 24;

function MapLegend({ looks, label, setLabel }: MapLegendProps) {
  if (looks.length === 0) return <p className="faint">The file tells no labels.</p>;
  return (
    <ul className="legend pressed" aria-label="Labels. Press one to see it alone">
      {looks.slice(0, MOST_LABELS).map((look) => (
        <li key={look.label}>
          <button
            type="button"
            aria-pressed={label === look.label}
            onClick={() => setLabel(label === look.label ? null : look.label)}
          >
            <span className={`swatch ${look.shape}`} style={{ background: seriesColour(look.colour) }} />
            {look.label} <span className="faint">{grouped(look.count)}</span>
          </button>
        </li>
      ))}
      {looks.length > MOST_LABELS && <li className="faint">and {looks.length - MOST_LABELS} more</li>}
    </ul>
  );
}
