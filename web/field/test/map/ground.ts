import type { MapStop, PinState } from "../../src/map/stops.ts";
import { planeAt, type Spot } from "../../src/map/plane.ts";

const plane = planeAt({ latitude: 55.06, longitude: 10.607 });

/** A stop so many metres east and north of the town's corner. */
export function stopAt(id: string, [east, north]: Spot, address: string | null = null, state: PinState = "todo", number: number | null = null): MapStop {
  const [longitude, latitude] = plane.toPoint([east, north]);
  return { id, number, address, state, place: { latitude, longitude } };
}

/** Houses left and right of a street in turn, `away` metres from its middle; along(t) is the middle, t from 0 to 1. */
export function housesAlong(name: string, count: number, along: (t: number) => Spot, away = 10): MapStop[] {
  return Array.from({ length: count }, (_, index) => {
    const t = count === 1 ? 0 : index / (count - 1);
    const [from, to] = [along(Math.max(0, t - 0.01)), along(Math.min(1, t + 0.01))];
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const side = index % 2 === 0 ? away : -away;
    const [x, y] = along(t);
    return stopAt(`${name}${index}`, [x - ((to[1] - from[1]) / length) * side, y + ((to[0] - from[0]) / length) * side], `${index + 1} ${name}`);
  });
}

/** Metres east and north of the town's corner. */
export function spotsOf(points: readonly (readonly [number, number])[]): Spot[] {
  return points.map(([longitude, latitude]) => plane.toSpot({ latitude, longitude }));
}
