/**
 * The recipe by peers/simclr.py.
 */
import { fileURLToPath } from "node:url";
import { runCommand } from "../harness/command.js";
import type { Accuracy, Recipe, Trained } from "./recipe.js";

export async function trainPeer(options: Recipe, python: string): Promise<Trained> {
  const { data, epochs, perClass, width, seed, threads, peerMode } = options;
  const script = fileURLToPath(new URL("../peers/simclr.py", import.meta.url));
  const named = { data, epochs, "images-per-class": perClass, width, seed, threads, mode: peerMode };
  const parameters = Object.entries(named).flatMap(([name, value]) => [`--${name}`, `${value}`]);

  const events: PeerEvent[] = [];
  await runCommand([python, script, ...parameters], (line) => {
    console.error(line);
    if (line.startsWith("{")) events.push(JSON.parse(line) as PeerEvent);
  });
  const evaluated = (of: string) => events.find((event) => event.event === "evaluated" && event.of === of)!;
  return {
    contender: `pytorch ${peerMode}`,
    version: events.find(({ event }) => event === "start")!.version!,
    epochsMs: events.flatMap(({ event, seconds }) => (event === "epoch" ? [1000 * seconds!] : [])),
    peakResidentBytes: evaluated("pretrained").peakResidentBytes!,
    pretrained: accuracyOf(evaluated("pretrained")),
    randomInit: accuracyOf(evaluated("random init")),
  };
}

/** A line of peers/simclr.py. */
interface PeerEvent {
  readonly event: "start" | "epoch" | "evaluated";
  readonly version?: string;
  readonly seconds?: number;
  readonly of?: string;
  readonly knn?: number;
  readonly linear?: number;
  readonly peakResidentBytes?: number;
}

const accuracyOf = ({ knn, linear }: PeerEvent): Accuracy => ({ knn: knn!, linear: linear! });
