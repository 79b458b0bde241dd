/** Shared libraries are loaded once and kept. */
import koffi from "koffi";

/** Koffi calls on stacks of its own; shader compilers need more than its 256 KiB. The size must be set before koffi's first call. */
const STACK_BYTES = 8 * 2 ** 20;
let areStacksWide = false;

/** Koffi unloads a library that JavaScript has forgotten, under the functions taken from it: none is. */
const libraries = new Map<string, ReturnType<typeof koffi.load>>();

export function sharedLibrary(path: string): ReturnType<typeof koffi.load> {
  if (!areStacksWide) koffi.config({ sync_stack_size: STACK_BYTES, async_stack_size: STACK_BYTES });
  areStacksWide = true;
  const library = libraries.get(path) ?? koffi.load(path);
  libraries.set(path, library);
  return library;
}
