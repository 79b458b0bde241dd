import { expect, it } from "vitest";
import { CorruptSampleError } from "./dataset.js";
import { readAllowed } from "./read-allowed.js";

const odd = {
  length: 8,
  async get(row: number) {
    if (row % 4 === 3) throw new CorruptSampleError(`${row}.wav`, "truncated");
    return row;
  },
};
const asked = { who: "openVoices", noun: "recordings" };

it("reads what can be read, in order, and names what is passed over", async () => {
  const told: string[] = [];
  const read = await readAllowed(odd, { ...asked, onCorrupt: ({ id }) => void told.push(id) });
  expect([read, told]).toEqual([
    [0, 1, 2, 4, 5, 6],
    ["3.wav", "7.wav"],
  ]);
  expect(await readAllowed(odd, { ...asked, rows: [5, 3, 1], maxCorrupt: 1 })).toEqual([5, 1]);
});

it("refuses more broken ones than may be, after all were looked at", async () => {
  await expect(readAllowed(odd, { ...asked, maxCorrupt: 1 })).rejects.toThrow(
    "openVoices: at most 1 of 8 recordings may be broken, and 2 cannot be read:\n  3.wav: truncated\n  7.wav: truncated\nRepair or remove them, or allow it by { maxCorrupt: 2 }.",
  );
});
