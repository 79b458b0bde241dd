/** The Rust kernels' part of the root scripts. Cargo is optional: where it or its crates are not there, that is said, and no failure. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./processes.mjs";

const manifest = ["--manifest-path", join(root, "packages", "kernels", "native", "Cargo.toml")];
const note = join(root, "packages", "kernels", "dist", "native", "kernels.json");

/** Turbo shows nothing of a build that went well, and one without kernels does. */
export function sayWhetherBuilt() {
  const { absent } = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : {};
  if (absent) console.log(`Kernels: not built, ${absent}. All works without them; training is slower.`);
}

/**
 * The unit tests.
 *
 * @returns {Promise<{ text: string, code: number } | undefined>} what cargo printed; undefined where it is not
 */
export async function testKernels() {
  if (!(await isThere("test"))) return undefined;
  let text = "";
  const options = ["test", ...manifest, "--release", "--locked", "--offline"];
  const code = await run("cargo", options, { onOutput: (chunk) => (text += chunk) });
  return { text, code };
}

/** Clippy and the formatter. @returns {Promise<number>} */
export async function lintKernels() {
  if (!(await isThere("clippy"))) return 0;
  const where = [...manifest, "--all-targets", "--locked", "--offline", "--quiet"];
  const clippy = await run("cargo", ["clippy", ...where, "--", "-D", "warnings"]);
  const format = (await isThere("fmt")) ? await run("cargo", ["fmt", ...manifest, "--check"]) : 0;
  return clippy || format;
}

/** @param {string} command of cargo: "test" is built in, clippy and fmt are components */
async function isThere(command) {
  const lacks = await lacking(command);
  if (lacks) console.log(`Kernels: no cargo ${command}, ${lacks}.`);
  return !lacks;
}

/** @param {string} command */
async function lacking(command) {
  const fails = async (/** @type {string[]} */ args) => (await run("cargo", args, { quiet: true })) !== 0;
  if (await fails(["--version"])) return "cargo is not installed";
  if (command !== "test" && (await fails([command, "--version"]))) return `cargo ${command} is not installed`;
  if (await fails(["fetch", ...manifest, "--locked", "--offline"])) return "cargo has not fetched its crates";
  return undefined;
}
