export { byol } from "./byol.js";
export { mae } from "./mae.js";
export { moco } from "./moco.js";
export { mocoV3 } from "./moco-v3.js";
export { simclr } from "./simclr.js";
