import { expect, it } from "vitest";
import type { Modality } from "../modality.js";
import { chooseAdvised } from "./advisable.js";

/** Reads data of its own name alone, by any method but `picky`. */
const reads = (data: string, ...also: string[]) =>
  ({
    data,
    methods: { [`${data}-a`]: {}, [`${data}-b`]: {}, [`${data}-told`]: { isSupervised: true } },
    options: () => ({}),
    advice: { reading: {}, openSample: () => {} },
    async plan(method: string, path: string) {
      if (method.endsWith("-a") && path === "picky") throw new Error(`${method} is picky`);
      if (path !== data && !also.includes(path)) throw new Error(`${path} is none of ${data}`);
      return {};
    },
  }) as unknown as Modality;
const present = [reads("images", "both", "picky"), reads("text", "both")];
const choose = (data: string, asked: { as?: string; methods?: string[] } = {}) =>
  chooseAdvised(present, { data, words: [], ...asked });

it("takes what can read the data, all methods or those that are named", async () => {
  const { modality, typed } = await choose("text");
  expect([modality.data, [...typed.keys()]]).toEqual(["text", ["text-a", "text-b"]]);
  expect([...(await choose("both", { methods: ["text-b", "text-b"] })).typed.keys()]).toEqual(["text-b"]);
  expect([...(await choose("text", { methods: ["text-told"] })).typed.keys()]).toEqual(["text-told"]);
  expect((await choose("both", { as: "images" })).modality.data).toBe("images");
  expect((await choose("picky")).modality.data).toBe("images"); // one method that cannot is no reason against the others
});

it("asks where several can, and says why none can", async () => {
  await expect(choose("both")).rejects.toThrow("choose --as images or --as text");
  await expect(choose("sound")).rejects.toThrow("as images: sound is none of images");
  await expect(choose("text", { as: "images" })).rejects.toThrow("text is none of images");
  await expect(choose("both", { methods: ["images-a", "text-a"] })).rejects.toThrow("must be of one kind of data");
  await expect(choose("both", { methods: ["nothing"] })).rejects.toThrow(
    "for images: images-a, images-b, images-told; for text: text-a",
  );
});
