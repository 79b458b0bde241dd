export { byol } from "./byol.js";
export { moco } from "./moco.js";
export { simclr } from "./simclr.js";
