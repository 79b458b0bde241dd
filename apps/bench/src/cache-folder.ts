/**
 * Where the command keeps what it has fetched or made and can fetch or make again.
 */
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** AUTODIDACT_CACHE, else ~/.cache/autodidact. */
export const cacheFolder = (): string => process.env.AUTODIDACT_CACHE ?? join(homedir(), ".cache", "autodidact");
