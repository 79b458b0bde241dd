import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openAdviceFolder } from "./advice-folder.js";

let folder: string;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "advice-"));
  printed = [];
});
afterEach(() => rm(folder, { recursive: true }));

const asked = { data: "/photos", budgetSeconds: 60 };
const open = (told: Record<string, string | number> = asked) =>
  openAdviceFolder(join(folder, "advice"), told, (text) => printed.push(text));

it("tells a later process what has happened, but for half a line", async () => {
  const first = await open();
  const prepared = { kind: "prepared", candidate: "simclr", overheadSeconds: 1, spentSeconds: 2 } as const;
  await first.add({ kind: "sample", examples: 40, classes: ["cats", "dogs"], raw: "raw pixels", answers: ["01"] });
  await first.add(prepared);
  await first.release();
  await appendFile(join(folder, "advice/advice.jsonl"), '{"kind":"pilot","cand');
  const second = await open();
  expect(second.before).toEqual([prepared]);
  expect(second.sample).toMatchObject({ examples: 40, answers: ["01"] });
  expect(printed).toEqual([expect.stringContaining("line 4 is damaged, and passed over")]);
  await second.add({ ...prepared, candidate: "mae" });
  await second.release();
  expect((await readFile(join(folder, "advice/advice.jsonl"), "utf8")).trim().split("\n")).toHaveLength(5);
});

it("refuses other questions, other folders, and a second process", async () => {
  const first = await open();
  await expect(open()).rejects.toThrow("in use by process");
  await first.release();
  await expect(open({ ...asked, budgetSeconds: 90 })).rejects.toThrow("budgetSeconds: 60 then, 90 now");
  await mkdir(join(folder, "other"));
  await writeFile(join(folder, "other/letter.txt"), "mine");
  await expect(openAdviceFolder(join(folder, "other"), asked, () => {})).rejects.toThrow("must be new or empty");
});
