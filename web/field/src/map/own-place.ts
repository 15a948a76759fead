import type { Position } from "../store/records.ts";
import { NOTHING, type Collection } from "./base.ts";
import { planeAt } from "./plane.ts";

const CORNERS = 48;

/** The own place as a dot, with a circle as wide as it is unsure. */
export function circleAround(own: Position | null): Collection {
  if (own === null) return NOTHING;
  const plane = planeAt(own);
  const ring = Array.from({ length: CORNERS + 1 }, (_, index) => {
    const angle = (index / CORNERS) * Math.PI * 2;
    return plane.toPoint([own.accuracy_m * Math.cos(angle), own.accuracy_m * Math.sin(angle)]);
  });
  return {
    type: "FeatureCollection",
    features: [
      { type: "Feature", geometry: { type: "Polygon", coordinates: [ring] }, properties: {} },
      { type: "Feature", geometry: { type: "Point", coordinates: [own.longitude, own.latitude] }, properties: {} },
    ],
  };
}
