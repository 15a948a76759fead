import { useState } from "react";

import { isSameGround, type MapStop } from "./stops.ts";

/** The stops as they stood when a place or an address of them changed last: what the base map is drawn of. */
export function useGround(stops: readonly MapStop[]): readonly MapStop[] {
  const [ground, setGround] = useState(stops);
  if (isSameGround(ground, stops)) return ground;
  setGround(stops);
  return stops;
}
