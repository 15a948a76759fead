import { describe, expect, it } from "vitest";

import { frameOf, moved, projection, scaleLength, zoomed, type Frame } from "../../src/map/frame.ts";
import { byKey } from "../../src/map/useMoves.ts";
import { stopAt } from "./ground.ts";

const SIZE = { width: 360, height: 640 };
const INSETS = { top: 64, right: 72, bottom: 240, left: 48 };
const places = [stopAt("a", [0, 0]), stopAt("b", [300, 40]), stopAt("c", [120, 400])].map(({ place }) => place);
const frame = frameOf(places, SIZE, INSETS);

function onScreen(of: Frame, index: number): readonly [number, number] {
  const place = places[index];
  return projection(of, SIZE)([place?.longitude ?? 0, place?.latitude ?? 0]);
}

describe("the plain drawing", () => {
  it("shows all places between what lies over it", () => {
    for (const index of [0, 1, 2]) {
      const [x, y] = onScreen(frame, index);
      expect(x).toBeGreaterThanOrEqual(INSETS.left - 1);
      expect(x).toBeLessThanOrEqual(SIZE.width - INSETS.right + 1);
      expect(y).toBeGreaterThanOrEqual(INSETS.top - 1);
      expect(y).toBeLessThanOrEqual(SIZE.height - INSETS.bottom + 1);
    }
  });

  it("has north above and east at the right, and metres as long in both directions", () => {
    const [a, b, c] = [onScreen(frame, 0), onScreen(frame, 1), onScreen(frame, 2)];
    expect(c[1]).toBeLessThan(a[1]);
    expect(b[0]).toBeGreaterThan(a[0]);
    expect((b[0] - a[0]) * frame.metresPerPixel).toBeCloseTo(300, -1);
    expect((a[1] - c[1]) * frame.metresPerPixel).toBeCloseTo(400, -1);
  });

  it("comes no nearer to one place than a house's surroundings, and shows the world where there is none", () => {
    expect(frameOf(places.slice(0, 1), SIZE, INSETS).metresPerPixel).toBeGreaterThanOrEqual(0.24);
    expect(frameOf([], SIZE, INSETS).middle).toEqual({ latitude: 20, longitude: 0 });
  });

  it("is drawn before its size is known", () => {
    expect(Number.isFinite(frameOf(places, { width: 0, height: 0 }, INSETS).metresPerPixel)).toBe(true);
  });

  it("goes on under a finger", () => {
    const [before, after] = [onScreen(frame, 1), onScreen(moved(frame, 30, -50), 1)];
    expect(after[0]).toBeCloseTo(before[0] - 30, 0);
    expect(after[1]).toBeCloseTo(before[1] + 50, 0);
  });

  it("keeps what is under the fingers where it is when it comes nearer", () => {
    const before = onScreen(frame, 1);
    const nearer = zoomed(frame, 2, before[0] - SIZE.width / 2, before[1] - SIZE.height / 2);
    expect(nearer.metresPerPixel).toBeCloseTo(frame.metresPerPixel / 2, 6);
    expect(onScreen(nearer, 1)[0]).toBeCloseTo(before[0], 0);
    expect(onScreen(nearer, 1)[1]).toBeCloseTo(before[1], 0);
  });

  it("comes no nearer than a house and goes no farther than a country, and stays in place there", () => {
    let near = frame;
    let far = frame;
    for (let turn = 0; turn < 60; turn++) [near, far] = [zoomed(near, 3), zoomed(far, 1 / 3)];
    expect(near.metresPerPixel).toBeCloseTo(0.12, 6);
    expect(far.metresPerPixel).toBe(5000);
    expect(zoomed(near, 3, 100, 100).middle).toEqual(near.middle);
  });

  it("is moved by the arrow keys and zoomed by + and -, and by no others", () => {
    const press = (key: string) => byKey(key)?.(frame) ?? null;
    expect(press("ArrowRight")?.middle.longitude).toBeGreaterThan(frame.middle.longitude);
    expect(press("ArrowLeft")?.middle.longitude).toBeLessThan(frame.middle.longitude);
    expect(press("ArrowUp")?.middle.latitude).toBeGreaterThan(frame.middle.latitude);
    expect(press("ArrowDown")?.middle.latitude).toBeLessThan(frame.middle.latitude);
    expect(press("+")?.metresPerPixel).toBeLessThan(frame.metresPerPixel);
    expect(press("-")?.metresPerPixel).toBeGreaterThan(frame.metresPerPixel);
    expect(press("Tab")).toBeNull();
  });
});

describe("the scale bar", () => {
  it.each([[0.12, 10], [0.35, 20], [0.7, 50], [1, 50], [1.2, 100], [25, 2000], [5000, 200_000]])("at %d metres per pixel is %d m long", (metresPerPixel, metres) => {
    expect(scaleLength(metresPerPixel, 96)).toBe(metres);
  });
});
