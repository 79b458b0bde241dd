/**
 * A clock that stands still while nobody looks.
 */
import { useEffect } from "react";

/** Calls `tick` so often while the page is seen, and at once when it is seen again. Null: never. */
export function useVisibleInterval(tick: () => void, everyMs: number | null): void {
  useEffect(() => {
    if (everyMs === null) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = () => {
      timer = setInterval(tick, everyMs);
    };
    const look = () => {
      clearInterval(timer);
      if (document.hidden) return;
      tick();
      start();
    };
    if (!document.hidden) start();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [tick, everyMs]);
}
