import type { Stop } from "./stop.ts";

const MINUTES_PER_STOP = 2;
/** Fewer visits say nothing of how fast somebody walks today. */
const ENOUGH_VISITS = 5;
/** A longer gap was a break. */
const LONGEST_GAP_MIN = 20;
/** Nobody goes from meter to meter faster. */
const SHORTEST_STOP_MIN = 0.5;

/** Minutes until the round is done: by today's own pace, before there is one by what the office plans. */
export function forecastMinutes(stops: readonly Stop[]): number {
  const times = stops.flatMap((stop) => (stop.visit === null ? [] : [stop.visit.saved_at])).sort((one, other) => one - other);
  const left = stops.filter((stop) => stop.state === "todo");
  if (times.length >= ENOUGH_VISITS) {
    const gaps = times.slice(1).map((time, index) => (time - (times[index] ?? time)) / 60_000).filter((gap) => gap <= LONGEST_GAP_MIN);
    if (gaps.length > 0) return Math.ceil(left.length * Math.max(SHORTEST_STOP_MIN, gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length));
  }
  return left.reduce((sum, stop) => sum + (stop.assignment?.estimated_time ?? stop.meter.estimated_time ?? MINUTES_PER_STOP), 0);
}
