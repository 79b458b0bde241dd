import { expect, it } from "vitest";
import { inSpeechFlags, soundsFoundInFlags } from "./sound-words.js";

it("messages on reading name the command's options", () => {
  expect(inSpeechFlags('Say what does: { speakerFrom: "folder" }; heldOutSpeakers must be speakers')).toBe(
    'Say what does: { speaker: "folder" }; --hold-out-speakers must be speakers',
  );
});

it("what is remarked of recordings says what to type", () => {
  const remarks = ['choose { labelFrom: "folder" }, and { speakerFrom: "folder" } where they are speakers'];
  const found = soundsFoundInFlags({ kind: "recordings", parts: [], classes: [], passedOver: [], remarks });
  expect(found.remarks).toEqual(["choose --label folder, and --speaker folder where they are speakers"]);
});
