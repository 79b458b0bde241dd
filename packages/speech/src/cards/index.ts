export { planSpeech } from "./plan-speech.js";
export { settledSpeechLearner } from "./settled-learner.js";
export { boundsOf, labelledReading, readingOf, soundReading, transcriptOption, wholeReading } from "./sound-reading.js";
export { type SpeechCard, type SpeechFacts, type SpeechMethodParts, speechMethod } from "./speech-card.js";
export { type SpeechOptions, speechOptionGroups, speechOptions } from "./speech-options.js";
export { parseSpeechSettings, type SpeechSettings, speechMethods, speechSettingsFrom } from "./speech-settings.js";
