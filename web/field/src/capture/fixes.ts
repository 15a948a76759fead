import type { Position } from "../store/records.ts";
import { distance } from "./ground.ts";

/** For how long a fix counts, in milliseconds. */
export const FIX_LIFE_MS = 60_000;

/**
 * The fixes that still count at `now`, with a new one. An older one falls away when it is out of date or when the new one shows that the
 * phone has moved: then both circles lie apart, however sure the older one was.
 */
export function withFix(fixes: readonly Position[], fix: Position, now: number): readonly Position[] {
  const near = fixes.filter((older) => distance(older, fix) <= older.accuracy_m + fix.accuracy_m);
  return [...living(near, now), fix];
}

/** A clock that was set back leaves fixes in the future: they count no more than those out of date. */
export function living(fixes: readonly Position[], now: number): readonly Position[] {
  return fixes.filter(({ at }) => at <= now && now - at <= FIX_LIFE_MS);
}

/** The most accurate one, of equals the newest; null of none. */
export function bestOf(fixes: readonly Position[]): Position | null {
  return fixes.reduce<Position | null>((best, fix) => (best === null || fix.accuracy_m <= best.accuracy_m ? fix : best), null);
}
