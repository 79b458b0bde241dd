/**
 * The packages that bring a built library: one a platform, as esbuild and sharp have them. Nothing of them is committed, for all that
 * differs is the library: their manifests are made from this package's, so that versions cannot drift apart.
 *
 *   node platform-packages.mjs stage     dist/native → npm/<platform>-<arch>, for the machine that it runs on
 *   node platform-packages.mjs publish   publishes what is in npm/, then makes @autodidact/kernels depend on them, optionally
 *
 * The second changes package.json in the checkout that publishes, and there alone: `pnpm install` in a clone asks no registry for them.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { platformPackage, platforms } from "./dist/platforms.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const read = (...path) => JSON.parse(readFileSync(join(here, ...path), "utf8"));
const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
const manifest = read("package.json");
const folderOf = ({ os, cpu }) => join(here, "npm", `${os}-${cpu}`);

/** Makes the package for this machine of the library that was built here, and gives its folder. */
export function stage(folder) {
  const platform = platforms.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
  if (!platform) throw new Error(`platform-packages: none is published for ${process.platform} ${process.arch}.`);
  const note = read("dist", "native", "kernels.json");
  if (note.absent) throw new Error(`platform-packages: dist/native must hold a library, it has none: ${note.absent}.`);
  if (note.version !== manifest.version) {
    throw new Error(`platform-packages: the library must be of ${manifest.version}, got ${note.version}. Build again.`);
  }
  const file = note.file.replace(/^[0-9a-f]+-/, "");
  const target = folder ?? folderOf(platform);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  copyFileSync(join(here, "dist", "native", note.file), join(target, file));
  write(join(target, "kernels.json"), { ...note, file });
  write(join(target, "package.json"), platformManifest(platform, file));
  for (const name of ["NOTICE", "../../LICENSE"]) copyFileSync(join(here, name), join(target, name.split("/").at(-1)));
  writeFileSync(join(target, "README.md"), readme(platform));
  return target;
}

function platformManifest({ os, cpu, libc }, file) {
  const { version, license, repository, publishConfig } = manifest;
  return {
    name: platformPackage(os, cpu),
    version,
    description: `The library of @autodidact/kernels for ${os} ${cpu}`,
    license,
    os: [os],
    cpu: [cpu],
    ...(libc && { libc: [libc] }),
    files: [file, "kernels.json", "NOTICE"],
    preferUnplugged: true,
    publishConfig,
    repository,
  };
}

const readme = ({ os, cpu }) =>
  `# ${platformPackage(os, cpu)}\n\nThe library of [@autodidact/kernels](https://www.npmjs.com/package/@autodidact/kernels) for ${os} ${cpu}. That package depends on it, optionally; nobody needs to name it.\n`;

/** The loader's manifest with the packages of these platforms as optional dependencies, of the same version. */
export function withPlatformPackages(loader, chosen = platforms) {
  const packages = chosen.map(({ os, cpu }) => [platformPackage(os, cpu), loader.version]);
  return { ...loader, optionalDependencies: Object.fromEntries(packages) };
}

function publish() {
  for (const platform of platforms) {
    const folder = folderOf(platform);
    const place = join(folder, "package.json");
    const version = existsSync(place) && JSON.parse(readFileSync(place, "utf8")).version;
    if (version !== manifest.version) {
      throw new Error(
        `platform-packages: ${folder} must hold version ${manifest.version}, got ${version || "nothing"}.`,
      );
    }
  }
  for (const platform of platforms) {
    const name = platformPackage(platform.os, platform.cpu);
    if (isPublished(`${name}@${manifest.version}`)) continue;
    execFileSync("npm", ["publish", folderOf(platform), "--access", "public", "--provenance"], { stdio: "inherit" });
  }
  write(join(here, "package.json"), withPlatformPackages(manifest));
}

function isPublished(name) {
  try {
    return execFileSync("npm", ["view", name, "version"], { encoding: "utf8", stdio: "pipe" }).trim() !== "";
  } catch {
    return false; // the registry does not know it yet
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const task = { stage, publish }[process.argv[2] ?? ""];
  if (!task) throw new Error(`platform-packages: the task must be stage or publish, got ${process.argv[2] ?? "none"}.`);
  task();
}
