export { simclr } from "./simclr.js";
