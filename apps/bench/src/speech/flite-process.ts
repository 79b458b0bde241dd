/**
 * Flite's own command line, once for each saying, in a sandbox that sees one folder. Run by flite.ts.
 */
import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Saying, SayMessage, SayRequest } from "./flite.js";

/** Node has it; the types of Node leave it to browsers'. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
}

const tell = (message: SayMessage) => new Promise((resolve) => process.send?.(message, resolve));

process.once("message", async ({ sayings, wasm, folder }: SayRequest) => {
  try {
    const say = await flite(wasm, folder);
    for (const saying of sayings) {
      await say(saying);
      await tell({ isSaid: true });
    }
  } catch (error) {
    await tell({ error: (error as Error).message });
  }
  process.disconnect();
});

async function flite(wasm: string, folder: string): Promise<(saying: Saying) => Promise<void>> {
  const { WASI } = await wasiOfNode();
  const { compile, instantiate } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const module = await compile(await readFile(wasm));
  return async ({ voice, pitch, pace, text, name }) => {
    const features = { int_f0_target_mean: pitch, duration_stretch: pace };
    const told = Object.entries(features).flatMap(([feature, value]) => ["--setf", `${feature}=${value.toFixed(3)}`]);
    const wasi = new WASI({
      version: "preview1",
      args: ["flite", "-voice", voice, ...told, "-t", text, "-o", `/out/${name}`],
      preopens: { "/out": folder },
      returnOnExit: true,
    });
    const instance = await instantiate(module, wasi.getImportObject());
    const code = wasi.start(instance);
    if (Number(code) !== 0) throw new Error(`flite ended with ${code} for ${JSON.stringify(text)} by ${voice}.`);
  };
}

/** Node calls it experimental on the standard error, amid what a run tells; its one function that is used here stands since Node 13. */
async function wasiOfNode(): Promise<typeof import("node:wasi")> {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return await import("node:wasi");
  } finally {
    process.emitWarning = emitWarning;
  }
}
