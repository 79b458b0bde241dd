import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hubModel } from "./hub-model.js";

const COMMIT = "a".repeat(40);
const MODEL = Buffer.from("the weights");
const files: Readonly<Record<string, Buffer>> = {
  "config.json": Buffer.from("{}"),
  "onnx/model.onnx": MODEL,
  "onnx/model.onnx_data": Buffer.from("more"),
  "onnx/model_quantized.onnx": Buffer.from("few"),
  "../../escaped.json": Buffer.from("{}"),
  "pytorch_model.bin": Buffer.from("pickle"),
};

let cache: string;
let server: Server;
let endpoint: string;
let sha256: string;
let requests: string[];
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), "autodidact-"));
  requests = [];
  sha256 = createHash("sha256").update(MODEL).digest("hex");
  server = createServer(({ url = "" }, answer) => {
    requests.push(url);
    const { pathname } = new URL(url, "http://hub");
    if (pathname === "/api/models/owner/name/revision/main") {
      const siblings = Object.keys(files).map((rfilename) => ({
        rfilename,
        ...(rfilename === "onnx/model.onnx" && { lfs: { sha256 } }),
      }));
      answer.end(JSON.stringify({ sha: COMMIT, siblings }));
      return;
    }
    const bytes = files[pathname.replace(`/owner/name/resolve/${COMMIT}/`, "")];
    answer.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await rm(cache, { recursive: true });
});

const model = (id: string, file = "model.onnx") => hubModel(id, { file, say: () => {}, endpoint, cache });

it("fetches what is needed once, into a folder of its commit", async () => {
  const folder = await model("hf:owner/name");
  expect(folder).toBe(join(cache, "hub/owner/name", COMMIT));
  expect((await readdir(folder, { recursive: true })).sort()).toEqual([
    "config.json",
    "onnx",
    join("onnx", "model.onnx"),
    join("onnx", "model.onnx_data"),
  ]);
  expect(await readFile(join(folder, "onnx/model.onnx"))).toEqual(MODEL);
  const before = requests.length;
  await model("hf:owner/name");
  expect(requests.slice(before)).toEqual(["/api/models/owner/name/revision/main?blobs=true"]);
  await model(`hf:owner/name@${COMMIT}`); // of a commit nothing is asked
  expect(requests).toHaveLength(before + 1);
});

it("takes another file of onnx/", async () => {
  const folder = await model("hf:owner/name", "model_quantized.onnx");
  expect(await readdir(join(folder, "onnx"))).toEqual(["model_quantized.onnx"]);
});

it("keeps nothing that does not hold what the hub says", async () => {
  sha256 = "0".repeat(64);
  await expect(model("hf:owner/name")).rejects.toThrow("must hold what the hub says");
  expect(await readdir(join(cache, "hub/owner/name", COMMIT, "onnx"))).toEqual(["model.onnx_data"]);
});

it.each([
  ["hf:owner/name@other", "answers 404: it is not there, or not for everybody"],
  ["hf:owner", "must read hf:owner/name"],
  ["hf:../name", "must read hf:owner/name"],
])("refuses %s", async (id, told) => {
  await expect(model(id)).rejects.toThrow(told);
});

it("names the files that there are", async () => {
  await expect(model("hf:owner/name", "model_q4.onnx")).rejects.toThrow(
    "has no onnx/model_q4.onnx. Name one that it has, model.onnx, model_quantized.onnx: --onnx file=model.onnx",
  );
});

it("says where nobody answers", async () => {
  const asked = hubModel("hf:owner/name", { file: "model.onnx", say: () => {}, endpoint: "http://127.0.0.1:1", cache });
  await expect(asked).rejects.toThrow("hf:owner/name cannot be fetched:");
});
