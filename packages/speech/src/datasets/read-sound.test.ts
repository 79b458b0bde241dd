import { expect, it } from "vitest";
import { useTemporaryFolder } from "../testing/temporary-folder.js";
import { readSound } from "./read-sound.js";

const folder = useTemporaryFolder();

it("says why a file cannot be heard", async () => {
  const torn = await folder.write("torn.wav", "RIFF");
  await expect(readSound(torn, 8000)).rejects.toMatchObject({
    name: "UsageError",
    message: expect.stringMatching(/torn\.wav cannot be heard: .*\. Name a recording: \.wav/),
  });
  await expect(readSound(folder.path("none.wav"), 8000)).rejects.toThrow("cannot be heard: it is not there.");
});
