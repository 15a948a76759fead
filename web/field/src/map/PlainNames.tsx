import type { ReactNode } from "react";

import type { Palette } from "./palette.ts";

type Spot = readonly [x: number, y: number];
export type PlacedName = { name: string; x: number; y: number; angle: number };

/** So wide a letter is at most on average, and so far apart names have to be, in pixels. */
const LETTER = 6.6;
const APART = 16;

/**
 * Where names stand along what is seen of their streets: near the middle, never upside down, and none over another. A street shorter than
 * its name goes without.
 */
export function namesAlong(streets: readonly { name: string; line: readonly Spot[] }[]): readonly PlacedName[] {
  const taken: Spot[] = [];
  return streets.flatMap(({ name, line }): PlacedName[] => {
    for (const share of [0.5, 0.3, 0.7]) {
      const half = (name.length * LETTER) / 2;
      const at = lengthOf(line) * share;
      const [from, middle, to] = [spotAt(line, at - half), spotAt(line, at), spotAt(line, at + half)];
      if (from === null || middle === null || to === null) continue;
      const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
      const covered = Array.from({ length: Math.ceil(half / 6) + 1 }, (_, index) => index * 12 - half).map((off): Spot => [middle[0] + off * Math.cos(angle), middle[1] + off * Math.sin(angle)]);
      if (covered.some((spot) => taken.some((other) => distance(spot, other) < APART))) continue;
      taken.push(...covered);
      const degrees = (angle * 180) / Math.PI;
      return [{ name, x: middle[0], y: middle[1], angle: Math.abs(degrees) > 90 ? degrees - Math.sign(degrees) * 180 : degrees }];
    }
    return [];
  });
}

export function PlainNames({ names, palette }: { names: readonly PlacedName[]; palette: Palette }): ReactNode {
  return names.map(({ name, x, y, angle }, index) => (
    <text key={index} transform={`translate(${x} ${y}) rotate(${angle})`} fill={palette.label} stroke={palette.street} strokeWidth={4} strokeLinejoin="round" paintOrder="stroke" fontSize={12} fontWeight={500} textAnchor="middle" dominantBaseline="central">{name}</text>
  ));
}

/** So many pixels along a line; null before its start and behind its end. */
function spotAt(line: readonly Spot[], at: number): Spot | null {
  let rest = at;
  for (const [index, to] of line.entries()) {
    const from = line[index - 1];
    if (from === undefined) continue;
    const length = distance(from, to);
    if (rest >= 0 && rest <= length && length > 0) return [from[0] + ((to[0] - from[0]) * rest) / length, from[1] + ((to[1] - from[1]) * rest) / length];
    rest -= length;
  }
  return null;
}

function lengthOf(line: readonly Spot[]): number {
  return line.reduce((sum, spot, at) => sum + distance(line[at - 1] ?? spot, spot), 0);
}

function distance([x1, y1]: Spot, [x2, y2]: Spot): number {
  return Math.hypot(x2 - x1, y2 - y1);
}
