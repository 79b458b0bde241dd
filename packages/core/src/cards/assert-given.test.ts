import { expect, it } from "vitest";
import { assertGiven } from "./assert-given.js";
import { choice, flag, interval, positive, share, whole } from "./typed-option.js";

const groups = {
  Method: { temperature: positive(0.5, ""), momentum: share(0.99, ""), cropArea: interval([0.2, 1], "") },
  Learning: {
    epochs: positive("", {}),
    steps: whole("", { conflicts: "epochs" }),
    stem: choice(["cifar", "imagenet"])(""),
    quiet: flag(""),
  },
};
const given = (values: Record<string, unknown>) => () => assertGiven("plan", groups, values);

it("takes what the command takes, and what is undefined as absent", () => {
  given({
    temperature: 0.2,
    momentum: 1,
    cropArea: [0.1, 1],
    steps: 3,
    epochs: undefined,
    stem: "cifar",
    quiet: true,
  })();
  given({})();
});

it.each([
  [{ temperature: -1 }, "plan: `temperature` must be a number above 0, got -1."],
  [{ temperature: Number.NaN }, "plan: `temperature` must be a number above 0, got NaN."],
  [{ momentum: 2 }, "plan: `momentum` must be a number from 0 to 1, got 2."],
  [{ steps: -3 }, "plan: `steps` must be a whole number of at least 1, got -3."],
  [{ steps: "3" }, 'plan: `steps` is of another kind (Invalid input: expected number, received string), got "3".'],
  [{ cropArea: [-1, 2] }, "plan: `cropArea` must be a number above 0, up to 1, got [-1,2]."],
  [{ stem: "big" }, 'plan: `stem` must be one of cifar, imagenet, got "big".'],
  [{ quiet: "no" }, 'plan: `quiet` is of another kind (Invalid input: expected boolean, received string), got "no".'],
  [{ steps: 3, epochs: 4 }, "plan: `steps` and `epochs` do not go together. Leave one out."],
  [{ toString: 3 }, "plan: `toString` is not among the options: `temperature`, `momentum`"],
])("refuses %j", (values, message) => {
  expect(given(values)).toThrow(message);
});
