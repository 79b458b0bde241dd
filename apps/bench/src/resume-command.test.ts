import { expect, it } from "vitest";
import { resumeCommand } from "./resume-command.js";

it("can be pasted into a shell as it stands", () => {
  expect(resumeCommand("simclr", "runs/a-1")).toBe("npx autodidact pretrain simclr --out runs/a-1 --resume");
  expect(resumeCommand("simclr", "runs/it's mine", ["--threads", "2"])).toBe(
    "npx autodidact pretrain simclr --out 'runs/it'\\''s mine' --resume --threads 2",
  );
});
