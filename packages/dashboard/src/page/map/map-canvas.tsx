/**
 * The map: hands, keys and canvas.
 */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTheme } from "../state/theme.js";
import { useWidth } from "../state/use-width.js";
import { drawMap, type MapLook } from "./draw-map.js";
import { isArrow, nearestPoint, pointTowards } from "./nearest.js";
import { type Hands, useMapHands } from "./use-map-hands.js";
import { type Plane, panned, toScreen, type View, wholeView, zoomed } from "./view.js";

export interface MapCanvasProps extends MapLook {
  readonly plane: Plane;
  /** Of a row, in words. */
  describe(row: number): string;
  setCurrent(row: number | null): void;
  setPinned(row: number | null): void;
}

const REACH = 14;
const STEP = 1.5;

export function MapCanvas({ plane, looks, marks, describe, setCurrent, setPinned }: MapCanvasProps) {
  const [place, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = useTheme();
  const size = useMemo(() => ({ width, height: Math.round(Math.min(560, Math.max(300, width * 0.7))) }), [width]);
  const whole = useMemo(() => wholeView(plane, size), [plane, size]);
  const [moved, setView] = useState<View | null>(null);
  const view = moved ?? whole;

  // The canvas takes its colours anew when the theme changes.
  useEffect(() => {
    if (width > 0) drawMap(canvas.current!, plane, view, size, { looks, marks });
  }, [plane, view, size, looks, marks, theme, width]);

  const zoom = (factor: number, left = size.width / 2, top = size.height / 2) =>
    setView(zoomed(view, factor, whole, size, left, top));
  const hands: Hands = {
    pan: (right, down) => setView(panned(view, right, down)),
    zoom,
    hover: (at) => setCurrent(at === null ? null : nearestPoint(plane, view, size, at, REACH)),
    press: (at) => setPinned(nearestPoint(plane, view, size, at, REACH)),
  };
  const listeners = useMapHands(canvas, hands);
  const keys = useMapKeys({ plane, marks, zoom, setWhole: () => setView(null), setCurrent, setPinned });
  const shown =
    marks.current === null || marks.current === marks.pinned
      ? null
      : toScreen(view, size, plane.x[marks.current]!, plane.y[marks.current]!);

  return (
    <div className="map-place" ref={place}>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: keys go to the map, not to who reads it out. */}
      <canvas
        ref={canvas}
        style={{ width: size.width, height: size.height }}
        tabIndex={0}
        role="application"
        aria-roledescription="map of points"
        aria-label={`${plane.x.length} points. Arrows walk from point to point, Enter shows the nearest neighbours, plus and minus zoom, 0 shows all.`}
        onKeyDown={keys}
        {...listeners}
      />
      {shown !== null && (
        <div className="tip" style={{ left: Math.min(shown.left, size.width - 120), top: shown.top + 14 }}>
          {describe(marks.current!)}
        </div>
      )}
      <div className="map-buttons">
        <button type="button" onClick={() => zoom(STEP)} aria-label="Zoom in">
          +
        </button>
        <button type="button" onClick={() => zoom(1 / STEP)} aria-label="Zoom out">
          −
        </button>
        <button type="button" onClick={() => setView(null)} disabled={moved === null}>
          All
        </button>
      </div>
      <p className="hidden-text" aria-live="polite">
        {marks.current === null ? "" : describe(marks.current)}
      </p>
    </div>
  );
}

interface KeysProps extends Pick<MapCanvasProps, "plane" | "marks" | "setCurrent" | "setPinned"> {
  zoom(factor: number): void;
  setWhole(): void;
}

function useMapKeys({ plane, marks, zoom, setWhole, setCurrent, setPinned }: KeysProps) {
  const from = marks.current ?? marks.pinned;
  return (event: KeyboardEvent) => {
    const { key } = event;
    if (isArrow(key)) setCurrent(from === null ? 0 : pointTowards(plane, from, key));
    else if (key === "Enter" || key === " ") setPinned(from);
    else if (key === "+" || key === "=") zoom(STEP);
    else if (key === "-") zoom(1 / STEP);
    else if (key === "0") setWhole();
    else if (key === "Escape") setPinned(null);
    else return;
    event.preventDefault();
  };
}
