import { expect, it } from "vitest";
import { inSpeechFlags } from "./sound-words.js";

it("messages on reading name the command's options", () => {
  expect(inSpeechFlags('Say what does: { speakerFrom: "folder" }; heldOutSpeakers must be speakers')).toBe(
    'Say what does: { speaker: "folder" }; --hold-out-speakers must be speakers',
  );
});
