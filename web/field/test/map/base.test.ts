import { describe, expect, it } from "vitest";

import { baseOf, pinsOf, walkOf } from "../../src/map/base.ts";
import { changesOf } from "../../src/map/feed.ts";
import { circleAround } from "../../src/map/own-place.ts";
import { gap, type Spot } from "../../src/map/plane.ts";
import { around, boundsOf, isSameGround, type MapStop } from "../../src/map/stops.ts";
import { housesAlong, spotsOf, stopAt } from "./ground.ts";

const lane = housesAlong("Mill Lane", 20, (t) => [t * 300, 0]);

function ringsOf(stops: readonly MapStop[]): Spot[][] {
  return baseOf(stops).drawing.features.flatMap(({ geometry }) => (geometry.type === "Polygon" ? [spotsOf(geometry.coordinates[0] ?? [])] : []));
}

describe("the base map", () => {
  it("has a block for each house, and none of them on the street", () => {
    const rings = ringsOf(lane);
    expect(rings).toHaveLength(20);
    for (const ring of rings) expect(Math.min(...ring.map(([, north]) => Math.abs(north)))).toBeGreaterThan(5);
  });

  it("has houses on both sides where the meters are in the middle of the street", () => {
    const sides = ringsOf(housesAlong("Mill Lane", 10, (t) => [t * 150, 0], 0)).map((ring) => Math.sign(ring[0]?.[1] ?? 0));
    expect(new Set(sides)).toEqual(new Set([-1, 1]));
  });

  it("has one block for the flats of one house", () => {
    expect(ringsOf([stopAt("a", [0, 0], "Mill Lane 4, 1. tv"), stopAt("b", [0, 0], "Mill Lane 4, 2. tv")])).toHaveLength(1);
  });

  it("is drawn of one meter without an address, and of none", () => {
    expect(ringsOf([stopAt("a", [5, 5])])).toHaveLength(1);
    expect(baseOf([]).drawing.features).toEqual([]);
  });
});

describe("the walk", () => {
  const drawn = (next: string | null) => walkOf(lane, next, baseOf(lane), 3, 4).features;

  it("runs along the street, and not from door to door", () => {
    for (const { geometry } of drawn("Mill Lane10")) if (geometry.type === "LineString") for (const [, north] of spotsOf(geometry.coordinates)) expect(Math.abs(north)).toBeLessThan(3);
  });

  it("tells what was walked from what comes", () => {
    expect(drawn("Mill Lane10").map(({ properties, geometry }) => [properties["kind"], geometry.coordinates.length])).toEqual([["done", 4], ["ahead", 4]]);
  });

  it("has no past at the first stop, no rest at the last, and is none when all is done", () => {
    expect(drawn("Mill Lane0").map(({ properties }) => properties["kind"])).toEqual(["ahead"]);
    expect(drawn("Mill Lane19").map(({ properties }) => properties["kind"])).toEqual(["done"]);
    expect(drawn(null)).toEqual([]);
    expect(drawn("elsewhere")).toEqual([]);
  });

  it("goes to the door where there is no street", () => {
    const stops = [stopAt("a", [0, 0]), stopAt("b", [40, 30])];
    const [walk] = walkOf(stops, "a", baseOf(stops)).features;
    const ends = walk?.geometry.type === "LineString" ? spotsOf(walk.geometry.coordinates) : [];
    expect(gap(ends[1] ?? [0, 0], [40, 30])).toBeLessThan(0.1);
  });
});

describe("pins", () => {
  it("are one for each house, and show what is left to do there", () => {
    const pins = pinsOf([stopAt("a", [0, 0], null, "done"), stopAt("b", [0, 0], null, "todo", 8), stopAt("c", [0, 0], null, "skipped"), stopAt("d", [50, 0], null, "problem")]);
    expect(pins.features.map(({ properties }) => properties)).toEqual([{ stop: "b", state: "todo", number: 8 }, { stop: "d", state: "problem", number: "" }]);
  });

  it("change one by one where they stand", () => {
    const after = lane.map((stop, index) => (index === 7 ? { ...stop, state: "done" as const } : stop));
    expect(changesOf(pinsOf(lane), pinsOf(after))).toEqual([{ id: 7, addOrUpdateProperties: [{ key: "state", value: "done" }] }]);
    expect(changesOf(pinsOf(lane), pinsOf([...lane]))).toEqual([]);
  });

  it("are given anew when a meter came, went or moved", () => {
    expect(changesOf(pinsOf(lane), pinsOf(lane.slice(1)))).toBeNull();
    expect(changesOf(pinsOf(lane), pinsOf([stopAt("moved", [0, 50]), ...lane.slice(1)]))).toBeNull();
    expect(changesOf(baseOf(lane).drawing, baseOf(lane).drawing)).toBeNull();
  });
});

describe("the ground", () => {
  it("is the same whatever becomes of the stops, and another when a meter moves or changes its address", () => {
    const [first = stopAt("x", [0, 0]), ...rest] = lane;
    expect(isSameGround(lane, lane.map((stop) => ({ ...stop, state: "done" as const })))).toBe(true);
    expect(isSameGround(lane, rest)).toBe(false);
    expect(isSameGround(lane, [{ ...first, address: "1 Quay Street" }, ...rest])).toBe(false);
    expect(isSameGround(lane, [{ ...first, place: { ...first.place, latitude: 55.1 } }, ...rest])).toBe(false);
  });

  it("has bounds as wide as its places, and some houses wide at least", () => {
    expect(boundsOf([])).toBeNull();
    expect(boundsOf([{ latitude: 1, longitude: 5 }, { latitude: -2, longitude: 7 }])).toEqual({ south: -2, north: 1, west: 5, east: 7 });
    const one = boundsOf([{ latitude: 10, longitude: 20 }]);
    expect(one === null ? 0 : one.east - one.west).toBeCloseTo(0.0008, 9);
    expect(one === null ? 0 : (one.east + one.west) / 2).toBeCloseTo(20, 9);
  });

  it("shows first what lies around the next stop, and all where there is none", () => {
    expect(around(lane, "Mill Lane10").map(({ id }) => id)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18].map((n) => `Mill Lane${n}`));
    expect(around(lane, "Mill Lane0")).toHaveLength(9);
    expect(around(lane, null)).toHaveLength(20);
    expect(around(lane, "gone")).toHaveLength(20);
  });
});

describe("the own place", () => {
  it("has a ring as wide as it is unsure", () => {
    const [ring, dot] = circleAround({ latitude: 55.06, longitude: 10.607, accuracy_m: 22, at: 0, from: "device" }).features;
    const spots = ring?.geometry.type === "Polygon" ? spotsOf(ring.geometry.coordinates[0] ?? []) : [];
    expect(spots.length).toBeGreaterThan(30);
    for (const spot of spots) expect(gap(spot, [0, 0])).toBeCloseTo(22, 3);
    expect(dot?.geometry).toEqual({ type: "Point", coordinates: [10.607, 55.06] });
  });

  it("is not drawn while nobody knows it", () => {
    expect(circleAround(null).features).toEqual([]);
  });
});
