/**
 * What lies beside the data and is not read, told where parts and classes are of no matter.
 */
import { describeFoundData, type FoundData } from "@autodidact/core";

/** `noun` is what several examples are called. */
export function printPassedOver(found: FoundData, noun: string, print: (text: string) => void): void {
  for (const told of describeFoundData({ ...found, parts: [] }, noun))
    if (/^\s*not read:/.test(told)) print(told.trim());
}
