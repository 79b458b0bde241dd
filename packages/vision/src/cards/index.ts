export { type ImageCard, type ImageFacts, type ImageMethodParts, imageMethod } from "./image-card.js";
export { dataOptions, type ImageOptions, imageOptionGroups, imageOptions, valuesOptions } from "./image-options.js";
export {
  type Continued,
  type ImageSettings,
  imageMethods,
  imageSettingsFrom,
  imageSettingsOf,
  imageWarning,
  parseImageSettings,
  withStoreSize,
} from "./image-settings.js";
export { planImages } from "./plan-images.js";
export { pretrainingParts, settledImageLearner } from "./settled-learner.js";
