import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whole } from "@autodidact/core/cards";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { EvaluationTask } from "../tasks/evaluation-task.js";
import { planCells } from "./plan-cells.js";
import type { ReadSuite } from "./read-suite.js";
import { taskSchema } from "./suite.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  for (const [name, text] of Object.entries({ photos: "cat", mails: "mail", seen: "weights", read: "words" })) {
    await mkdir(at(name));
    await writeFile(join(at(name), "model.safetensors"), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const asked = (takesBudgets: boolean): EvaluationTask => ({
  summary: "",
  version: 2,
  takesBudgets,
  options: { k: whole("neighbours") },
  // biome-ignore lint/correctness/useYield: nothing is asked while cells are planned
  async *run() {
    throw new Error("asked");
  },
});
const tasks = { image: { knn: asked(true), places: asked(false) }, text: { knn: asked(true) } };
const modalityOf = async (path: string) => (path === at("read") ? "text" : "image") as "text" | "image";
const task = (told: object) =>
  taskSchema.parse({ name: "photos", modality: "image", data: at("photos"), protocol: "knn", ...told });
const suiteOf = (...told: object[]): ReadSuite => ({
  name: "small",
  encoders: [
    { name: "seen", folder: at("seen") },
    { name: "read", folder: at("read") },
  ],
  tasks: told.map(task),
});

it("makes a cell of each encoder and task of one modality, and says of other pairs why they do not fit", async () => {
  const looked: string[] = [];
  const suite = suiteOf(
    { labelShares: [1, 0.5], options: { k: 3 } },
    { name: "again", labelShares: [0.5, 1], options: { k: 3 } },
    { name: "mails", modality: "text", data: at("mails") },
    { name: "talks", modality: "speech", data: at("mails"), protocol: "any" },
  );
  const { cells, passedOver } = await planCells(suite, { tasks, modalityOf, say: (text) => looked.push(text) });
  expect(cells.map(({ cell }) => [cell.encoder.name, cell.task.name, cell.task.protocol.version])).toEqual([
    ["seen", "photos", 2],
    ["read", "mails", 2],
  ]);
  expect(cells[0]!.budgets).toEqual([{ labelShare: 0.5 }, {}]);
  expect(passedOver.map(({ encoder, task: name, why }) => `${encoder} × ${name}: ${why}`)).toEqual([
    "seen × again: it is the same cell as seen × photos",
    "seen × mails: the encoder is of images, the task of text",
    "seen × talks: no package for speech is installed",
    "read × photos: the encoder is of text, the task of images",
    "read × again: the encoder is of text, the task of images",
    "read × talks: no package for speech is installed",
  ]);
  expect(looked).toContain(`looking at ${at("photos")}`);
});

it("refuses what a protocol cannot be asked before anything is run", async () => {
  const plan = (told: object) => planCells(suiteOf(told), { tasks, modalityOf });
  await expect(plan({ protocol: "guess" })).rejects.toThrow(
    "Task photos: of images guess cannot be asked. Take knn or places.",
  );
  await expect(plan({ options: { colour: 1 } })).rejects.toThrow("colour");
  await expect(plan({ protocol: "places", labelsPerClass: [8] })).rejects.toThrow(
    "Task photos: labelsPerClass does not go with places. Leave it out.",
  );
});
