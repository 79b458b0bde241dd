import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "@autodidact/core";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MethodsView, PretrainRequest } from "../api.js";
import { askedApp } from "../testing/asked-app.js";
import { idOf } from "./ids.js";
import type { Pretraining } from "./pretraining.js";

const field = { help: "", usual: "", usually: null, unit: null, choices: null };
const methods: MethodsView["methods"] = [
  {
    name: "simclr",
    modality: "image",
    summary: "views",
    groups: [
      {
        heading: "Learning",
        fields: [
          { ...field, name: "steps", unit: "n" },
          { ...field, name: "quiet" },
          { ...field, name: "encoder", unit: "name", choices: ["resnet18", "vit"] },
        ],
      },
    ],
  },
];
const request = { method: "simclr", data: "photos", name: "first-1_b", options: {} };

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "pretraining-"));
});
afterAll(() => rm(root, { recursive: true }));

function served(told: Partial<Pretraining> = {}) {
  const started: PretrainRequest[] = [];
  const app = askedApp(root, {
    pretraining: {
      methods,
      data: [
        { name: "photos", modality: null },
        { name: "speeches", modality: "text" },
      ],
      fault: (_, option, value) => (option === "steps" && !/^\d+$/.test(String(value)) ? "A whole number." : undefined),
      start: async (own) => void started.push(own),
      ...told,
    },
  });
  const post = async (body: unknown) => {
    const answer = await app.post("/api/pretrain", body);
    return [answer.status, await answer.json()];
  };
  return { app, started, post };
}

it("the form is told, and nothing where nothing can be started", async () => {
  expect(await served().app.json("/api/methods")).toMatchObject({ methods, data: [{ name: "photos" }, {}] });
  expect(await askedApp(root).json("/api/methods")).toEqual({ methods: [], data: [] });
  expect((await askedApp(root).post("/api/pretrain", request)).status).toBe(403);
});

it("starts what was filled in, and leaves out what was left empty", async () => {
  const { started, post } = served();
  const options = { steps: "3", quiet: true, encoder: "" };
  expect(await post({ ...request, options })).toEqual([200, { id: idOf("first-1_b") }]);
  expect(started).toEqual([{ ...request, options: { steps: "3", quiet: true } }]);
});

it.each<[string | undefined, object]>([
  ["method", { method: "rm -rf" }],
  ["data", { data: "/etc" }],
  ["data", { data: "speeches" }],
  ["name", { name: "../outside" }],
  ["name", { name: "-flag" }],
  ["name", { name: "" }],
  ["name", { name: "a".repeat(65) }],
  ["name", { name: "taken" }],
  ["steps", { options: { steps: "many" } }],
  ["steps", { options: { steps: true } }],
  ["quiet", { options: { quiet: "yes" } }],
  ["encoder", { options: { encoder: "../../x" } }],
  ["init", { options: { init: "/etc/passwd" } }],
  ["toString", { options: { toString: "x" } }],
  [undefined, { command: "ls" }],
])("refuses at %s: %j", async (at, told) => {
  await mkdir(join(root, "taken"), { recursive: true });
  const { started, post } = served();
  const [status, error] = await post({ ...request, ...told });
  expect(status).toBe(422);
  expect((error as { field?: string }).field).toBe(at);
  expect(started).toEqual([]);
});

it("tells why what was asked did not begin", async () => {
  const { post } = served({ start: () => Promise.reject(new UsageError("photos holds no images")) });
  expect(await post(request)).toEqual([422, { error: "photos holds no images" }]);
});

it("nothing but the form's own ever starts", async () => {
  const { started, post } = served();
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      expect((await post(value))[0]).toBe(422);
    }),
  );
  expect(started).toEqual([]);
});
