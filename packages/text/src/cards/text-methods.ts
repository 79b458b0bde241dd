export { bert } from "./bert.js";
export { maskedLm } from "./masked-lm.js";
export { nextToken } from "./next-token.js";
export { sentenceOrder } from "./sentence-order.js";
