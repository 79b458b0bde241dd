/**
 * The map on its canvas: points by label, the chosen one ringed, its neighbours joined to it.
 */
import { paintOf, SERIES_COLOURS } from "../plots/series-colour.js";
import type { LabelLook } from "./label-looks.js";
import { type Plane, type Size, toScreen, type View } from "./view.js";

export interface Marks {
  readonly current: number | null;
  readonly pinned: number | null;
  readonly neighbours: readonly number[];
  /** Null: all labels are shown alike. */
  readonly label: string | null;
}

export interface MapLook {
  /** By row; undefined where the file tells no labels. */
  readonly looks: readonly LabelLook[] | undefined;
  readonly marks: Marks;
}

export function drawMap(
  canvas: HTMLCanvasElement,
  plane: Plane,
  view: View,
  size: Size,
  { looks, marks }: MapLook,
): void {
  const paint = canvas.getContext("2d")!;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  paint.setTransform(ratio, 0, 0, ratio, 0, 0);
  const colours = Array.from({ length: SERIES_COLOURS }, (_, place) => paintOf(`--series-${place}`));
  const radius = radiusOf(plane.x.length);
  const place = (row: number) => toScreen(view, size, plane.x[row]!, plane.y[row]!);

  for (let row = 0; row < plane.x.length; row++) {
    const { left, top } = place(row);
    if (left < -radius || top < -radius || left > size.width + radius || top > size.height + radius) continue;
    const look = looks?.[row];
    const isFaint = marks.label !== null && look?.label !== marks.label;
    paint.globalAlpha = isFaint ? 0.08 : 0.8;
    paint.fillStyle = colours[look?.colour ?? 0]!;
    paint.fill(shapeAt(look?.shape ?? "disk", left, top, radius));
  }
  paint.globalAlpha = 1;
  drawMarks(paint, marks, place, radius);
}

/** Many points are small points. */
const radiusOf = (points: number) => (points > 5000 ? 2.25 : points > 1000 ? 3 : 4);

function shapeAt(shape: LabelLook["shape"], left: number, top: number, radius: number): Path2D {
  const path = new Path2D();
  if (shape === "disk") path.arc(left, top, radius, 0, 2 * Math.PI);
  else if (shape === "square") path.rect(left - radius * 0.9, top - radius * 0.9, radius * 1.8, radius * 1.8);
  else {
    const corners = shape === "triangle" ? 3 : 4;
    for (let corner = 0; corner < corners; corner++) {
      const angle = (2 * Math.PI * corner) / corners - Math.PI / 2;
      path.lineTo(left + 1.25 * radius * Math.cos(angle), top + 1.25 * radius * Math.sin(angle));
    }
    path.closePath();
  }
  return path;
}

type Place = (row: number) => { left: number; top: number };

function drawMarks(paint: CanvasRenderingContext2D, marks: Marks, place: Place, radius: number): void {
  const { current, pinned, neighbours } = marks;
  paint.strokeStyle = paintOf("--ink");
  if (pinned !== null) {
    const from = place(pinned);
    paint.lineWidth = 1;
    for (const row of neighbours) {
      const { left, top } = place(row);
      paint.globalAlpha = 0.45;
      paint.beginPath();
      paint.moveTo(from.left, from.top);
      paint.lineTo(left, top);
      paint.stroke();
      paint.globalAlpha = 1;
      ring(paint, left, top, radius + 2);
    }
    paint.lineWidth = 2.5;
    ring(paint, from.left, from.top, radius + 4);
  }
  if (current !== null && current !== pinned) {
    const { left, top } = place(current);
    paint.lineWidth = 2;
    ring(paint, left, top, radius + 3);
  }
}

function ring(paint: CanvasRenderingContext2D, left: number, top: number, radius: number): void {
  paint.beginPath();
  paint.arc(left, top, radius, 0, 2 * Math.PI);
  paint.stroke();
}
