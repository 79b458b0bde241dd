/**
 * Who may import whom: kernels ← tfjs-backend-onnx ← core ← vision | text | speech ← apps/bench, and core ← evaluate ← dashboard ← apps/bench, and core ← tfjs-node.
 *
 * An import goes to a lower layer, never to the same one (sideways) or a higher one (up). Tools and benchmarks see everything.
 */
const layers: readonly (readonly string[])[] = [
  ["packages/kernels"],
  ["packages/tfjs-backend-onnx"],
  ["packages/core"],
  ["packages/vision", "packages/text", "packages/speech", "packages/evaluate", "packages/tfjs-node"],
  ["packages/dashboard"],
  ["apps/bench"],
  ["tools", "benchmarks"],
];

/** The workspace folder a path lies in: `packages/core/src/index.ts` → `packages/core`. */
export function homeOf(path: string): string | undefined {
  return layers.flat().find((folder) => path.startsWith(`${folder}/`));
}

/** The folder of `@autodidact/core` → `packages/core`; undefined for the names of others. */
export function folderOf(packageName: string): string | undefined {
  const [, short] = /^@autodidact\/([^/]+)$/.exec(packageName) ?? [];
  return layers.flat().find((folder) => folder.slice(folder.lastIndexOf("/") + 1) === short);
}

/** What is wrong with an import between two workspace folders; undefined when it goes down. */
export function wrongWay(from: string, to: string): "sideways" | "up" | undefined {
  const height = (folder: string) => layers.findIndex((layer) => layer.includes(folder));
  if (height(to) < height(from)) return undefined;
  return height(to) === height(from) ? "sideways" : "up";
}
