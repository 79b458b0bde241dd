/** The platforms for which the release builds a package `@autodidact/kernels-<platform>-<arch>`, in npm's words. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: string;
}

export const platforms: readonly Platform[] = [
  { os: "linux", cpu: "x64", libc: "glibc" },
  { os: "linux", cpu: "arm64", libc: "glibc" },
  { os: "darwin", cpu: "arm64" },
  { os: "win32", cpu: "x64" },
];

export const platformPackage = (os: string, cpu: string): string => `@autodidact/kernels-${os}-${cpu}`;
