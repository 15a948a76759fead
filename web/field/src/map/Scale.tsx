import type { ReactNode } from "react";

import { formatDistance } from "../words/format.ts";
import { scaleLength } from "./frame.ts";

/** How far a piece of the map is on the ground, and where north is: always up. Not for screen readers, which have the distances in words. */
export function Scale({ metresPerPixel }: { metresPerPixel: number }): ReactNode {
  const length = scaleLength(metresPerPixel, 110);
  return (
    <div className="field-map-scale" aria-hidden="true">
      <svg viewBox="0 0 16 28"><path d="M8 1 15 25 8 20Z" fill="currentColor" /><path d="M8 1 1 25 8 20Z" fill="none" stroke="currentColor" strokeWidth={1.5} strokeLinejoin="round" /></svg>
      <span className="field-map-scale-bar" style={{ width: length / metresPerPixel }}>{formatDistance(length)}</span>
    </div>
  );
}
