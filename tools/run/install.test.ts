import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { digest, pinnedVersion } from "./install.mjs";

test("reads the pinned version of pnpm, with or without a hash", () => {
  expect(pinnedVersion('{"packageManager":"pnpm@10.34.8"}')).toBe("10.34.8");
  expect(pinnedVersion('{"packageManager":"pnpm@10.34.8+sha512.ab12"}')).toBe("10.34.8");
});

test.each(['{"packageManager":"yarn@4.0.0"}', '{"packageManager":"pnpm@latest"}', "{}"])("refuses %s", (manifest) => {
  expect(() => pinnedVersion(manifest)).toThrow("packageManager must be pnpm@X.Y.Z");
});

test("an installation is stale when the lockfile or the settings change", () => {
  const folder = mkdtempSync(join(tmpdir(), "autodidact-install-"));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"]) write(file, "1");
  const before = digest(folder);
  expect(digest(folder)).toBe(before);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json"]) {
    write(file, "2");
    expect(digest(folder)).not.toBe(before);
    write(file, "1");
  }
});
