import type { Place } from "../store/records.ts";

/** Longitude and latitude in degrees, as GeoJSON orders them. */
export type Point = readonly [longitude: number, latitude: number];
/** Metres east and north of a plane's origin. */
export type Spot = readonly [east: number, north: number];
export type Plane = { toSpot: (place: Place) => Spot; toPoint: (spot: Spot) => Point };

const METRES_PER_DEGREE = 111_320;

/** The ground around a place as a plane: true to some centimetres within a town. */
export function planeAt(origin: Place): Plane {
  // At the poles a degree has no width; nobody reads meters there, but a wrong position must not make the map fail.
  const squeeze = Math.max(0.01, Math.cos((origin.latitude * Math.PI) / 180));
  return {
    toSpot: ({ latitude, longitude }) => [(longitude - origin.longitude) * squeeze * METRES_PER_DEGREE, (latitude - origin.latitude) * METRES_PER_DEGREE],
    toPoint: ([east, north]) => [origin.longitude + east / METRES_PER_DEGREE / squeeze, origin.latitude + north / METRES_PER_DEGREE],
  };
}

export function gap([x1, y1]: Spot, [x2, y2]: Spot): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

/** Where a line is nearest to a spot, how far that is in metres, and the line's direction there (length 1). */
export type Foot = { spot: Spot; away: number; direction: Spot };

/** The nearest spot of a line; null of a line without length. */
export function footOn(line: readonly Spot[], spot: Spot): Foot | null {
  let nearest: Foot | null = null;
  for (let at = 1; at < line.length; at++) {
    const [from, to] = [line[at - 1], line[at]];
    if (from === undefined || to === undefined) continue;
    const length = gap(from, to);
    if (length === 0) continue;
    const direction: Spot = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const along = Math.min(length, Math.max(0, (spot[0] - from[0]) * direction[0] + (spot[1] - from[1]) * direction[1]));
    const foot: Spot = [from[0] + direction[0] * along, from[1] + direction[1] * along];
    const away = gap(foot, spot);
    if (nearest === null || away < nearest.away) nearest = { spot: foot, away, direction };
  }
  return nearest;
}

/** How many metres from `start` in `direction` (length 1) a line is crossed first; null where it is not. */
export function crossing(start: Spot, direction: Spot, line: readonly Spot[]): number | null {
  let first: number | null = null;
  for (let at = 1; at < line.length; at++) {
    const [from, to] = [line[at - 1], line[at]];
    if (from === undefined || to === undefined) continue;
    const [x, y] = [to[0] - from[0], to[1] - from[1]];
    const slant = direction[0] * y - direction[1] * x;
    if (Math.abs(slant) < 1e-9) continue;
    const [dx, dy] = [from[0] - start[0], from[1] - start[1]];
    const ahead = (dx * y - dy * x) / slant;
    const share = (dx * direction[1] - dy * direction[0]) / slant;
    if (ahead < 0 || share < 0 || share > 1) continue;
    if (first === null || ahead < first) first = ahead;
  }
  return first;
}
