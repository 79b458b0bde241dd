/**
 * Where the reader is, kept in the address after `#`, so that a page can be bookmarked, sent and gone back to: `#/leaderboard/image`.
 */
import { useSyncExternalStore } from "react";

const PAGES = ["overview", "runs", "run", "leaderboard", "plots", "groups", "compare", "map", "start"] as const;

export type PageName = (typeof PAGES)[number];

export interface Route {
  /** Undefined where there is no such page. */
  readonly page: PageName | undefined;
  /** What follows the page's name, decoded. */
  readonly parts: readonly string[];
}

export function parseRoute(hash: string): Route {
  const [name = "", ...parts] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decoded);
  if (name === "") return { page: "overview", parts: [] };
  return { page: PAGES.find((page) => page === name), parts };
}

export function hrefOf(page: PageName, ...parts: readonly string[]): string {
  return `#/${[page, ...parts].map(encodeURIComponent).join("/")}`;
}

/** Goes there; the step back leads to where the reader was. */
export function goTo(page: PageName, ...parts: readonly string[]): void {
  location.hash = hrefOf(page, ...parts);
}

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(onMove, () => location.hash));
}

function onMove(moved: () => void): () => void {
  addEventListener("hashchange", moved);
  return () => removeEventListener("hashchange", moved);
}

/** An address typed by hand may be badly encoded: it is then taken as it stands. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
