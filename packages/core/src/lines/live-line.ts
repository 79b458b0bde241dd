/** Where long work says how it goes: on a terminal, in a log, nowhere. */
export interface LiveLine {
  /** What is being done now, in place of what was shown before. */
  show(text: string): void;
  /** A line that stays. */
  print(text: string): void;
  /** Leaves the last text standing. */
  end(): void;
}
