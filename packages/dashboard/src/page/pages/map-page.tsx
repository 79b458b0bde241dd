import { useEffect, useState } from "react";
import type { MapView, Overview } from "../../api.js";
import { Answered } from "../components/answered.js";
import { Command } from "../components/command.js";
import { Empty, Notice } from "../components/notice.js";
import { grouped } from "../format/amounts.js";
import { MapBoard } from "../map/map-board.js";
import { at } from "../state/ask.js";
import { goTo } from "../state/route.js";
import { type Answer, useAnswer } from "../state/use-answer.js";

export function MapPage({ overview, id }: { overview: Answer<Overview>; id: string | undefined }) {
  return (
    <>
      <h1>Map</h1>
      <Answered answer={overview} what="the maps">
        {({ maps }) => {
          const chosen = id ?? maps[0]?.id;
          if (chosen === undefined) return <NoMaps />;
          return (
            <>
              {maps.length > 1 && <MapChoice maps={maps} chosen={chosen} />}
              <OneMap key={chosen} id={chosen} />
            </>
          );
        }}
      </Answered>
    </>
  );
}

function MapChoice({ maps, chosen }: { maps: Overview["maps"]; chosen: string }) {
  return (
    <div className="toolbar">
      <label className="choice">
        Embeddings
        <select value={chosen} onChange={(event) => goTo("map", event.target.value)}>
          {maps.map(({ id, name, rows }) => (
            <option key={id} value={id}>
              {name} ({grouped(rows)})
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const MAKING_MS = 1000;

function OneMap({ id }: { id: string }) {
  const [isMaking, setIsMaking] = useState(false);
  const answer = useAnswer<MapView>(at`api/maps/${id}`, isMaking ? MAKING_MS : null);
  const status = answer.status === "ready" ? answer.value.status : undefined;
  useEffect(() => setIsMaking(status === "making"), [status]);
  return (
    <Answered answer={answer} what="the map">
      {(map) => {
        if (map.status === "ready") return <MapBoard id={id} map={map} />;
        if (map.status === "failed") return <Notice kind="bad">The map could not be made: {map.reason}</Notice>;
        return <Making done={map.done} />;
      }}
    </Answered>
  );
}

/** `done` from 0 to 1. */
function Making({ done }: { done: number }) {
  return (
    <div role="status">
      <p>The embeddings are being laid out in the plane. This is done once and kept.</p>
      <span className="progress">
        <progress value={done} max={1} aria-label="the map is being made" /> {Math.round(100 * done)} %
      </span>
    </div>
  );
}

function NoMaps() {
  return (
    <Empty title="No embeddings yet">
      <p>A file of embeddings becomes a map on which near means alike:</p>
      <Command>autodidact embed runs/photos --data photos --out photos.parquet</Command>
    </Empty>
  );
}
