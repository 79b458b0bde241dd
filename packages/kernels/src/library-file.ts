/** What the kernels' library is called on this platform. */
export const libraryFile: string =
  process.platform === "win32"
    ? "autodidact_kernels.dll"
    : `libautodidact_kernels.${process.platform === "darwin" ? "dylib" : "so"}`;
