import { describe, expect, it } from "vitest";
import { liveLine } from "./live-line.js";

function terminal(settings: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  return { ...settings, written, write: (text: string) => written.push(text) };
}

describe("on a terminal", () => {
  it("writes over itself and keeps within the width, so that it stays one line", () => {
    const screen = terminal({ isTTY: true, columns: 30 });
    const line = liveLine(screen);
    line.show("step 1");
    line.show("x".repeat(99));
    line.end();
    expect(screen.written).toEqual(["\r\x1b[2Kstep 1", `\r\x1b[2K${"x".repeat(29)}`, "\n"]);
  });

  it("prints messages above", () => {
    const screen = terminal({ isTTY: true });
    const line = liveLine(screen);
    line.show("step 1");
    line.print("saved");
    expect(screen.written.at(-1)).toBe("\r\x1b[2Ksaved\nstep 1");
  });
});

describe("on a pipe", () => {
  it("writes a plain line now and then, and the last one always", () => {
    const pipe = terminal({});
    let now = 0;
    const line = liveLine(pipe, { plainEverySeconds: 10, now: () => now });
    for (const [at, text] of [
      [0, "a"],
      [4000, "b"],
      [9999, "c"],
      [10_000, "d"],
      [12_000, "e"],
    ] as const) {
      now = at;
      line.show(text);
    }
    expect(pipe.written).toEqual(["a\n", "d\n"]);
    line.end();
    line.end();
    expect(pipe.written).toEqual(["a\n", "d\n", "e\n"]);
  });
});
