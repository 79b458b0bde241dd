/**
 * Colours of series, told apart by those who see few colours, on light and on dark: the styles hold them.
 */
export const SERIES_COLOURS = 8;

/** For elements. */
export const seriesColour = (place: number): string => `var(--series-${place % SERIES_COLOURS})`;

/** For a canvas, which knows no variables: `--ink`, `--series-3`. To be read anew when the theme changes. */
export function paintOf(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}
