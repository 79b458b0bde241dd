/**
 * Settings of SimCLR's augmentation that are known to work; any of them can be overridden.
 */
import type { Augment } from "./augment.js";
import { type SimclrAugmentOptions, simclrAugment } from "./simclr-augment.js";
import { cifar10Statistics, mnistStatistics } from "./standardize.js";

/** Small photographs (32×32). Appendix B.9 of the paper: half the colour jitter, no blur. */
export function simclrCifar10(overrides: Partial<SimclrAugmentOptions> = {}): Augment {
  return simclrAugment({ size: 32, jitterStrength: 0.5, blurProbability: 0, ...cifar10Statistics, ...overrides });
}

/** Photographs. Appendix A of the paper. */
export function simclrImagenet(overrides: Partial<SimclrAugmentOptions> = {}): Augment {
  return simclrAugment({ size: 224, ...overrides });
}

/** Digits and letters: a mirrored 2 is no 2, and strokes lean, thicken and fade rather than change colour. */
export function simclrDigits(overrides: Partial<SimclrAugmentOptions> = {}): Augment {
  return simclrAugment({
    size: 28,
    channels: 1,
    cropArea: [0.4, 1],
    flip: 0,
    rotationDegrees: 15,
    jitterStrength: 0.5,
    blurProbability: 0.5,
    blurSigma: [0.1, 1],
    ...mnistStatistics,
    ...overrides,
  });
}
