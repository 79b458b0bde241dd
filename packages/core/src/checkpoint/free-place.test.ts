import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { assertApart, assertFree } from "./free-place.js";

let folder: string;
const at = (path: string) => join(folder, path);
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "out-")));
  await mkdir(at("data/photos"), { recursive: true });
  await symlink(at("data"), at("link"));
});
afterEach(() => rm(folder, { recursive: true }));

it("a new or an empty folder is free; one with anything in it is not, nor is a file or a link to nowhere", async () => {
  await assertFree(at("new/deeper"));
  await mkdir(at("empty"));
  await assertFree(at("empty"));
  await assertFree(at("data/photos"));
  await expect(assertFree(at("data"))).rejects.toThrow(
    "must be new or empty, and it holds photos. Nothing there is overwritten",
  );
  await writeFile(at("file"), "");
  await expect(assertFree(at("file"))).rejects.toThrow("a file is there");
  await symlink(at("nowhere"), at("dangling"));
  await expect(assertFree(at("dangling"))).rejects.toThrow("a file is there");
  expect((await readdir(folder)).sort()).toEqual(["dangling", "data", "empty", "file", "link"]);
});

it.each([
  ["data/run", "data"],
  ["data", "data"],
  ["data/not/there/yet", "data"],
  ["link/run", "data"],
  ["data/run", "link"],
  ["data/photos/../run", "data"],
])("%s must not be inside the data %s", async (out, data) => {
  const refused = /must not be inside data .*Name a place beside it: out /;
  await expect(assertApart(at(out), at(data))).rejects.toThrow(refused);
  await expect(assertApart(relative(".", at(out)), at(data))).rejects.toThrow(refused);
});

it("data must not be inside out; folders beside each other, or of like names, are apart", async () => {
  await expect(assertApart(at("data"), at("data/photos"))).rejects.toThrow("Name another folder for out");
  await assertApart(at("run"), at("data"));
  await assertApart(at("database"), at("data"));
  await assertApart(at("..run"), at("data"));
});
