/** The rules of the house that a compiler does not see: directions of imports, chance and surroundings, names of files. */
import { posix } from "node:path";
import { folderOf, homeOf, wrongWay } from "./arrows.js";
import { readSource } from "./read-source.js";

export interface SourceFile {
  /** The path from the root of the repository, with slashes. */
  path: string;
  text: string;
}

const drawers = /^(utils?|helpers?|misc|common|types)\.\w+$/;
/** What runs at the user's; the scripts beside it build it. */
const product = /^packages\/[^/]+\/src\//;
const tests = /\.(test|slow)\.ts$|(^|\/)testing\//;

/** One sentence for each broken rule, beginning with the place. */
export function violations(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => (file.path.endsWith("package.json") ? checkManifest(file) : checkSource(file)));
}

function checkSource({ path, text }: SourceFile): string[] {
  const { imports, forbidden } = readSource(path, text);
  const isProduct = product.test(path) && !tests.test(path);
  return [
    ...checkName(path),
    ...imports.flatMap(({ text: name, line }) =>
      checkImport(path, name).map((problem) => `${path}:${line}: ${problem}`),
    ),
    ...(isProduct ? forbidden : []).map(
      ({ text: name, line }) => `${path}:${line}: ${name} must not be used below apps/; take it as an argument.`,
    ),
  ];
}

function checkName(path: string): string[] {
  const name = posix.basename(path);
  return drawers.test(name) ? [`${path}: a file is named after its idea, got ${name}; name what it holds.`] : [];
}

function checkImport(path: string, name: string): string[] {
  const home = homeOf(path);
  if (home === undefined) return [];
  if (name.startsWith(".")) {
    const target = posix.join(posix.dirname(path), name);
    return target.startsWith(`${home}/`) ? [] : [`${name} leaves ${home}; import the other package by its name.`];
  }
  const [, packageName = "", inner = ""] = /^(@autodidact\/[^/]+)(\/.*)?$/.exec(name) ?? [];
  if (packageName === "") return [];
  if (/^\/(src|dist)(\/|$)/.test(inner)) return [`${name} reaches into a package; import what ${packageName} exports.`];
  return checkArrow(home, packageName);
}

/** Dependencies point the same way as imports. */
function checkManifest({ path, text }: SourceFile): string[] {
  const home = homeOf(path);
  if (home === undefined) return [];
  const manifest = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
  const kinds = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
  return kinds
    .flatMap((kind) => Object.keys(manifest[kind] ?? {}))
    .flatMap((name) => checkArrow(home, name).map((problem) => `${path}: ${problem}`));
}

function checkArrow(home: string, packageName: string): string[] {
  if (!packageName.startsWith("@autodidact/")) return [];
  const target = folderOf(packageName);
  if (target === undefined) return [`${packageName} is no package of this repository (tools/check-imports/arrows.ts).`];
  if (target === home) return [];
  const way = wrongWay(home, target);
  return way === undefined
    ? []
    : [`${home} must not import ${target}: that goes ${way}. See ARCHITECTURE.md for the arrows.`];
}
