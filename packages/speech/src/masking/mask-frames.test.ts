import { createRandom } from "@autodidact/core";
import { useTestBackend } from "@autodidact/core/testing";
import { beforeAll, describe, expect, test } from "vitest";
import { drawFrameMasks, spanCount } from "./mask-frames.js";

beforeAll(useTestBackend);

/** What the masks of many utterances are, as arrays. */
function drawn(utterances: number, sizes: { frames: number; bands: number }, options = {}, seed = 1) {
  const { chosen, source, kept, band } = drawFrameMasks(utterances, sizes, createRandom(seed), options);
  return { chosen: chosen.arraySync(), source: source.arraySync(), kept: kept.arraySync(), band: band.arraySync() };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const place = (_: number, i: number) => i;

describe("drawFrameMasks", () => {
  test("15 % of the frames are chosen, in spans of 7 that do not overlap, in every utterance as many", () => {
    expect(spanCount(280, {})).toBe(6); // 0.15 · 280 = 42
    expect(spanCount(1500, {})).toBe(32); // 225 / 7 = 32.1
    expect(spanCount(20, {})).toBe(1);
    const { chosen } = drawn(100, { frames: 280, bands: 10 });
    for (const frames of chosen) expect(sum(frames)).toBe(42);
    const runs = chosen.flatMap((frames) => frames.join("").split(/0+/)).filter((run) => run !== "");
    expect(runs.every((run) => run.length % 7 === 0)).toBe(true); // neighbours make 14
  });

  test("every frame is chosen about as often", () => {
    const { chosen } = drawn(3000, { frames: 12, bands: 3 }, { span: 3, share: 0.5 });
    const counts = chosen[0]!.map((_, frame) => sum(chosen.map((frames) => frames[frame]!)) / 3000);
    expect(sum(counts)).toBeCloseTo(6, 5);
    // 28 placements of 2 spans of 3 in 12 frames: the first frame is in 7 of them, the sixth in 16
    expect(Math.abs(counts[0]! - 7 / 28)).toBeLessThan(0.04);
    expect(Math.abs(counts[5]! - 16 / 28)).toBeLessThan(0.04);
  });

  test("the die is rolled once an utterance: 80 % zeroed, 10 % replaced, 10 % left", () => {
    const { chosen, source, kept } = drawn(2000, { frames: 60, bands: 10 });
    const kinds = { zeroed: 0, replaced: 0, left: 0, mixed: 0 };
    for (const [n, frames] of chosen.entries()) {
      const at = frames.map(place).filter((i) => frames[i] === 1);
      const zeroed = at.filter((i) => kept[n]![i] === 0).length;
      const moved = at.filter((i) => source[n]![i] !== i).length;
      if (zeroed > 0 && (zeroed < at.length || moved > 0)) kinds.mixed += 1;
      else if (zeroed > 0) kinds.zeroed += 1;
      else if (moved > 0) kinds.replaced += 1;
      else kinds.left += 1;
      for (const i of frames.map(place)) {
        if (frames[i] === 1) continue;
        if (kept[n]![i] !== 1 || source[n]![i] !== i) throw new Error(`frame ${i} is altered, and not chosen`);
      }
    }
    expect(kinds.mixed).toBe(0);
    expect(Math.abs(kinds.zeroed / 2000 - 0.8)).toBeLessThan(0.03);
    expect(Math.abs(kinds.replaced / 2000 - 0.1)).toBeLessThan(0.02);
    expect(Math.abs(kinds.left / 2000 - 0.1)).toBeLessThan(0.02);
  });

  test("what replaces a span is a span of the same utterance", () => {
    const { chosen, source } = drawn(400, { frames: 40, bands: 10 });
    for (const [n, frames] of chosen.entries()) {
      expect(Math.min(...source[n]!)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...source[n]!)).toBeLessThan(40);
      const first = frames.indexOf(1);
      for (let i = 1; i < 7; i += 1) expect(source[n]![first + i]! - source[n]![first]!).toBe(i);
    }
  });

  test("a band of 0 to 20 % of the channels, each width as likely, in every place", () => {
    const { band } = drawn(3000, { frames: 20, bands: 10 });
    const widths = [0, 0, 0];
    const places = new Set<number>();
    for (const channels of band) {
      const width = sum(channels);
      widths[width]! += 1;
      if (width === 0) continue;
      const first = channels.indexOf(1);
      places.add(first);
      expect(sum(channels.slice(first, first + width))).toBe(width); // one piece
    }
    for (const count of widths) expect(Math.abs(count / 3000 - 1 / 3)).toBeLessThan(0.04);
    expect(places.size).toBe(10); // the last channel too
    expect(drawn(50, { frames: 20, bands: 10 }, { bandShare: 0 }).band.flat()).not.toContain(1);
  });

  test("the same seed gives the same masks", () => {
    expect(drawn(4, { frames: 30, bands: 5 }, {}, 3)).toEqual(drawn(4, { frames: 30, bands: 5 }, {}, 3));
    expect(drawn(4, { frames: 30, bands: 5 }, {}, 4)).not.toEqual(drawn(4, { frames: 30, bands: 5 }, {}, 3));
  });
});
