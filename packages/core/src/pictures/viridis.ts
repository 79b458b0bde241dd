/**
 * The colour map viridis: as light grows, so does the number, to every eye and on paper.
 *
 * By Stéfan van der Walt and Nathaniel Smith, https://bids.github.io/colormap, in the public domain (CC0).
 */

/** Every fifth of its 256 colours. */
const FIFTHS = [
  "44015446085c471063481769481d6f482475472a7a46307e453781433d844142873f48893d4e8a",
  "3a538b38598c355e8d33638d31688e2e6d8e2c718e2a768e297b8e27808e25848e23898e218e8d",
  "20928c1f978b1e9c891fa18821a58524aa8328ae802eb37c35b7793dbc7446c06f50c46a5ac864",
  "65cb5e70cf577cd25089d54895d840a2da37b0dd2fbddf26cae11fd8e219e5e419f1e51dfde725",
].join("");

/** [256, 3], 0 to 255: between two colours of the table on a straight line, at most one off. */
export const viridis = Uint8Array.from({ length: 256 * 3 }, (_, i) => {
  const [color, channel] = [Math.floor(i / 3), i % 3];
  const at = Math.floor(color / 5);
  const share = (color % 5) / 5;
  return Math.round(channelOf(at, channel) * (1 - share) + channelOf(Math.min(at + 1, 51), channel) * share);
});

function channelOf(fifth: number, channel: number): number {
  return Number.parseInt(FIFTHS.slice(6 * fifth + 2 * channel, 6 * fifth + 2 * channel + 2), 16);
}
