/**
 * The curves of one run, followed by cursor while it trains: history is read once, then only what is new.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { MetricsView } from "../../api.js";
import { ask, at } from "./ask.js";
import { type Curves, mergeMetrics } from "./metric-curves.js";
import { useVisibleInterval } from "./use-visible-interval.js";

export interface Followed {
  /** Null until the first answer. */
  readonly curves: Curves | null;
  readonly trouble: string | null;
  retry(): void;
}

const EVERY_MS = 1500;
const POINTS = 1000;

interface Following {
  readonly control: AbortController;
  cursor: string | null;
  isAsking: boolean;
}

/** `isLive`: it may still grow. A hidden page asks nothing. */
export function useMetrics(run: string | null, isLive: boolean): Followed {
  const [curves, setCurves] = useState<Curves | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const following = useRef<Following | null>(null);

  const poll = useCallback(async () => {
    const own = following.current;
    if (run === null || own === null || own.isAsking) return;
    own.isAsking = true;
    try {
      const view = await ask<MetricsView>(pathOf(run, own.cursor), own.control.signal);
      own.cursor = view.cursor;
      setCurves((held) => mergeMetrics(held ?? new Map(), view));
      setTrouble(null);
    } catch (error) {
      if (!own.control.signal.aborted) setTrouble((error as Error).message);
    } finally {
      own.isAsking = false;
    }
  }, [run]);

  useEffect(() => {
    const own: Following = { control: new AbortController(), cursor: null, isAsking: false };
    following.current = own;
    setCurves(null);
    setTrouble(null);
    void poll();
    return () => own.control.abort();
  }, [poll]);

  useVisibleInterval(poll, isLive ? EVERY_MS : null);
  return { curves, trouble, retry: poll };
}

function pathOf(run: string, cursor: string | null): string {
  return cursor === null ? at`api/runs/${run}/metrics?points=${POINTS}` : at`api/runs/${run}/metrics?cursor=${cursor}`;
}
