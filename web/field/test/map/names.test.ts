import { describe, expect, it } from "vitest";

import { namesAlong } from "../../src/map/PlainNames.tsx";

const line = (from: readonly [number, number], to: readonly [number, number]) => Array.from({ length: 21 }, (_, index) => [from[0] + ((to[0] - from[0]) * index) / 20, from[1] + ((to[1] - from[1]) * index) / 20] as const);

describe("names of the plain drawing", () => {
  it("stand in the middle of their street, along it", () => {
    expect(namesAlong([{ name: "Ropewalk", line: line([0, 100], [200, 100]) }])).toEqual([{ name: "Ropewalk", x: 100, y: 100, angle: 0 }]);
  });

  it.each([[[200, 100], [0, 100]], [[0, 0], [0, 200]], [[0, 200], [0, 0]], [[200, 200], [0, 0]], [[200, 0], [0, 200]]] as const)("are never upside down from %j to %j", (from, to) => {
    const [name] = namesAlong([{ name: "Ropewalk", line: line(from, to) }]);
    expect(Math.abs(name?.angle ?? 180)).toBeLessThanOrEqual(90);
  });

  it("stand beside the house where there is one alone", () => {
    expect(namesAlong([{ name: "Ropewalk", line: [[90, 50], [100, 50], [200, 50]] }])[0]?.x).toBeCloseTo(145, 6);
  });

  it("move aside for another, and are left out where there is no room", () => {
    const street = { name: "Mill Lane", line: line([0, 100], [400, 100]) };
    const beside = { name: "Ropewalk", line: line([0, 104], [400, 104]) };
    const placed = namesAlong([street, beside, { ...beside, name: "A third one here" }, { ...beside, name: "A fourth" }]);
    expect(placed.map(({ name }) => name)).toEqual(["Mill Lane", "Ropewalk", "A fourth"]);
    expect(placed[1]?.x).toBeCloseTo(120, 6);
  });

  it("are left out of streets that are shorter, or not in sight", () => {
    expect(namesAlong([{ name: "Sailmakers Court", line: line([0, 0], [60, 0]) }, { name: "Gone", line: [] }])).toEqual([]);
  });
});
