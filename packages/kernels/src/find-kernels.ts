/**
 * Where the kernels are: in the package for this platform, else in a clone's own build.
 *
 * Kernels that are found and cannot be used are an error, never a silent run without: who wants that switches them off.
 */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { checkedLibrary, type KernelLibrary } from "./checked-library.js";
import { noteOf } from "./note.js";
import { platformPackage, platforms } from "./platforms.js";

export type { KernelLibrary } from "./checked-library.js";

/** Why this machine computes without kernels, and how to get them. */
export interface NoKernels {
  readonly absent: string;
  readonly remedy: string;
}

const require = createRequire(import.meta.url);
const { version } = require("../package.json") as { version: string };

/** A clone has the Rust sources beside `dist`; what npm installs has not. */
const clone = {
  sources: fileURLToPath(new URL("../native/Cargo.toml", import.meta.url)),
  build: fileURLToPath(new URL("./native/", import.meta.url)),
};

/** The kernels for this machine. Throws where there are some of another version, or damaged ones. */
export function findKernels(): KernelLibrary | NoKernels {
  const name = platformPackage(process.platform, process.arch);
  const folder = packageFolder(name);
  if (folder) return checkedLibrary(folder, version, { from: name, remedy: reinstall(name) });
  if (!existsSync(clone.sources)) return notInstalled(name);

  const note = noteOf(clone.build);
  if (note === undefined) return { absent: "this clone has not built them", remedy: rebuild };
  if ("absent" in note) return { absent: note.absent, remedy: rebuild };
  return checkedLibrary(clone.build, version, { from: "this clone", remedy: rebuild });
}

const rebuild = "Install Rust (https://rustup.rs) and run: pnpm --filter @autodidact/kernels build";
const reinstall = (name: string) => `Run: npm install ${name}@${version}`;

function notInstalled(name: string): NoKernels {
  if (platforms.some(({ os, cpu }) => os === process.platform && cpu === process.arch)) {
    return { absent: `${name} is not installed`, remedy: reinstall(name) };
  }
  const published = platforms.map(({ os, cpu }) => `${os}-${cpu}`).join(", ");
  return {
    absent: `there is no package for ${process.platform}-${process.arch} (there are ${published})`,
    remedy: "Build them in a clone of the repository and name the library: useOnnx({ kernels: path }).",
  };
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return undefined; // not installed: it is optional
  }
}
