import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { groupsFrom } from "./group-table.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  const rows = [
    "path,colour,size",
    "test/cats/1.png,red,small",
    "test/cats/2.png,,large",
    "test/dogs/1.png,blue,large",
  ];
  await writeFile(at("groups.csv"), rows.join("\n"));
});
afterAll(() => rm(folder, { recursive: true }));

it("joins by the name, or by its end where only one ends so", async () => {
  const asked = { id: "path", columns: ["colour", "size"] };
  expect(await groupsFrom(at("groups.csv"), asked, ["dogs/1.png", "test/cats/2.png", "cats/1.png"])).toEqual({
    colour: ["blue", "(none)", "red"],
    size: ["large", "large", "small"],
  });
});

it("refuses what is not told, told twice, or named unclearly", async () => {
  const asked = (...examples: string[]) => groupsFrom(at("groups.csv"), { id: "path", columns: ["colour"] }, examples);
  await expect(asked("birds/1.png")).rejects.toThrow('its column path does not name "birds/1.png"');
  await expect(asked("1.png")).rejects.toThrow("several files that end like");
  await expect(groupsFrom(at("groups.csv"), { id: "path", columns: ["topic"] }, [])).rejects.toThrow("a column topic");
  await writeFile(at("twice.csv"), "text,topic\nA film.,war\nA film.,love\n");
  await expect(groupsFrom(at("twice.csv"), { id: "text", columns: ["topic"] }, [])).rejects.toThrow("got war and love");
});
