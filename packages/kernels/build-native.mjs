/**
 * Builds the kernels where cargo is there; where it is not, or cannot fetch its crates, says so: everything works without them, slower.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { libraryFile } from "./dist/library-file.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const native = join(here, "native");
const folder = join(here, "dist", "native");

const without = (reason) => {
  rmSync(folder, { recursive: true, force: true });
  console.log(`kernels: not built, ${reason}. Training runs on ONNX Runtime's own operators, slower.`);
};

const version = spawnSync("cargo", ["--version"], { encoding: "utf8" });
if (version.status !== 0) without("cargo is not on this machine (https://rustup.rs installs it)");
else {
  const target = process.env.CARGO_TARGET_DIR ?? join(native, "target");
  const built = spawnSync("cargo", ["build", "--release", "--locked", "--quiet"], {
    cwd: native,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, CARGO_TARGET_DIR: target },
  });
  if (built.status === 0) {
    mkdirSync(folder, { recursive: true });
    // A running process may have the old file open: it is replaced, not written over.
    const fresh = join(folder, `${libraryFile}.new`);
    copyFileSync(join(target, "release", libraryFile), fresh);
    renameSync(fresh, join(folder, libraryFile));
    console.log(`kernels: built for ${process.platform} ${process.arch} by ${version.stdout.trim()}`);
  } else without("cargo build failed (its messages are above)");
}
