export { assertGiven } from "./assert-given.js";
export { defined } from "./defined.js";
export { learnedByAdamW, learningOptions, scheduleOf } from "./learning-options.js";
export {
  byName,
  type MethodCard,
  ownSettings,
  parseSettings,
  type SettingsOf,
  type Settled,
  settingsSchema,
} from "./method-card.js";
export type { RunSettings, SettledPlan } from "./settled-plan.js";
export { writtenAs } from "./table-options.js";
export * from "./typed-option.js";
