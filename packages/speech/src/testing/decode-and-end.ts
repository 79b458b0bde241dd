/** A program that decodes a file given in base64, says how many samples it has, and ends by itself. */
import { decodeSound } from "../sound-files/decode-sound.js";

const bytes = Buffer.from(process.argv[2]!, "base64");
const { samples } = await decodeSound(bytes, { id: "given", sampleRate: 16_000 });
process.stdout.write(`${samples.length}\n`);
