import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Place } from "../../src/store/records.ts";
import { bearing, distance, SEARCH_LIMIT_MS, watchPosition, type PositionState, type PositionWatch } from "../../src/capture/position.ts";

const GATE: Place = { latitude: 48.2, longitude: 16.37 };
/** About 111 m further north. */
const NEXT_HOUSE: Place = { latitude: 48.201, longitude: 16.37 };

/** A phone's positions, told by hand. */
class Satellites {
  readonly watches = new Map<number, { onFix: PositionCallback; onError: PositionErrorCallback | null | undefined }>();
  started = 0;

  watchPosition(onFix: PositionCallback, onError?: PositionErrorCallback | null, options?: PositionOptions): number {
    expect(options).toMatchObject({ enableHighAccuracy: true, maximumAge: 0 });
    this.started += 1;
    this.watches.set(this.started, { onFix, onError });
    return this.started;
  }

  clearWatch(watch: number): void {
    this.watches.delete(watch);
  }

  fix(place: Place, accuracy: number): void {
    for (const { onFix } of this.watches.values()) onFix({ coords: { ...place, accuracy }, timestamp: 0 } as GeolocationPosition);
  }

  fail(code: number): void {
    for (const { onError } of this.watches.values()) onError?.({ code, message: "" } as GeolocationPositionError);
  }
}

let satellites: Satellites;
let told: PositionState[];
let watch: PositionWatch;
let clock: number;

const states = () => told.map(({ state }) => state);
const accuracy = () => watch.best()?.accuracy_m;
const pass = (milliseconds: number) => {
  // In steps: the clock and the timers go together.
  for (let left = milliseconds; left > 0; left -= 1_000) {
    clock += Math.min(left, 1_000);
    vi.advanceTimersByTime(Math.min(left, 1_000));
  }
};

beforeEach(() => {
  vi.useFakeTimers();
  satellites = new Satellites();
  told = [];
  clock = 1_000_000;
  watch = watchPosition((state) => told.push(state), { geolocation: satellites, now: () => clock });
});

afterEach(() => {
  watch.stop();
  vi.useRealTimers();
});

describe("the watch of the position", () => {
  it("is searching at once, and found with the first good fix", () => {
    satellites.fix(GATE, 6);
    expect(told).toEqual([{ state: "searching" }, { state: "found", position: { ...GATE, accuracy_m: 6, at: 1_000_000, from: "device" } }]);
  });

  it("is weak beyond 50 m and found at 50 m", () => {
    satellites.fix(GATE, 50.5);
    satellites.fix(GATE, 50);
    expect(states()).toEqual(["searching", "weak", "found"]);
  });

  it("keeps the best fix of the last minute and tells only better ones", () => {
    satellites.fix(GATE, 5);
    pass(20_000);
    satellites.fix(GATE, 30);
    expect(accuracy()).toBe(5);
    expect(told).toHaveLength(2);
    pass(41_000);
    expect(watch.current()).toMatchObject({ state: "found", position: { accuracy_m: 30 } });
    expect(told).toHaveLength(3);
  });

  it("forgets the best fix when a newer one shows that the phone has moved", () => {
    satellites.fix(GATE, 5);
    pass(10_000);
    satellites.fix(NEXT_HOUSE, 20);
    expect(watch.best()).toMatchObject({ ...NEXT_HOUSE, accuracy_m: 20 });
  });

  it("keeps the best fix when a newer one is too wide to contradict it", () => {
    satellites.fix(GATE, 5);
    satellites.fix(NEXT_HOUSE, 400);
    expect(watch.best()).toMatchObject({ ...GATE, accuracy_m: 5 });
  });

  it("asks anew when the browser falls silent, so that a phone that lies still keeps its position", () => {
    satellites.fix(GATE, 5);
    pass(31_000);
    expect(satellites.started).toBe(2);
    expect(satellites.watches.size).toBe(1);
    satellites.fix(GATE, 8);
    pass(45_000);
    expect(watch.current()).toMatchObject({ state: "found", position: { accuracy_m: 8 } });
  });

  it("has no position a minute after the last fix", () => {
    satellites.fix(GATE, 5);
    pass(61_000);
    expect(states()).toEqual(["searching", "found", "unavailable"]);
    expect(watch.best()).toBeNull();
  });

  it("counts no fix that a clock set back has left in the future", () => {
    satellites.fix(GATE, 5);
    clock -= 86_400_000;
    expect(watch.best()).toBeNull();
    satellites.fix(GATE, 9);
    expect(accuracy()).toBe(9);
  });

  it("is unavailable when nothing comes, and found when it comes after all", () => {
    pass(SEARCH_LIMIT_MS);
    expect(states()).toEqual(["searching", "unavailable"]);
    satellites.fix(GATE, 12);
    expect(states()).toEqual(["searching", "unavailable", "found"]);
  });

  it.each([2, 3])("keeps its fix when the phone fails with %i, and is unavailable without one", (code) => {
    satellites.fix(GATE, 12);
    satellites.fail(code);
    expect(watch.current().state).toBe("found");
    pass(61_000);
    expect(watch.current().state).toBe("unavailable");
  });

  it("is denied at once, without the fixes from before", () => {
    satellites.fix(GATE, 12);
    satellites.fail(1);
    expect(states()).toEqual(["searching", "found", "denied"]);
    expect(watch.best()).toBeNull();
  });

  it("seeks anew on retry, with the fix it has still at hand", () => {
    satellites.fix(GATE, 80);
    watch.retry();
    expect(watch.current()).toEqual({ state: "searching" });
    expect(accuracy()).toBe(80);
    expect(satellites.watches.size).toBe(1);
    satellites.fix(GATE, 7);
    expect(states()).toEqual(["searching", "weak", "searching", "found"]);
  });

  it("tells the fix it has when a retry finds nothing", () => {
    satellites.fix(GATE, 80);
    watch.retry();
    pass(SEARCH_LIMIT_MS);
    expect(states()).toEqual(["searching", "weak", "searching", "weak"]);
  });

  it("can be allowed after it was denied", () => {
    satellites.fail(1);
    watch.retry();
    satellites.fix(GATE, 7);
    expect(states()).toEqual(["searching", "denied", "searching", "found"]);
  });

  it("passes over fixes that are no numbers", () => {
    satellites.fix({ latitude: Number.NaN, longitude: 16 }, 5);
    satellites.fix(GATE, Number.NaN);
    expect(states()).toEqual(["searching"]);
  });

  it("tells nothing after it was stopped, and leaves no watch behind", () => {
    satellites.fix(GATE, 5);
    watch.stop();
    expect(satellites.watches.size).toBe(0);
    pass(120_000);
    expect(states()).toEqual(["searching", "found"]);
    expect(satellites.started).toBe(1);
  });

  it("is off where the browser has no positions", () => {
    const off = watchPosition((state) => told.push(state), { geolocation: undefined, now: () => clock });
    off.retry();
    off.stop();
    expect(told.slice(1)).toEqual([{ state: "off" }]);
    expect(off.best()).toBeNull();
  });
});

describe("distance and bearing", () => {
  it("agree with known ones", () => {
    const nashville = { latitude: 36.12, longitude: -86.67 };
    const losAngeles = { latitude: 33.94, longitude: -118.4 };
    expect(distance(nashville, losAngeles) / 1_000).toBeCloseTo(2886.45, 1);
    expect(distance(GATE, NEXT_HOUSE)).toBeCloseTo(111.2, 1);
    expect(bearing(GATE, NEXT_HOUSE)).toBeCloseTo(0, 6);
    expect(bearing(NEXT_HOUSE, GATE)).toBeCloseTo(180, 6);
    expect(bearing({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 1 })).toBeCloseTo(90, 6);
  });

  it("hold over the date line and at the other end of the world", () => {
    expect(distance({ latitude: 0, longitude: 179.9995 }, { latitude: 0, longitude: -179.9995 })).toBeCloseTo(111.2, 1);
    expect(bearing({ latitude: 0, longitude: 179.9 }, { latitude: 0, longitude: -179.9 })).toBeCloseTo(90, 6);
    expect(distance({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 0 }) / 1_000).toBeCloseTo(20_015, 0);
    expect(distance(GATE, GATE)).toBe(0);
  });
});
