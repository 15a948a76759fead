import type { Place } from "../store/records.ts";
import { partsOf } from "./addresses.ts";
import { crossing, gap, planeAt, type Plane, type Point, type Spot } from "./plane.ts";

export type House = { address: string | null; place: Place };
export type Street = { name: string; line: readonly Point[] };
type Post = { spot: Spot; number: number | null };
type Lane = { name: string; line: readonly Spot[] };

/** Farther apart, houses of one name are of two streets: towns with the same street names are many. */
const GAP_M = 300;
/** A line follows its houses no finer than this: they stand left and right of it, and not in a row. */
const SMOOTH_M = 28;
const STEP_M = 14;
/** A street ends a little behind its last house, or in the street it meets this far off. */
const BEYOND_M = 16;
const MEETS_M = 90;

/** The streets along which the houses lie, each a smooth line between them from one end to the other; none where no address names one. */
export function streetsOf(houses: readonly House[]): readonly Street[] {
  const [first] = houses;
  if (first === undefined) return [];
  const plane = planeAt(first.place);
  return joined(lanesOf(houses, plane)).map(({ name, line }) => ({ name, line: line.map((spot) => plane.toPoint(spot)) }));
}

function lanesOf(houses: readonly House[], plane: Plane): readonly Lane[] {
  const byName = new Map<string, Post[]>();
  for (const { address, place } of houses) {
    const { street, number } = partsOf(address ?? "");
    if (street === null) continue;
    const post: Post = { spot: plane.toSpot(place), number };
    const posts = byName.get(street);
    if (posts) posts.push(post);
    else byName.set(street, [post]);
  }
  return [...byName].flatMap(([name, posts]) => neighbourhoods(posts).map((near) => ({ name, line: throughHouses(near) })));
}

/** Apart what lies apart: cells of the ground that touch belong together. */
function neighbourhoods(posts: readonly Post[]): readonly (readonly Post[])[] {
  const cellOf = ({ spot: [x, y] }: Post): Spot => [Math.floor(x / GAP_M), Math.floor(y / GAP_M)];
  const cells = new Map<string, Post[]>();
  for (const post of posts) {
    const key = cellOf(post).join();
    const cell = cells.get(key);
    if (cell) cell.push(post);
    else cells.set(key, [post]);
  }
  const all: Post[][] = [];
  for (const [start] of [...cells]) {
    const near: Post[] = [];
    const open = [start];
    for (let key = open.pop(); key !== undefined; key = open.pop()) {
      const cell = cells.get(key);
      const [some] = cell ?? [];
      if (cell === undefined || some === undefined) continue;
      cells.delete(key);
      near.push(...cell);
      const [x, y] = cellOf(some);
      for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) open.push([x + dx, y + dy].join());
    }
    if (near.length > 0) all.push(near);
  }
  return all;
}

function throughHouses(posts: readonly Post[]): readonly Spot[] {
  const straight = alongAxis(posts);
  if (posts.some(({ number }) => number === null)) return smooth(straight);
  // Round a bend the numbers know the way; where each side is numbered by itself, they run forth and back.
  const numbered = smooth([...posts].sort((one, other) => (one.number ?? 0) - (other.number ?? 0)).map(({ spot }) => spot));
  const plain = smooth(straight);
  return lengthOf(numbered) < lengthOf(plain) * 0.9 || strayOf(plain, straight) > 2 * strayOf(numbered, straight) + SMOOTH_M ? numbered : plain;
}

/** In the order of the direction in which they are spread the most. */
function alongAxis(posts: readonly Post[]): readonly Spot[] {
  const middle: Spot = [mean(posts.map(({ spot }) => spot[0])), mean(posts.map(({ spot }) => spot[1]))];
  let [xx, xy, yy] = [0, 0, 0];
  for (const { spot } of posts) {
    const [x, y] = [spot[0] - middle[0], spot[1] - middle[1]];
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const along = ({ spot }: Post) => (spot[0] - middle[0]) * Math.cos(angle) + (spot[1] - middle[1]) * Math.sin(angle);
  return posts.map((post) => ({ spot: post.spot, at: along(post) })).sort((one, other) => one.at - other.at).map(({ spot }) => spot);
}

/** The line that the houses stand left and right of: at each step the straight line that fits the houses near it best. */
function smooth(spots: readonly Spot[]): readonly Spot[] {
  const way = pairs(spots);
  const last = way.at(-1);
  if (last === undefined || last.at < 1) return [spots[0] ?? [0, 0]];
  const steps = Math.max(1, Math.ceil(last.at / STEP_M));
  return Array.from({ length: steps + 1 }, (_, step): Spot => {
    const at = (last.at * step) / steps;
    let [w, wt, wtt, wx, wy, wtx, wty] = [0, 0, 0, 0, 0, 0, 0];
    for (const one of way) {
      const t = one.at - at;
      // Nearer than a hundredth of the weight nothing counts, and long streets stay quick.
      if (Math.abs(t) > SMOOTH_M * 3) continue;
      const weight = Math.exp(-0.5 * (t / SMOOTH_M) ** 2);
      w += weight;
      wt += weight * t;
      wtt += weight * t * t;
      wx += weight * one.spot[0];
      wy += weight * one.spot[1];
      wtx += weight * t * one.spot[0];
      wty += weight * t * one.spot[1];
    }
    const spread = w * wtt - wt * wt;
    if (w === 0) return between(way, at);
    return spread < 1 ? [wx / w, wy / w] : [(wtt * wx - wt * wtx) / spread, (wtt * wy - wt * wty) / spread];
  });
}

type Mile = { spot: Spot; at: number };

/** The spots with how far along the way they are, measured between the middles of neighbours: crossing the street is no way along it. */
function pairs(spots: readonly Spot[]): readonly Mile[] {
  let at = 0;
  let before: Spot | null = null;
  return spots.map((spot, index) => {
    const near = spots.slice(Math.max(0, index - 2), index + 3);
    const middle: Spot = [mean(near.map(([x]) => x)), mean(near.map(([, y]) => y))];
    if (before !== null) at += gap(before, middle);
    before = middle;
    return { spot, at };
  });
}

/** In a wide gap between houses the line runs straight. */
function between(way: readonly Mile[], at: number): Spot {
  const after = way.findIndex((mile) => mile.at >= at);
  const [from, to] = [way[Math.max(0, after - 1)], way[after]];
  if (from === undefined || to === undefined || to.at === from.at) return to?.spot ?? from?.spot ?? [0, 0];
  const share = (at - from.at) / (to.at - from.at);
  return [from.spot[0] + (to.spot[0] - from.spot[0]) * share, from.spot[1] + (to.spot[1] - from.spot[1]) * share];
}

/** Streets that nearly meet do meet; the others end behind their last house. */
function joined(lanes: readonly Lane[]): readonly Lane[] {
  const framed = lanes.map((lane) => ({ lane, frame: frameOf(lane.line) }));
  return framed.map(({ lane, frame }) => {
    const others = framed.filter((other) => other.lane !== lane && touch(frame, other.frame)).map((other) => other.lane);
    const [first = [0, 0]] = lane.line;
    const last = lane.line.at(-1) ?? first;
    // Their direction, taken some houses back: the last one alone would turn it to its own side.
    const [start, end] = [lane.line[3] ?? last, lane.line.at(-4) ?? first];
    return { name: lane.name, line: [onward(start, first, -1, others), ...lane.line, onward(end, last, 1, others)] };
  });
}

function onward(from: Spot, end: Spot, side: number, others: readonly Lane[]): Spot {
  const length = gap(from, end);
  // One house alone: a short piece of street that runs east, its name beside the house.
  if (length < 0.5) return [end[0] + BEYOND_M * (side < 0 ? -2.6 : 0.5), end[1]];
  const direction: Spot = [(end[0] - from[0]) / length, (end[1] - from[1]) / length];
  let reach = Infinity;
  for (const { line } of others) reach = Math.min(reach, crossing(end, direction, line) ?? Infinity);
  const ahead = reach <= MEETS_M ? reach : BEYOND_M;
  return [end[0] + direction[0] * ahead, end[1] + direction[1] * ahead];
}

type Frame = readonly [west: number, south: number, east: number, north: number];

function frameOf(line: readonly Spot[]): Frame {
  const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function touch([west, south, east, north]: Frame, other: Frame): boolean {
  return west - MEETS_M <= other[2] && other[0] <= east + MEETS_M && south - MEETS_M <= other[3] && other[1] <= north + MEETS_M;
}

function lengthOf(line: readonly Spot[]): number {
  return line.reduce((sum, spot, at) => sum + (at === 0 ? 0 : gap(line[at - 1] ?? spot, spot)), 0);
}

/** How far the house farthest from a line is from its nearest bend. */
function strayOf(line: readonly Spot[], spots: readonly Spot[]): number {
  return Math.max(0, ...spots.map((spot) => Math.min(...line.map((bend) => gap(bend, spot)))));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
