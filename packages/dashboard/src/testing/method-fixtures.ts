/**
 * Method cards for the page's tests.
 */
import type { FieldView, MethodsView } from "../api.js";

const field = (name: string, help: string, usual: string, own: Partial<FieldView> = {}): FieldView => ({
  name,
  help,
  usual,
  usually: null,
  unit: "count",
  choices: null,
  ...own,
});

const LEARNING = [
  field("epochs", "passes over the data", "100"),
  field("batch-size", "examples a step", "128", { unit: "examples" }),
  field("learning-rate", "at its highest", "0.06", { unit: "number" }),
  field("optimizer", "what turns gradients into steps", "sgd", { unit: "", choices: ["sgd", "adamw", "lars"] }),
  field("seed", "of every draw", "1"),
];

const IMAGES = [
  field("image-size", "side of the views", "", { unit: "pixels", usually: "of the data" }),
  field("grayscale", "reads one channel", "false", { unit: null }),
];

export const METHODS: MethodsView = {
  methods: [
    {
      name: "simclr",
      modality: "image",
      summary: "Two views of one image embed alike, views of different images apart.",
      groups: [
        {
          heading: "Of the method",
          fields: [
            field("temperature", "the smaller, the more the hardest views count", "0.1", { unit: "number" }),
            field("projection-size", "of the space in which views are compared", "128"),
          ],
        },
        { heading: "Learning", fields: LEARNING },
        { heading: "Images", fields: IMAGES },
      ],
    },
    {
      name: "mae",
      modality: "image",
      summary: "Three quarters of an image's patches are hidden, and drawn from the rest.",
      groups: [
        {
          heading: "Of the method",
          fields: [field("mask-share", "of the patches is hidden", "0.75", { unit: "share" })],
        },
        { heading: "Learning", fields: LEARNING },
      ],
    },
    {
      name: "masked-lm",
      modality: "text",
      summary: "Hidden words are guessed from what stands around them.",
      groups: [{ heading: "Learning", fields: LEARNING }],
    },
  ],
  data: [
    { name: "photos", modality: "image" },
    { name: "notes", modality: "text" },
  ],
};
