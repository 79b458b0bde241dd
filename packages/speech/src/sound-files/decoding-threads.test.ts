import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CorruptSampleError } from "@autodidact/core";
import { describe, expect, it } from "vitest";
import { decodingThreads } from "./decoding-threads.js";

/** A thread that hangs on files that begin with 1, breaks on 2, and makes one sample of the others. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ bytes }) => {
      if (bytes[0] === 1) for (;;);
      if (bytes[0] === 2) throw new Error("unreachable executed");
      parentPort.postMessage({ progress: true });
      parentPort.postMessage({ decoded: { samples: Float32Array.of(bytes[0]), sampleRate: 8000, channels: 1 } });
    });
  `)}`,
);
const asked = (first: number) => ({ kind: "mp3" as const, bytes: Uint8Array.of(first), maxSeconds: 1 });

const cases: { subtype: string; file: string }[] = JSON.parse(
  readFileSync(new URL("../oracles/sound-files.json", import.meta.url), "utf8"),
);
const vorbis = Buffer.from(cases.find(({ subtype }) => subtype === "VORBIS")!.file, "base64");

describe("decodingThreads", () => {
  it("gives up a file that hangs or breaks its decoder, and reads the others", async () => {
    const decode = decodingThreads(program, 500);
    const files = [3, 1, 2, 4, 2, 5];
    const outcomes = await Promise.allSettled(files.map((first) => decode(`file ${first}`, asked(first))));
    const told = outcomes.map((outcome) =>
      outcome.status === "fulfilled" ? outcome.value.samples[0] : outcome.reason.message,
    );
    const broken = "file 2: it breaks the mp3 decoder (unreachable executed)";
    expect(told).toEqual([3, "file 1: the mp3 decoder hangs on it", broken, 4, broken, 5]);
    for (const outcome of outcomes)
      if (outcome.status === "rejected") expect(outcome.reason).toBeInstanceOf(CorruptSampleError);
  });

  it("leaves the bytes to their owner, and takes nothing that lies beside them", async () => {
    const shared = Uint8Array.of(9, 7, 9);
    const { samples } = await decodingThreads(program)("a", { ...asked(0), bytes: shared.subarray(1, 2) });
    expect([...samples]).toEqual([7]);
    expect([...shared]).toEqual([9, 7, 9]);
  });

  it("real threads name what ails a file, and go on", async () => {
    const decode = decodingThreads(new URL("./decode-worker.mjs", import.meta.url));
    const job = { kind: "ogg-vorbis" as const, bytes: vorbis, maxSeconds: 60 };
    await expect(decode("a", { ...job, kind: "mp4" as "mp3" })).rejects.toThrow("a: damaged mp4 (");
    await expect(decode("b", { ...job, maxSeconds: 0.01 })).rejects.toThrow(
      /^b: it is at least 0.1 s long, more than maxSeconds = 0.01/,
    );
    expect((await decode("c", job)).samples.length).toBeGreaterThan(1999);
  });

  it("no program waits for a thread that has nothing to do", async () => {
    const program = fileURLToPath(new URL("../testing/decode-and-end.ts", import.meta.url));
    const ran = promisify(execFile)(process.execPath, ["--import", "tsx", program, vorbis.toString("base64")], {
      timeout: 60_000,
    });
    expect(await ran).toEqual({ stdout: "2000\n", stderr: "" });
  });
});
