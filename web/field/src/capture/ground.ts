import type { Place } from "../store/records.ts";

const EARTH_RADIUS_M = 6_371_008.8;
const DEGREE = Math.PI / 180;

/** Metres between two places along the ground. */
export function distance(from: Place, to: Place): number {
  const north = Math.sin(((to.latitude - from.latitude) * DEGREE) / 2);
  const east = Math.sin(((to.longitude - from.longitude) * DEGREE) / 2);
  const half = north * north + Math.cos(from.latitude * DEGREE) * Math.cos(to.latitude * DEGREE) * east * east;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, half)));
}

/** Which way to set out: degrees from north over east, from 0 to under 360. */
export function bearing(from: Place, to: Place): number {
  const turn = (to.longitude - from.longitude) * DEGREE;
  const start = from.latitude * DEGREE;
  const end = to.latitude * DEGREE;
  const east = Math.sin(turn) * Math.cos(end);
  const north = Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(turn);
  return (Math.atan2(east, north) / DEGREE + 360) % 360;
}
