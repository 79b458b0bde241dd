import { expect, it } from "vitest";
import { nearestPoint, pointTowards } from "./nearest.js";
import { panned, toScreen, wholeView, zoomed } from "./view.js";

const size = { width: 256, height: 156 };
/** A cross: middle, right, left, up, down. */
const plane = { x: [0, 1, -1, 0, 0], y: [0, 0, 0, 1, -1] };
const whole = wholeView(plane, size);

it("sees all points at first, up being up", () => {
  expect(whole).toEqual({ centreX: 0, centreY: 0, scale: 50 });
  expect(toScreen(whole, size, 0, 1)).toEqual({ left: 128, top: 28 });
});

it("keeps what is under the pointer when it zooms", () => {
  const near = zoomed(whole, 4, whole, size, 178, 78);
  expect(near.scale).toBe(200);
  const place = toScreen(near, size, 1, 0);
  expect(place.left).toBeCloseTo(178);
  expect(place.top).toBeCloseTo(78);
});

it("goes no further in or out than is of use", () => {
  expect(zoomed(whole, 1e9, whole, size, 0, 0).scale).toBe(50 * 200);
  expect(zoomed(whole, 1e-9, whole, size, 0, 0).scale).toBe(25);
});

it("moves the plane with the hand", () => {
  const { left, top } = toScreen(panned(whole, 10, -20), size, 0, 0);
  expect([left, top]).toEqual([138, 58]);
});

it("finds the nearest point within reach", () => {
  expect(nearestPoint(plane, whole, size, { left: 175, top: 80 }, 12)).toBe(1);
  expect(nearestPoint(plane, whole, size, { left: 10, top: 10 }, 12)).toBeNull();
});

it("walks by arrows, and stands still at the edge", () => {
  expect(pointTowards(plane, 0, "ArrowRight")).toBe(1);
  expect(pointTowards(plane, 0, "ArrowUp")).toBe(3);
  expect(pointTowards(plane, 1, "ArrowLeft")).toBe(0);
  expect(pointTowards(plane, 4, "ArrowDown")).toBe(4);
});

it("has a view of one point", () => {
  const one = wholeView({ x: [3], y: [4] }, size);
  expect(toScreen(one, size, 3, 4)).toEqual({ left: 128, top: 78 });
});
