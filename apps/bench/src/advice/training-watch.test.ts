import { expect, it } from "vitest";
import { trainingWatch } from "./training-watch.js";

function watched(wanted: number, secondsAStep: number) {
  let [ms, ends] = [0, 0];
  const watch = trainingWatch(
    wanted,
    () => {
      ends += 1;
    },
    () => ms,
  );
  let steps = 0;
  while (ends === 0) {
    ms += 1000 * (steps === 0 ? 60 : secondsAStep); // the first is compiled
    watch.lap();
    steps += 1;
  }
  return { steps, seconds: watch.seconds() };
}

it("counts from the first step on, without its compilation, and ends as near to the seconds as steps allow", () => {
  expect(watched(10, 1)).toEqual({ steps: 10, seconds: 10 });
  expect(watched(10, 3)).toEqual({ steps: 3, seconds: 9 });
  expect(watched(10, 4)).toEqual({ steps: 2, seconds: 8 }); // 12 is as far
});

it("makes two steps at least, and ends once", () => {
  expect(watched(0.1, 5)).toEqual({ steps: 2, seconds: 10 });
  let ends = 0;
  let ms = 0;
  const watch = trainingWatch(
    1,
    () => {
      ends += 1;
    },
    () => ms,
  );
  for (let step = 0; step < 9; step++) {
    ms += 1000;
    watch.lap();
  }
  expect(ends).toBe(1);
});
