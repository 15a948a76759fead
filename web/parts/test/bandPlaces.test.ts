import { describe, expect, it } from "vitest";
import { bandPlaces } from "../src/bandPlaces.ts";

describe("the marks of an expected band", () => {
  it("stand in the order of their figures", () => {
    const at = bandPlaces(816.35, 827.1, 839.4, 831.742);
    expect(at.last).toBeCloseTo(12);
    expect(at.value).toBeGreaterThan(at.low);
    expect(at.value).toBeLessThan(at.high);
  });

  it("show a value on the band's edge on its edge", () => {
    expect(bandPlaces(816, 827, 839, 827).value).toBeCloseTo(34);
    expect(bandPlaces(816, 827, 839, 839).value).toBeCloseTo(66);
  });

  it("stay on the track however far the value is off", () => {
    expect(bandPlaces(816, 827, 839, 9_999_999).value).toBe(97);
    expect(bandPlaces(816, 827, 839, 0).value).toBe(3);
    expect(bandPlaces(null, 827, 839, 0).value).toBe(3);
  });

  it("show a value short of the last one left of it, and one between both between both", () => {
    expect(bandPlaces(816, 827, 839, 815).value).toBeLessThan(12);
    const between = bandPlaces(816, 827, 839, 820).value;
    expect(between).toBeGreaterThan(12);
    expect(between).toBeLessThan(34);
  });

  it("do without a last value and without a value", () => {
    expect(bandPlaces(null, 827, 839, null)).toEqual({ last: null, low: 34, high: 66, value: null });
  });

  it("show a last value inside the band there, as after no use at all", () => {
    expect(bandPlaces(827, 827, 839, 830).last).toBeCloseTo(34);
  });

  it("bear a band without width", () => {
    expect(bandPlaces(827, 830, 830, 830).value).toBe(50);
    expect(bandPlaces(827, 830, 830, 831).value).toBe(97);
    expect(bandPlaces(830, 830, 830, 829).value).toBe(3);
  });
});
