import { chooseTheme, nextChoice, useTheme } from "../state/theme.js";

const NAMES = { system: "as the system", light: "light", dark: "dark" } as const;

export function ThemeSwitch() {
  const { choice } = useTheme();
  return (
    <button
      type="button"
      className="theme"
      onClick={() => chooseTheme(nextChoice(choice))}
      aria-label={`Colours: ${NAMES[choice]}. Change to ${NAMES[nextChoice(choice)]}`}
      title={`Colours: ${NAMES[choice]}`}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        {choice !== "light" && <path d={DARK_PARTS[choice]} fill="currentColor" />}
      </svg>
      <span className="theme-name">{choice === "system" ? "auto" : choice}</span>
    </button>
  );
}

/** Half a disk for "as the system", a whole one for dark. */
const DARK_PARTS = {
  system: "M8 2.5a5.5 5.5 0 0 1 0 11z",
  dark: "M8 2.5a5.5 5.5 0 0 1 0 11 5.5 5.5 0 0 1 0-11z",
} as const;
