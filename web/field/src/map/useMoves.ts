import { useEffect, useRef, type RefObject } from "react";

import { moved, zoomed, type Frame } from "./frame.ts";

const STEP = 80;
/** What is moved less was meant to be a tap. */
const TAP = 8;

/**
 * Moves and zooms a drawing by fingers, mouse and keys (arrows, + and -). `change` gets what turns the frame of now into the next one.
 * What it answers is asked at a click: whether the fingers had moved the drawing.
 */
export function useMoves(drawing: RefObject<SVGSVGElement | null>, change: (next: (frame: Frame) => Frame) => void): () => boolean {
  const dragged = useRef(false);
  useEffect(() => {
    const element = drawing.current;
    if (element === null) return undefined;
    const fingers = new Map<number, { x: number; y: number }>();
    let travelled = 0;
    const spread = () => {
      const [one, other] = [...fingers.values()];
      return one === undefined || other === undefined ? null : { apart: Math.hypot(one.x - other.x, one.y - other.y), x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
    };
    const fromMiddle = (x: number, y: number): [number, number] => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return [x - left - width / 2, y - top - height / 2];
    };
    const onDown = (event: PointerEvent) => {
      if (fingers.size === 0) {
        travelled = 0;
        dragged.current = false;
      }
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    };
    const onMove = (event: PointerEvent) => {
      const finger = fingers.get(event.pointerId);
      if (finger === undefined) return;
      const before = spread();
      const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
      fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      travelled += Math.hypot(dx, dy);
      if (travelled < TAP) return;
      dragged.current = true;
      const after = spread();
      if (before === null || after === null) {
        change((frame) => moved(frame, -dx, -dy));
      } else {
        const [x, y] = fromMiddle(after.x, after.y);
        change((frame) => zoomed(moved(frame, before.x - after.x, before.y - after.y), after.apart / Math.max(1, before.apart), x, y));
      }
    };
    const onUp = (event: PointerEvent) => {
      fingers.delete(event.pointerId);
    };
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const [x, y] = fromMiddle(event.clientX, event.clientY);
      change((frame) => zoomed(frame, 2 ** (-event.deltaY / 300), x, y));
    };
    const onKey = (event: KeyboardEvent) => {
      const next = byKey(event.key);
      if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      change(next);
    };
    element.addEventListener("pointerdown", onDown);
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onUp);
    window.addEventListener("pointercancel", onUp);
    // Not by React, whose wheel listeners cannot keep the page from scrolling.
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("keydown", onKey);
    return () => {
      element.removeEventListener("pointerdown", onDown);
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onUp);
      window.removeEventListener("pointercancel", onUp);
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("keydown", onKey);
    };
  }, [drawing, change]);
  return () => dragged.current;
}

/** What a key does to a frame; null: nothing. */
export function byKey(key: string): ((frame: Frame) => Frame) | null {
  switch (key) {
    case "ArrowLeft":
      return (frame) => moved(frame, -STEP, 0);
    case "ArrowRight":
      return (frame) => moved(frame, STEP, 0);
    case "ArrowUp":
      return (frame) => moved(frame, 0, -STEP);
    case "ArrowDown":
      return (frame) => moved(frame, 0, STEP);
    case "+":
    case "=":
      return (frame) => zoomed(frame, 1.5);
    case "-":
      return (frame) => zoomed(frame, 1 / 1.5);
    default:
      return null;
  }
}
