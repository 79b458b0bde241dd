import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frameStride, recordingWindows } from "./recording-windows.js";

const STRIDE = 4;
const framesOf = (samples: number) => Math.floor((samples - 6) / STRIDE) + 1; // of 6 samples each
const cutting = { stride: STRIDE, window: 50, overlap: 10, frames: framesOf };

describe("recordingWindows", () => {
  it("leaves a recording that fits a window whole", () => {
    expect(recordingWindows(50, cutting)).toEqual([{ start: 0, samples: 50, kept: [0, 12] }]);
  });

  it("takes every frame of the whole once, each from a window in whose middle it lies", () => {
    const asked = fc.record({
      total: fc.integer({ min: 51, max: 500 }),
      window: fc.integer({ min: 24, max: 50 }),
      overlap: fc.integer({ min: 0, max: 16 }),
    });
    fc.assert(
      fc.property(asked, ({ total, ...rest }) => {
        const windows = recordingWindows(total, { ...cutting, ...rest });
        const frames = windows.flatMap(({ start, kept: [from, to] }) => {
          return Array.from({ length: to - from }, (_, i) => start / STRIDE + from + i);
        });
        expect(frames).toEqual(Array.from({ length: framesOf(total) }, (_, i) => i));
        for (const [i, { start, samples, kept }] of windows.entries()) {
          expect(samples).toBeLessThanOrEqual(rest.window);
          expect(start + samples).toBeLessThanOrEqual(total);
          expect(kept[1]).toBeLessThanOrEqual(framesOf(samples));
          if (i > 0)
            expect(windows[i - 1]!.start + windows[i - 1]!.samples - start).toBeGreaterThanOrEqual(
              Math.min(rest.overlap, 1),
            );
        }
      }),
    );
  });

  it("refuses windows that are all overlap", () => {
    expect(() => recordingWindows(100, { ...cutting, overlap: 48 })).toThrow(
      "longer than their overlap by a frame (4 samples)",
    );
  });
});

describe("frameStride", () => {
  it("is the samples from one frame to the next", () => {
    expect(frameStride({ shortest: 6, frames: framesOf })).toBe(4);
    expect(frameStride({ shortest: 100, frames: (samples) => Math.floor(samples / 80) })).toBe(80);
  });
});
