import type { Stop } from "../route/stop.ts";
import type { Place } from "../store/records.ts";

/** How a stop is drawn. syncing: visited, and not yet at the office. */
export type PinState = "todo" | "done" | "skipped" | "problem" | "syncing";

export type MapStop = { id: string; number: number | null; address: string | null; state: PinState; place: Place };

/** The stops that have a position, in their order. */
export function mapStops(stops: readonly Stop[]): readonly MapStop[] {
  return stops.flatMap((stop) => {
    const place = stop.meter.coordinates;
    if (place === null) return [];
    return [{ id: stop.id, number: stop.number, address: stop.meter.address, state: stop.pending && stop.state === "done" ? "syncing" : stop.state, place }];
  });
}

/** Whether the same meters stand at the same places: then the base map is the same, whatever became of them. */
export function isSameGround(one: readonly MapStop[], other: readonly MapStop[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every((stop, at) => {
    const now = other[at];
    return stop.id === now?.id && stop.address === now.address && stop.place.latitude === now.place.latitude && stop.place.longitude === now.place.longitude;
  });
}

/** The stops of the next quarter of an hour, those behind among them: the whole round would be a carpet of pins. */
export function around(stops: readonly MapStop[], id: string | null): readonly MapStop[] {
  const at = id === null ? -1 : stops.findIndex((stop) => stop.id === id);
  return at < 0 ? stops : stops.slice(Math.max(0, at - 5), at + 9);
}

export type Bounds = { west: number; south: number; east: number; north: number };

/** The smallest frame around all places; null where there is none. At least some houses wide, so that one place is no point. */
export function boundsOf(places: readonly Place[]): Bounds | null {
  const [first] = places;
  if (first === undefined) return null;
  const bounds = { west: first.longitude, east: first.longitude, south: first.latitude, north: first.latitude };
  for (const { latitude, longitude } of places) {
    bounds.west = Math.min(bounds.west, longitude);
    bounds.east = Math.max(bounds.east, longitude);
    bounds.south = Math.min(bounds.south, latitude);
    bounds.north = Math.max(bounds.north, latitude);
  }
  const least = 0.0008;
  const widen = Math.max(0, least - (bounds.east - bounds.west)) / 2;
  const heighten = Math.max(0, least - (bounds.north - bounds.south)) / 2;
  return { west: bounds.west - widen, east: bounds.east + widen, south: bounds.south - heighten, north: bounds.north + heighten };
}
