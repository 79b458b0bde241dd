/**
 * Light or dark: as the system is, unless the reader chose; the choice is kept in the browser.
 */
import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const CHOICES: readonly ThemeChoice[] = ["system", "light", "dark"];
const KEY = "autodidact.theme";
const systemIsDark = () => matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

/** A browser may forbid storage: then the choice holds until the page is left. */
let chosen: ThemeChoice | null = null;

function choice(): ThemeChoice {
  chosen ??= CHOICES.find((own) => own === stored()) ?? "system";
  return chosen;
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function chooseTheme(next: ThemeChoice): void {
  chosen = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // It holds for this page all the same.
  }
  applyTheme();
}

/** Once, before anything is drawn. */
export function startTheme(): void {
  systemIsDark().addEventListener("change", applyTheme);
  applyTheme();
}

/** Writes the theme where the styles look for it. */
function applyTheme(): void {
  document.documentElement.dataset.theme = theme();
  for (const listener of listeners) listener();
}

function theme(): "light" | "dark" {
  const own = choice();
  if (own !== "system") return own;
  return systemIsDark().matches ? "dark" : "light";
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useTheme(): { choice: ThemeChoice; theme: "light" | "dark" } {
  return { choice: useSyncExternalStore(subscribe, choice), theme: useSyncExternalStore(subscribe, theme) };
}

export const nextChoice = (own: ThemeChoice): ThemeChoice => CHOICES[(CHOICES.indexOf(own) + 1) % CHOICES.length]!;
