/**
 * How wide a place is, in CSS pixels: what is drawn is drawn to fit.
 */
import { type RefObject, useEffect, useRef, useState } from "react";

/** 0 until it was measured. */
export function useWidth<Place extends HTMLElement>(): [RefObject<Place | null>, number] {
  const place = useRef<Place>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
