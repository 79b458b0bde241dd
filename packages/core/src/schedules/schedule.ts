/** The learning rate of a step: `step` counts updates from 0. */
export type Schedule = (step: number) => number;
