import { useSyncExternalStore } from "react";

import { watchPosition, type PositionState, type PositionWatch } from "../capture/position.ts";

let watch: PositionWatch | null = null;
let state: PositionState = { state: "searching" };
let leaving: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();
/** Screens change faster than a receiver warms up. */
const LINGER_MS = 20_000;

/** Where the phone is, for as long as any screen looks: the receiver runs once for all of them. */
export function usePosition(): PositionState {
  return useSyncExternalStore(subscribe, () => state);
}

/** The watch that runs while `usePosition` is in use. */
export function positionWatch(): PositionWatch | null {
  return watch;
}

function subscribe(listener: () => void): () => void {
  clearTimeout(leaving);
  listeners.add(listener);
  watch ??= watchPosition((now) => {
    state = now;
    for (const each of listeners) each();
  });
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(leaving);
    leaving = setTimeout(() => {
      watch?.stop();
      watch = null;
      state = { state: "searching" };
    }, LINGER_MS);
  };
}
