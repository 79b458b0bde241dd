import { expect, test } from "vitest";
import { stopwatch } from "./pace.js";

test("the caller's time and, from the second step on, the first step's are left out", async () => {
  let ms = 0;
  const watch = stopwatch(2, () => ms);
  const wait = (duration: number) => {
    const waited = watch.waiting(Promise.resolve());
    ms += duration;
    return waited;
  };
  await wait(100);
  ms += 900;
  expect(watch.lap(10)).toEqual({ samplesPerSecond: 10, secondsPerStep: 1, waitedForDataFraction: 0.1 });

  ms += 60_000; // the caller evaluates
  watch.resume();
  await wait(50);
  ms += 50;
  expect(watch.lap(10)).toEqual({ samplesPerSecond: 100, secondsPerStep: 0.1, waitedForDataFraction: 0.5 });
  ms += 300;
  expect(watch.lap(10)).toEqual({ samplesPerSecond: 50, secondsPerStep: 0.2, waitedForDataFraction: 0.125 });
  ms += 100; // the window is two steps
  expect(watch.lap(30)).toEqual({ samplesPerSecond: 100, secondsPerStep: 0.2, waitedForDataFraction: 0 });
});
