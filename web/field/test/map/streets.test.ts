import { describe, expect, it } from "vitest";

import { footOn, gap, type Spot } from "../../src/map/plane.ts";
import { streetsOf } from "../../src/map/streets.ts";
import { housesAlong, spotsOf, stopAt } from "./ground.ts";

const straight = (t: number): Spot => [t * 300, 0];

/** The farthest that any bend of a line is from where the middle of the street runs. */
function stray(line: readonly Spot[], along: (t: number) => Spot): number {
  const middle = Array.from({ length: 201 }, (_, index) => along(-0.2 + (index / 200) * 1.4));
  return Math.max(...line.map((spot) => footOn(middle, spot)?.away ?? Infinity));
}

describe("streets out of houses", () => {
  it("run between the houses on the left and on the right", () => {
    const [street, ...more] = streetsOf(housesAlong("Mill Lane", 24, straight));
    expect(more).toEqual([]);
    expect(street?.name).toBe("Mill Lane");
    expect(stray(spotsOf(street?.line ?? []), straight)).toBeLessThan(5);
  });

  it("run the same when all even houses come before the odd ones", () => {
    const houses = housesAlong("Mill Lane", 24, straight);
    const mixed = [...houses.filter((_, index) => index % 2 === 0), ...houses.filter((_, index) => index % 2 === 1).reverse()];
    expect(stray(spotsOf(streetsOf(mixed)[0]?.line ?? []), straight)).toBeLessThan(5);
  });

  it("follow a bend", () => {
    const bend = (t: number): Spot => [t * 300, Math.sin(t * Math.PI) * 60];
    const line = spotsOf(streetsOf(housesAlong("Quay Street", 30, bend))[0]?.line ?? []);
    expect(stray(line.slice(1, -1), bend)).toBeLessThan(6);
  });

  it("follow the numbers round a horseshoe, where the houses' spread would mix its arms", () => {
    const horseshoe = (t: number): Spot => [Math.sin(Math.PI * t) * 110, -Math.cos(Math.PI * t) * 110];
    const line = spotsOf(streetsOf(housesAlong("The Crescent", 40, horseshoe))[0]?.line ?? []);
    expect(Math.max(...line.slice(1, -1).map((spot) => Math.abs(gap(spot, [0, 0]) - 110)))).toBeLessThan(14);
  });

  it("keep to the middle where each side is numbered by itself", () => {
    const houses = housesAlong("High Street", 24, straight);
    const sides = [...houses.filter((_, index) => index % 2 === 0), ...houses.filter((_, index) => index % 2 === 1).reverse()];
    const numbered = sides.map((stop, index) => ({ ...stop, address: `${index + 1} High Street` }));
    expect(stray(spotsOf(streetsOf(numbered)[0]?.line ?? []), straight)).toBeLessThan(5);
  });

  it("end a little behind the last house", () => {
    const line = spotsOf(streetsOf(housesAlong("Mill Lane", 24, straight))[0]?.line ?? []);
    const ends = [line[0]?.[0] ?? 0, line.at(-1)?.[0] ?? 0].sort((one, other) => one - other);
    expect(ends[0]).toBeGreaterThan(-25);
    expect(ends[0]).toBeLessThan(-8);
    expect(ends[1]).toBeGreaterThan(308);
    expect(ends[1]).toBeLessThan(325);
  });

  it("meet the street that they run towards", () => {
    const lane = housesAlong("Mill Lane", 12, (t) => [t * 150, 0]);
    const quay = housesAlong("Quay Street", 12, (t) => [200, t * 200 - 100]);
    const streets = streetsOf([...lane, ...quay]);
    const end = Math.max(...spotsOf(streets.find(({ name }) => name === "Mill Lane")?.line ?? []).map(([east]) => east));
    expect(end).toBeGreaterThan(196);
    expect(end).toBeLessThan(204);
  });

  it("of one name in two towns are two", () => {
    const here = housesAlong("Main Street", 8, straight);
    const there = housesAlong("Main Street", 8, (t) => [t * 300 + 9000, 4000]);
    const streets = streetsOf([...here, ...there]);
    expect(streets.map(({ name }) => name)).toEqual(["Main Street", "Main Street"]);
    for (const { line } of streets) expect(gap(spotsOf(line)[0] ?? [0, 0], spotsOf(line).at(-1) ?? [0, 0])).toBeLessThan(400);
  });

  it("are a short piece where there is one house, or all flats are of one", () => {
    for (const houses of [[stopAt("a", [0, 0], "Mill Lane 1")], [stopAt("a", [0, 0], "Mill Lane 1"), stopAt("b", [0, 0], "Mill Lane 1, 2. tv")]]) {
      const [street] = streetsOf(houses);
      const line = spotsOf(street?.line ?? []);
      const length = gap(line[0] ?? [0, 0], line.at(-1) ?? [0, 0]);
      expect(length).toBeGreaterThan(40);
      expect(length).toBeLessThan(90);
    }
  });

  it("are none without names, and of nothing", () => {
    expect(streetsOf([stopAt("a", [0, 0]), stopAt("b", [30, 0], "12")])).toEqual([]);
    expect(streetsOf([])).toEqual([]);
  });

  it("have places on the earth, wherever the houses are", () => {
    for (const latitude of [-90, -33.9, 0, 90]) {
      const houses = [0, 1, 2, 3].map((step) => ({ address: `${step} Lane`, place: { latitude: latitude === 90 ? 90 - step * 0.0001 : latitude + step * 0.0001, longitude: 179.99 } }));
      for (const { line } of streetsOf(houses)) for (const point of line) expect(point.every(Number.isFinite)).toBe(true);
    }
  });
});
