/**
 * What a point of the map is: the image, the text or the sound itself, and what lies nearest to it among the embeddings.
 */
import type { MapView, Modality } from "../../api.js";
import { Answered } from "../components/answered.js";
import { at } from "../state/ask.js";
import { type Answer, useAnswer } from "../state/use-answer.js";

export type ReadyMap = Extract<MapView, { status: "ready" }>;

export interface Neighbours {
  readonly rows: readonly number[];
  readonly cosines: readonly number[];
}

export interface PointPanelProps {
  readonly id: string;
  readonly map: ReadyMap;
  readonly row: number;
  /** Null where the point was not chosen: its neighbours are not asked for. */
  readonly neighbours: Answer<Neighbours> | null;
  choose(row: number): void;
}

export function PointPanel({ id, map, row, neighbours, choose }: PointPanelProps) {
  return (
    <>
      <h2 className="point-name">{map.names[row]}</h2>
      {map.labels !== null && <p className="faint">{map.labels[row]}</p>}
      <Item key={row} id={id} kind={map.kind} row={row} name={map.names[row] ?? ""} />
      {neighbours === null ? (
        <p className="faint">Click it, or press Enter, to see what lies nearest.</p>
      ) : (
        <>
          <h3>Nearest neighbours</h3>
          <Answered answer={neighbours} what="the neighbours">
            {(found) => <NeighbourList id={id} map={map} found={found} choose={choose} />}
          </Answered>
        </>
      )}
    </>
  );
}

interface NeighbourListProps extends Pick<PointPanelProps, "id" | "map" | "choose"> {
  readonly found: Neighbours;
}

function NeighbourList({ id, map, found: { rows, cosines }, choose }: NeighbourListProps) {
  return (
    <ol className="neighbours">
      {rows.map((row, place) => (
        <li key={row}>
          <button type="button" onClick={() => choose(row)}>
            {map.kind === "image" && <img src={itemPath(id, row)} alt="" loading="lazy" width="36" height="36" />}
            <span className="neighbour-name" title={map.names[row]}>
              <span>{map.names[row]}</span>
              {map.labels !== null && <span className="faint">{map.labels[row]}</span>}
            </span>
            <span className="number" title="cosine similarity">
              {cosines[place]?.toFixed(3)}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

const itemPath = (id: string, row: number) => at`api/maps/${id}/items/${row}`;

function Item({ id, kind, row, name }: { id: string; kind: Modality; row: number; name: string }) {
  if (kind === "text") return <Text path={itemPath(id, row)} />;
  if (kind === "image") return <img className="item" src={itemPath(id, row)} alt={name} />;
  // biome-ignore lint/a11y/useMediaCaption: the user's own recordings have none.
  return <audio className="item" controls preload="none" src={itemPath(id, row)} aria-label={name} />;
}

function Text({ path }: { path: string }) {
  const answer = useAnswer<{ text: string }>(path);
  return (
    <Answered answer={answer} what="the text">
      {({ text }) => <blockquote className="item">{text}</blockquote>}
    </Answered>
  );
}
