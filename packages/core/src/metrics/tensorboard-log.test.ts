import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { maskedCrc32c } from "./crc32c.js";
import { openTensorboardLog } from "./tensorboard-log.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tensorboard-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** The payloads of a TFRecord file, every checksum verified. */
async function payloadsOf(path: string): Promise<Buffer[]> {
  const bytes = await readFile(path);
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const payload = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(payload));
    payloads.push(payload);
    at += 16 + length;
  }
  return payloads;
}

test("each run of the log is a file of its own: version, restart, scalars", async () => {
  const first = await openTensorboardLog(folder);
  await first.append(1, { loss: 2.5 });
  await first.append(2, { loss: Number.NaN });
  await first.close();
  const second = await openTensorboardLog(folder, { resumeFrom: 1 });
  await second.append(2, { loss: 1.5 });
  await second.close();

  const files = await readdir(folder);
  expect(files).toHaveLength(2);
  for (const file of files) {
    expect(file).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    const payloads = await payloadsOf(join(folder, file));
    expect(payloads).toHaveLength(3);
    expect(payloads[0]!.includes("brain.Event:2")).toBe(true);
  }
});
