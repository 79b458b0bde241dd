/**
 * Pan by dragging, zoom by wheel or by two fingers, point by hovering, choose by a press that did not drag.
 */
import { type PointerEvent, type RefObject, useEffect, useRef } from "react";

export interface Hands {
  pan(right: number, down: number): void;
  zoom(factor: number, left: number, top: number): void;
  hover(place: Pointed | null): void;
  press(place: Pointed): void;
}

export interface Pointed {
  readonly left: number;
  readonly top: number;
}

/** Movement below which a press is no drag, in CSS pixels. */
const STILL = 4;

export function useMapHands(canvas: RefObject<HTMLCanvasElement | null>, hands: Hands) {
  const fingers = useRef(new Map<number, Pointed>());
  const moved = useRef(0);
  const latest = useRef(hands);
  latest.current = hands;

  // React listens passively to wheels, and the page would scroll along.
  useEffect(() => {
    const own = canvas.current!;
    const turn = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = placeIn(own, event);
      latest.current.zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0015)), left, top);
    };
    own.addEventListener("wheel", turn, { passive: false });
    return () => own.removeEventListener("wheel", turn);
  }, [canvas]);

  return {
    onPointerDown(event: PointerEvent<HTMLCanvasElement>) {
      event.currentTarget.setPointerCapture(event.pointerId);
      if (fingers.current.size === 0) moved.current = 0;
      fingers.current.set(event.pointerId, placeIn(event.currentTarget, event));
    },
    onPointerMove(event: PointerEvent<HTMLCanvasElement>) {
      const to = placeIn(event.currentTarget, event);
      const from = fingers.current.get(event.pointerId);
      if (from === undefined) return hands.hover(to);
      const others = [...fingers.current].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      moved.current += Math.hypot(to.left - from.left, to.top - from.top);
      fingers.current.set(event.pointerId, to);
      const [other] = others;
      if (other === undefined) hands.pan(to.left - from.left, to.top - from.top);
      else hands.zoom(distance(to, other) / (distance(from, other) || 1), other.left, other.top);
    },
    onPointerUp(event: PointerEvent<HTMLCanvasElement>) {
      fingers.current.delete(event.pointerId);
      if (fingers.current.size === 0 && moved.current < STILL) hands.press(placeIn(event.currentTarget, event));
    },
    onPointerCancel(event: PointerEvent<HTMLCanvasElement>) {
      fingers.current.delete(event.pointerId);
    },
    onPointerLeave() {
      hands.hover(null);
    },
  };
}

const distance = (a: Pointed, b: Pointed) => Math.hypot(a.left - b.left, a.top - b.top);

function placeIn(canvas: HTMLCanvasElement, event: { clientX: number; clientY: number }): Pointed {
  const { left, top } = canvas.getBoundingClientRect();
  return { left: event.clientX - left, top: event.clientY - top };
}
