import type { ReactNode } from "react";

import type { Palette } from "./palette.ts";
import type { PinState } from "./stops.ts";

/** A pin of the plain drawing, around (0, 0): the same shapes as on the map. @param of 1 is its full size. */
export function PlainPin({ state, palette, of }: { state: PinState; palette: Palette; of: number }): ReactNode {
  const colour = palette.pin[state];
  const transform = `scale(${of})`;
  if (state === "todo") return <circle transform={transform} r={9} fill={palette.hollow} stroke={colour} strokeWidth={4} />;
  if (state === "problem") {
    return (
      <g transform={transform}>
        <path d="M0-11 11 10H-11Z" fill={colour} stroke={palette.hollow} strokeWidth={2} strokeLinejoin="round" />
        <path d="M0-4V3M0 7V7" stroke="#1A1000" strokeWidth={2.5} strokeLinecap="round" />
      </g>
    );
  }
  const isSyncing = state === "syncing";
  return (
    <g transform={transform} fill="none" strokeWidth={2.5} strokeLinecap="round" strokeLinejoin="round">
      <circle r={10} fill={isSyncing ? palette.hollow : colour} stroke={isSyncing ? colour : palette.hollow} />
      <path d={state === "skipped" ? "M-4.5 0H4.5" : "M-4.5.5-1.3 3.5 4.5-3"} stroke={isSyncing ? colour : palette.onPin} />
    </g>
  );
}

/** The chosen stop's pin, its point at (0, 0). */
export function PlainChosen({ number, palette }: { number: number | null; palette: Palette }): ReactNode {
  return (
    <g>
      <path d="M0 0-17.2-22.8A20 20 0 1 1 17.2-22.8Z" fill={palette.chosen} stroke={palette.hollow} strokeWidth={3} strokeLinejoin="round" />
      {number === null ? <circle cy={-33} r={7} fill={palette.onChosen} /> : <text y={-32} fill={palette.onChosen} fontSize={number > 999 ? 12 : 15} fontWeight={700} textAnchor="middle" dominantBaseline="central">{number}</text>}
    </g>
  );
}
