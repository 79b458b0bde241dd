/**
 * Builds the kernels where cargo is there; where it is not, or cannot fetch its crates, says so: everything works without them, slower.
 *
 * What came of it stands in dist/native/kernels.json: the library with its digest, or why there is none. The environment variable
 * AUTODIDACT_KERNELS=required makes a missing library an error, for the release.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const native = join(here, "native");
const folder = join(here, "dist", "native");
const target = process.env.CARGO_TARGET_DIR ?? join(native, "target");
const minutes = 60_000;
const stem = "autodidact_kernels";

const environment = {
  ...process.env,
  CARGO_TARGET_DIR: target,
  CARGO_ENCODED_RUSTFLAGS: "", // no target-cpu=native of the user's: the instruction set is chosen when it runs
  CARGO_NET_RETRY: "1",
  CARGO_HTTP_TIMEOUT: "20",
};
delete environment.CARGO_BUILD_TARGET; // for this machine

const { version } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
const built = build();
if (typeof built === "string") {
  put({ absent: built });
  console.log(`kernels: not built, ${built}. Training runs on ONNX Runtime's own operators, slower.`);
  if (process.env.AUTODIDACT_KERNELS === "required") process.exitCode = 1;
} else {
  const sha256 = createHash("sha256").update(built.bytes).digest("hex");
  put({ version, file: `${sha256.slice(0, 16)}-${built.name}`, sha256 }, built.bytes);
  console.log(`kernels: built for ${process.platform} ${process.arch} by ${built.by}`);
}

/** The library, or why there is none. */
function build() {
  const found = cargo(["--version"], { limit: minutes / 6, quiet: true });
  if (found.status !== 0) return "cargo is not on this machine (https://rustup.rs installs it)";
  if (cargo(["fetch", "--locked", "--offline"], { limit: minutes, quiet: true }).status !== 0) {
    const fetched = cargo(["fetch", "--locked"], { limit: 2 * minutes });
    if (fetched.error) return "cargo did not fetch its crates within 2 minutes";
    if (fetched.status !== 0)
      return "cargo could not fetch its crates (its messages are above; is this machine offline?)";
  }
  const compiled = cargo(["build", "--release", "--locked", "--offline", "--quiet"], { limit: 15 * minutes });
  if (compiled.error) return "cargo build took more than 15 minutes";
  if (compiled.status !== 0) return "cargo build failed (its messages are above)";
  const [prefix, ending] = { win32: ["", ".dll"], darwin: ["lib", ".dylib"] }[process.platform] ?? ["lib", ".so"];
  const name = `${prefix}${stem}${ending}`;
  return { name, bytes: readFileSync(join(target, "release", name)), by: found.stdout.trim() };
}

function cargo(args, { limit, quiet = false }) {
  return spawnSync("cargo", args, {
    cwd: native,
    encoding: "utf8",
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    timeout: limit,
    env: environment,
  });
}

/** The note is replaced last and at once: whoever reads it finds the library that it names, also while another build runs. */
function put(note, bytes) {
  mkdirSync(folder, { recursive: true });
  if (bytes) replace(join(folder, note.file), bytes);
  replace(join(folder, "kernels.json"), `${JSON.stringify(note, null, 2)}\n`);
  for (const name of readdirSync(folder)) {
    if (!name.includes(stem) || name === note.file || name.endsWith(".new")) continue;
    try {
      rmSync(join(folder, name));
    } catch {
      // Windows keeps what a running process has loaded
    }
  }
}

function replace(path, content) {
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, content);
  renameSync(fresh, path);
}
