export { byol } from "./byol.js";
export { jigsaw } from "./jigsaw.js";
export { lejepa } from "./lejepa.js";
export { moco } from "./moco.js";
export { rotation } from "./rotation.js";
export { simclr } from "./simclr.js";
export { vicreg } from "./vicreg.js";
