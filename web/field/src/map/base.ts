import { partsOf } from "./addresses.ts";
import { footOn, planeAt, type Foot, type Point, type Spot } from "./plane.ts";
import type { MapStop, PinState } from "./stops.ts";
import { streetsOf, type Street } from "./streets.ts";

export type Feature = { type: "Feature"; id?: number; geometry: { type: "LineString"; coordinates: Point[] } | { type: "Polygon"; coordinates: Point[][] } | { type: "Point"; coordinates: Point }; properties: Record<string, string | number | boolean> };
export type Collection = { type: "FeatureCollection"; features: Feature[] };
export const NOTHING: Collection = { type: "FeatureCollection", features: [] };

/** What is under the pins, and where each stop (by id) leaves its street, or stands where it is in none. */
export type Base = { drawing: Collection; feet: ReadonlyMap<string, Point> };

/** Half a house's front and depth, and how far its middle is from the middle of the street at least, in metres. */
const FRONT_M = 6;
const DEPTH_M = 5;
const SETBACK_M = 16;
/** Houses farther off than this stand in a yard, and no way along the street leads past their door. */
const YARD_M = 60;

// The map takes over from the plain drawing what that was made of.
const made = new WeakMap<readonly MapStop[], Base>();

/** The base map, made of nothing but where the meters are: streets along their houses, and a block for each house beside its street. */
export function baseOf(stops: readonly MapStop[]): Base {
  let base = made.get(stops);
  if (base === undefined) {
    base = drawBase(stops);
    made.set(stops, base);
  }
  return base;
}

function drawBase(stops: readonly MapStop[]): Base {
  const [first] = stops;
  if (first === undefined) return { drawing: NOTHING, feet: new Map() };
  const plane = planeAt(first.place);
  const streets = streetsOf(stops);
  const lines = new Map<string, (readonly Spot[])[]>();
  for (const { name, line } of streets) {
    const spots = line.map(([longitude, latitude]) => plane.toSpot({ longitude, latitude }));
    lines.set(name, [...(lines.get(name) ?? []), spots]);
  }
  const feet = new Map<string, Point>();
  const blocks = new Map<string, Feature>();
  let turn = 1;
  for (const stop of stops) {
    const spot = plane.toSpot(stop.place);
    const foot = nearest(lines.get(partsOf(stop.address ?? "").street ?? "") ?? [], spot);
    feet.set(stop.id, plane.toPoint(foot === null || foot.away > YARD_M ? spot : foot.spot));
    const house = houseKey(stop);
    if (blocks.has(house)) continue;
    turn = -turn;
    const ring = corners(spot, foot, turn).map((corner) => plane.toPoint(corner));
    blocks.set(house, { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: { kind: "block" } });
  }
  return { drawing: { type: "FeatureCollection", features: [...blocks.values(), ...streets.map(streetFeature)] }, feet };
}

function streetFeature({ name, line }: Street): Feature {
  return { type: "Feature", geometry: { type: "LineString", coordinates: [...line] }, properties: { kind: "street", name } };
}

function nearest(lines: readonly (readonly Spot[])[], spot: Spot): Foot | null {
  let best: Foot | null = null;
  for (const line of lines) {
    const foot = footOn(line, spot);
    if (foot !== null && (best === null || foot.away < best.away)) best = foot;
  }
  return best;
}

/** The house's corners: its front along the street, on its own side of it; in the middle of the street it has none, and takes the one of its turn. */
function corners(spot: Spot, foot: Foot | null, turn: number): readonly Spot[] {
  const [dx, dy] = foot?.direction ?? [1, 0];
  let [x, y] = spot;
  if (foot !== null && foot.away < SETBACK_M) {
    const side = (spot[0] - foot.spot[0]) * -dy + (spot[1] - foot.spot[1]) * dx;
    const sign = Math.abs(side) < 1 ? turn : Math.sign(side);
    [x, y] = [foot.spot[0] - dy * sign * SETBACK_M, foot.spot[1] + dx * sign * SETBACK_M];
  }
  const corner = (along: number, across: number): Spot => [x + dx * along - dy * across, y + dy * along + dx * across];
  const start = corner(-FRONT_M, -DEPTH_M);
  return [start, corner(FRONT_M, -DEPTH_M), corner(FRONT_M, DEPTH_M), corner(-FRONT_M, DEPTH_M), start];
}

/** The walk along the streets: `done` some stops back, `ahead` to the next ones. */
export function walkOf(stops: readonly MapStop[], next: string | null, { feet }: Base, back = 8, ahead = 12): Collection {
  const from = next === null ? -1 : stops.findIndex((stop) => stop.id === next);
  if (from < 0) return NOTHING;
  const piece = (start: number, end: number, kind: string): Feature[] => {
    const coordinates = stops.slice(Math.max(0, start), end).map(({ id, place }): Point => feet.get(id) ?? [place.longitude, place.latitude]);
    return coordinates.length < 2 ? [] : [{ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { kind } }];
  };
  return { type: "FeatureCollection", features: [...piece(from - back, from + 1, "done"), ...piece(from, from + ahead, "ahead")] };
}

/** What a house shows that has several meters: what is left to do first. */
const FIRST: readonly PinState[] = ["todo", "problem", "syncing", "skipped", "done"];

/** One pin a house, with the stop that it opens; `number` is what a chosen one bears. */
export function pinsOf(stops: readonly MapStop[]): Collection {
  const houses = new Map<string, MapStop>();
  for (const stop of stops) {
    const key = houseKey(stop);
    const shown = houses.get(key);
    if (shown === undefined || FIRST.indexOf(stop.state) < FIRST.indexOf(shown.state)) houses.set(key, stop);
  }
  return {
    type: "FeatureCollection",
    features: [...houses.values()].map((stop, index) => ({
      type: "Feature",
      id: index,
      geometry: { type: "Point", coordinates: [stop.place.longitude, stop.place.latitude] },
      properties: { stop: stop.id, state: stop.state, number: stop.number ?? "" },
    })),
  };
}

/** Places a metre apart are one house. */
function houseKey({ place }: MapStop): string {
  return `${place.latitude.toFixed(5)} ${place.longitude.toFixed(5)}`;
}
