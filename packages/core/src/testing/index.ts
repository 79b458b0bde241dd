/** What tests of other packages, and of methods written elsewhere, are made of. */
export { useTestBackend } from "./backend.js";
export { type MethodSuiteOptions, methodSuite, type NamedCheck } from "./method-suite.js";
export type { Trial } from "./trial.js";
