import type { Position } from "../store/records.ts";
import { bestOf, FIX_LIFE_MS, living, withFix } from "./fixes.ts";

export { bearing, distance } from "./ground.ts";

/**
 * searching: no fix yet, or a new one is sought. found: to 50 m or better. weak: wider than that. denied: the person or the browser does
 * not allow it. unavailable: the phone has found none; it goes on seeking. off: the browser has no positions.
 */
export type PositionState =
  | { state: "searching" | "denied" | "unavailable" | "off" }
  | { state: "found" | "weak"; position: Position };

export type PositionWatch = {
  /** What was told last, as it holds now. */
  current: () => PositionState;
  /** The best fix of the last minute, whatever is sought meanwhile: what a visit is saved with. */
  best: () => Position | null;
  /** Seeks anew, at a tap; asks for leave again where the browser allows. */
  retry: () => void;
  stop: () => void;
};

/** Who knows where the phone is, and what time it is by the phone's clock. */
export type PositionSource = { geolocation: Pick<Geolocation, "watchPosition" | "clearWatch"> | undefined; now: () => number };

/** Wider than this, in metres, a fix is told as weak. */
export const WEAK_ACCURACY_M = 50;
/** So long a fix may take before the person is told that there is none. */
export const SEARCH_LIMIT_MS = 30_000;
// Browsers fall silent about a phone that lies still; asked anew they tell where it is.
const SILENCE_MS = 30_000;
const DENIED = 1;

/**
 * Watches where the phone is until `stop`. The listener hears each change of state and each better fix; the first time before this
 * returns.
 */
export function watchPosition(listener: (state: PositionState) => void, source: PositionSource = deviceSource()): PositionWatch {
  const { geolocation, now } = source;
  let fixes: readonly Position[] = [];
  // What holds while no fix does.
  let without: "searching" | "denied" | "unavailable" | "off" = geolocation === undefined ? "off" : "searching";
  let seeking = true;
  let watch: number | null = null;
  let searchLimit: ReturnType<typeof setTimeout> | undefined;
  let ageing: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let told: PositionState | null = null;

  const current = (): PositionState => {
    const position = seeking || without === "denied" ? null : bestOf(living(fixes, now()));
    if (position === null) return { state: without };
    return { state: position.accuracy_m > WEAK_ACCURACY_M ? "weak" : "found", position };
  };
  const tell = () => {
    const state = current();
    clearTimeout(ageing);
    if ("position" in state) ageing = setTimeout(age, Math.max(0, state.position.at + FIX_LIFE_MS - now()) + 1);
    if (told !== null && isSame(told, state)) return;
    told = state;
    listener(state);
  };
  const age = () => {
    fixes = living(fixes, now());
    tell();
  };
  const giveUp = (why: "denied" | "unavailable") => {
    clearTimeout(searchLimit);
    without = why;
    seeking = false;
    if (why === "denied") fixes = [];
    tell();
  };
  const onFix = ({ coords }: GeolocationPosition) => {
    const { latitude, longitude, accuracy } = coords;
    if (![latitude, longitude, accuracy].every(Number.isFinite)) return;
    clearTimeout(searchLimit);
    clearTimeout(silence);
    silence = setTimeout(start, SILENCE_MS);
    // The phone's clock, not the satellites': what is kept is ordered by it, and a phone whose clock is wrong has positions too.
    const at = now();
    fixes = withFix(fixes, { latitude, longitude, accuracy_m: accuracy, at, from: "device" }, at);
    without = "searching";
    seeking = false;
    tell();
  };
  const start = () => {
    if (geolocation === undefined) return;
    if (watch !== null) geolocation.clearWatch(watch);
    clearTimeout(silence);
    clearTimeout(searchLimit);
    searchLimit = setTimeout(() => {
      giveUp("unavailable");
    }, SEARCH_LIMIT_MS);
    watch = geolocation.watchPosition(
      onFix,
      (error) => {
        giveUp(error.code === DENIED ? "denied" : "unavailable");
      },
      { enableHighAccuracy: true, maximumAge: 0, timeout: SEARCH_LIMIT_MS },
    );
  };

  // A page that comes back shows no fix of the house before: timers stand still while the phone sleeps.
  const page = typeof document === "undefined" ? null : document;
  const onVisible = () => {
    if (page?.visibilityState !== "visible") return;
    age();
    start();
  };
  page?.addEventListener("visibilitychange", onVisible);
  tell();
  start();

  return {
    current,
    best: () => bestOf(living(fixes, now())),
    retry: () => {
      if (geolocation === undefined) return;
      without = "searching";
      seeking = true;
      tell();
      start();
    },
    stop: () => {
      page?.removeEventListener("visibilitychange", onVisible);
      clearTimeout(searchLimit);
      clearTimeout(ageing);
      clearTimeout(silence);
      if (watch !== null) geolocation?.clearWatch(watch);
      watch = null;
    },
  };
}

function deviceSource(): PositionSource {
  const navigator = globalThis.navigator as Partial<Navigator> | undefined;
  return { geolocation: navigator?.geolocation, now: () => Date.now() };
}

function isSame(one: PositionState, other: PositionState): boolean {
  if (one.state !== other.state) return false;
  return !("position" in one) || !("position" in other) || one.position === other.position;
}
