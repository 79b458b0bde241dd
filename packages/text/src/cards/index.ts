export { assertPossible, planText } from "./plan-text.js";
export {
  type DocumentReading,
  documentReading,
  documentReadingOf,
  inspectReading,
  tableReading,
  tableReadingOf,
} from "./reading-options.js";
export { settledTextLearner } from "./settled-learner.js";
export { type TextCard, type TextFacts, type TextMethodParts, textMethod } from "./text-card.js";
export { columnOption, type TextOptions, textOptionGroups, textOptions, tokenizerOptions } from "./text-options.js";
export {
  type PreparedFacts,
  parseTextSettings,
  type TextSettings,
  textMethods,
  textSettingsFrom,
} from "./text-settings.js";
