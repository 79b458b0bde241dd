import { expect, it } from "vitest";
import { drawnShare } from "./drawn-share.js";

it("draws a share, the larger of a seed holding the smaller; all in order where none is told", () => {
  const [few, more] = [drawnShare(40, { share: 0.1 }, 3), drawnShare(40, { share: 0.5 }, 3)];
  expect([few.length, more.length]).toEqual([4, 20]);
  expect(more).toEqual(expect.arrayContaining(few));
  expect(drawnShare(40, { share: 0.1 }, 4)).not.toEqual(few);
  expect(drawnShare(3, {}, 0)).toEqual([0, 1, 2]);
  expect(() => drawnShare(3, { share: 0.01 }, 0)).toThrow("Ask for 16.67 % at least");
});
