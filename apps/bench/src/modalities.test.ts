import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { images } from "./images/modality.js";
import { describeMissing, loadModalities, modalityOf } from "./modalities.js";
import { program } from "./program.js";

const notFound = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from x.js`), { code: "ERR_MODULE_NOT_FOUND" });
const there = { data: "images", package: "@autodidact/vision", load: async () => images };
const failing = (name: string) => ({
  data: "text",
  package: "@autodidact/text",
  load: () => Promise.reject(notFound(name)),
});

describe("loadModalities", () => {
  it("leaves out what is not installed, and tells how it comes", async () => {
    const modalities = await loadModalities([there, failing("@autodidact/text")]);
    expect(modalities.present).toEqual([images]);
    expect(describeMissing(modalities)).toBe("Not installed: text (npm install @autodidact/text)");
    const help = (await program(modalities)).helpInformation();
    expect(help).toContain("pretrain");
    expect(help).not.toContain("fill-mask");
  });

  it("does not hide a package that is there and broken", async () => {
    await expect(loadModalities([there, failing("sharp")])).rejects.toThrow("'sharp'");
    await expect(loadModalities([there, failing("@autodidact/text-of-another")])).rejects.toThrow("of-another");
  });
});

describe("modalityOf", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "autodidact-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const holding = async (config: object) => {
    await writeFile(join(folder, "config.json"), JSON.stringify(config));
    return modalityOf(folder);
  };

  it("goes by the method, or by the model that Hugging Face names", async () => {
    expect((await holding({ method: "simclr" })).data).toBe("images");
    expect((await holding({ method: "bert" })).data).toBe("text");
    expect((await holding({ model_type: "gpt2" })).data).toBe("text");
    expect((await holding({ model_type: "resnet" })).data).toBe("images");
    expect((await holding({ method: "best-rq" })).data).toBe("speech");
    expect((await holding({ model_type: "wav2vec2" })).data).toBe("speech");
    await expect(holding({ model_type: "whisper" })).rejects.toThrow('got "whisper"');
    await expect(holding({ method: "mocco" })).rejects.toThrow(
      /must name a method \(byol, .*moco, .*simclr, .*got "mocco"/,
    );
  });
});
