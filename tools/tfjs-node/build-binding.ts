/**
 * @tensorflow/tfjs-node without its download: the package from npm, TensorFlow's libraries from the PyPI wheel
 * `tensorflow-cpu`, and the binding between them compiled here. Needs python3 with venv, g++ and Node's headers.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The last tfjs-node; its C++ still compiles against the C API of the TensorFlow below. */
export const TFJS_NODE_VERSION = "4.22.0";
export const TENSORFLOW_VERSION = "2.21.0";

const LIBRARIES = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
const SOURCES = ["binding/tfjs_backend.cc", "binding/tfjs_binding.cc"];

export interface BuildOptions {
  /** Python 3 with the module venv. */
  python?: string;
  compiler?: string;
  report?: (stage: string) => void;
}

/** Builds in `folder`, which afterwards holds node_modules/@tensorflow/tfjs-node; a folder built before is left as it is. */
export function buildBinding(folder: string, options: BuildOptions = {}): string {
  const { python = "python3", compiler = "g++", report = () => {} } = options;
  const root = resolve(folder);
  if (existsSync(bindingFile(root))) return root;
  const missing = missingForBuild(options);
  if (missing.length > 0) throw new Error(`buildBinding: cannot build tfjs-node here: ${missing.join("; ")}.`);
  mkdirSync(root, { recursive: true });

  report(`npm: @tensorflow/tfjs-node ${TFJS_NODE_VERSION}`);
  installPackage(root);
  report(`pip: tensorflow-cpu ${TENSORFLOW_VERSION}`);
  const tensorflow = installTensorflow(root, python);
  report(`${compiler}: the binding`);
  compile(root, tensorflow, compiler);
  return root;
}

/** What this machine lacks for a build, in words; empty when nothing. */
export function missingForBuild({ python = "python3", compiler = "g++" }: BuildOptions = {}): string[] {
  const missing: string[] = [];
  if (process.platform !== "linux")
    missing.push(`the wheel's libraries are linked for Linux only, this is ${process.platform}`);
  if (!runs(python, ["-c", "import venv, ensurepip"]))
    missing.push(`${python} with the modules venv and ensurepip must run`);
  if (!runs(compiler, ["--version"])) missing.push(`the C++ compiler ${compiler} must run`);
  if (headerFolder() === undefined) missing.push(`Node's header node_api.h was not found beside ${process.execPath}`);
  return missing;
}

/** The compiled addon of a built folder; exists only after a whole build, because it is written last. */
export function bindingFile(folder: string): string {
  return join(packageFolder(folder), "lib", "napi-v8", "tfjs_binding.node");
}

function packageFolder(folder: string): string {
  return join(folder, "node_modules", "@tensorflow", "tfjs-node");
}

function installPackage(root: string): void {
  const manifest = join(root, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  // Its install script is the download that fails; the C++ sources come with the package.
  run(
    "npm",
    ["install", "--ignore-scripts", "--no-audit", "--no-fund", `@tensorflow/tfjs-node@${TFJS_NODE_VERSION}`],
    root,
  );
}

function installTensorflow(root: string, python: string): string {
  const environment = join(root, "python");
  if (!existsSync(join(environment, "bin", "pip"))) run(python, ["-m", "venv", environment], root);
  // Only its shared libraries and headers are wanted, none of its Python dependencies.
  run(
    join(environment, "bin", "pip"),
    ["install", "--quiet", "--no-deps", `tensorflow-cpu==${TENSORFLOW_VERSION}`],
    root,
  );

  const versions = readdirSync(join(environment, "lib")).filter((name) => name.startsWith("python3"));
  const found = versions.map((name) => join(environment, "lib", name, "site-packages", "tensorflow")).find(existsSync);
  if (!found)
    throw new Error(
      `buildBinding: pip ended well, but no tensorflow folder is in ${environment}. Remove it and build again.`,
    );
  return found;
}

function compile(root: string, tensorflow: string, compiler: string): void {
  const home = packageFolder(root);
  mkdirSync(join(home, "deps", "lib"), { recursive: true });
  mkdirSync(dirname(bindingFile(root)), { recursive: true });
  link(join(tensorflow, "include"), join(home, "deps", "include"));
  for (const library of LIBRARIES) link(join(tensorflow, library), join(home, "deps", "lib", library));

  const partial = `${bindingFile(root)}.partial`;
  const includes = [".", "..", "deps/include", headerFolder()!].map((folder) => `-I${folder}`);
  const linked = ["-Ldeps/lib", ...LIBRARIES.map((library) => `-l:${library}`), "-Wl,-rpath,$ORIGIN/../../deps/lib"];
  run(
    compiler,
    ["-shared", "-fPIC", "-O2", "-std=c++17", "-DNAPI_VERSION=8", ...includes, ...SOURCES, ...linked, "-o", partial],
    home,
  );
  run("mv", [partial, bindingFile(root)], home);
}

function link(target: string, path: string): void {
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}

/** Where node_api.h is: beside the running Node (its archive and Debian's package), or where node-gyp left it. */
function headerFolder(): string | undefined {
  const prefix = dirname(dirname(process.execPath));
  const cached = join(homedir(), ".cache", "node-gyp", process.versions.node, "include", "node");
  return [join(prefix, "include", "node"), cached].find((folder) => existsSync(join(folder, "node_api.h")));
}

function runs(command: string, parameters: string[]): boolean {
  try {
    execFileSync(command, parameters, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function run(command: string, parameters: string[], cwd: string): void {
  try {
    execFileSync(command, parameters, { cwd, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: Buffer | string; message: string };
    throw new Error(`buildBinding: ${command} failed in ${cwd}.\n${String(stderr).trim().slice(-2000) || message}`);
  }
}
