import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { commandLine, resumeCommand } from "./resume-command.js";

it("can be pasted into a shell as it stands", () => {
  expect(resumeCommand("simclr", "runs/a-1")).toBe("npx autodidact pretrain simclr --out runs/a-1 --resume");
  expect(resumeCommand("simclr", "runs/it's mine", ["--threads", "2"])).toBe(
    "npx autodidact pretrain simclr --out 'runs/it'\\''s mine' --resume --threads 2",
  );
});

it.each(["runs/it's mine", 'a "b" $c `d`', "~home", "=equal", "*?[x]", "two\nlines", "-o", "größe;&|<>!#"])(
  "a shell reads %j back as one word",
  (word) => {
    expect(execFileSync("sh", ["-c", `printf %s ${commandLine([word])}`], { encoding: "utf8" })).toBe(word);
  },
);
