/**
 * The page as it is served: built where it was not yet.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Hands back the folder of the built page. */
export function builtPage(): string {
  const page = join(ROOT, "dist", "page");
  if (!existsSync(join(page, "index.html"))) {
    const vite = dirname(createRequire(import.meta.url).resolve("vite/package.json"));
    // Its own environment: under a test's, React's development build would be taken.
    execFileSync(process.execPath, [join(vite, "bin", "vite.js"), "build"], {
      cwd: ROOT,
      env: { NODE_ENV: "production" },
      stdio: "pipe",
    });
  }
  return page;
}
