import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

import { decimal, formatDecimal } from "../../src/metering/decimal.ts";
import { judge, type Limits, type RuleId } from "../../src/metering/limits.ts";
import { chanceOf } from "./chance.ts";

type Vector = { name: string; when: { value: string }; device?: { limits: Limits; warnings: readonly string[] } };

const file = new URL("../../../../samples/vectors/vee.json", import.meta.url);
const { version, vectors } = JSON.parse(readFileSync(file, "utf8")) as { version: number; vectors: readonly Vector[] };
const told = vectors.flatMap(({ name, when, device }) => (device === undefined ? [] : [{ name, value: when.value, ...device }]));

/** Decimals as the API sends them. */
function asNumbers(limits: Limits): Limits {
  const numbers = ["last_value", "low_value", "high_value", "expected_value", "maximum_use_per_day", "multiplier"];
  return Object.fromEntries(Object.entries(limits).map(([key, value]) => [key, numbers.includes(key) && typeof value === "string" ? Number(value) : value])) as Limits;
}

describe("the device's rules on the vectors that the server's suite runs too", () => {
  it("knows the vectors' version, and finds some for every rule", () => {
    expect(version).toBe(1);
    const rules = new Set(told.flatMap(({ warnings }) => warnings));
    expect([...rules].sort()).toEqual(["VEE-101", "VEE-103", "VEE-104", "VEE-105", "VEE-106", "VEE-107"]);
  });

  it.each(told)("warns as the server would hold: $name", ({ value, limits, warnings }) => {
    expect(judge(value, limits).warnings).toEqual(warnings);
    expect(judge(decimal(value), asNumbers(limits)).warnings).toEqual(warnings);
  });
});

const JANUARY = { last_at: "2026-01-01T08:00:00Z", at: "2026-01-31T08:00:00Z", multiplier: 1, runs_backwards: false };
const WATER: Limits = { ...JANUARY, last_value: 816.35, low_value: 827.1, high_value: 839.4, expected_value: 831.7, digits: 5, decimals: 3, maximum_use_per_day: 4 };

describe("judging", () => {
  it.each([
    ["831.742", [], "15.392"], ["827.1", [], "10.75"], ["827.099", ["VEE-106"], "10.749"], ["839.4", [], "23.05"], ["839.401", ["VEE-105"], "23.051"],
    ["816.35", ["VEE-107"], "0"], ["816.349", ["VEE-103"], "-0.001"], ["99999.9999", ["VEE-101", "VEE-105"], "99183.6499"],
    ["100000", ["VEE-101", "VEE-105"], "99183.65"],
  ] as const)("%s of a water meter finds %j", (value, warnings, use) => {
    const judged = judge(value, WATER);
    expect(judged.warnings).toEqual(warnings);
    expect(judged.use === null ? null : formatDecimal(judged.use)).toBe(use);
  });

  it("counts on over the last drum where that is plausible, and not where it is a day too fast", () => {
    const nearEnd = { ...WATER, last_value: 99990, low_value: 99995, high_value: 100020, expected_value: 100005 };
    const over = judge("7.5", nearEnd);
    expect([over.warnings, formatDecimal(over.value)]).toEqual([["VEE-104"], "100007.5"]);
    // 120 m³ in 30 days are 4 a day: not below 4.
    expect(judge("110", nearEnd).warnings).toEqual(["VEE-103"]);
    expect(judge("109.999", nearEnd).warnings).toEqual(["VEE-104", "VEE-105"]);
  });

  it("does not roll over in no time, below zero, or with a rate that nobody knows", () => {
    const nearEnd = { ...WATER, last_value: 99990 };
    expect(judge("5", { ...nearEnd, at: JANUARY.last_at }).warnings).toEqual(["VEE-103"]);
    expect(judge("5", { ...nearEnd, maximum_use_per_day: null }).warnings).toEqual(["VEE-103"]);
    expect(judge("5", { ...nearEnd, digits: null }).warnings).toEqual(["VEE-103"]);
    expect(judge("-5", nearEnd).warnings).toEqual(["VEE-101", "VEE-103"]);
  });

  it("has no use where there is nothing to count from", () => {
    expect(judge("5", { at: JANUARY.at, multiplier: 1, runs_backwards: false })).toMatchObject({ warnings: [], use: null });
    expect(judge("5", { ...WATER, multiplier: 0 })).toMatchObject({ warnings: ["VEE-101"], use: null });
  });

  it("refuses a limit that is no decimal rather than let it pass", () => {
    expect(() => judge("831", { ...WATER, high_value: "lots" })).toThrow(RangeError);
    expect(() => judge("five", WATER)).toThrow(RangeError);
  });
});

describe("whatever the value and the limits are", () => {
  const { below, pick } = chanceOf(7);
  const maybe = (text: string): string | null => (below(5) === 0 ? null : text);
  const amount = (most: number): string => `${below(most)}.${below(10)}${below(10)}`;

  it.each(Array.from({ length: 400 }, (_, run) => run))("the findings agree with each other and with exact arithmetic (%d)", () => {
    const [last, digits] = [below(9000), pick([4, 5, null])];
    const limits: Limits = {
      ...JANUARY, digits, decimals: pick([0, 1, 2, null]), multiplier: pick(["1", "0.5", "40"]), last_value: maybe(`${last}`), low_value: maybe(`${last + 5}`),
      expected_value: maybe(`${last + 10}`), high_value: maybe(`${last + 20}`), maximum_use_per_day: maybe(amount(5)), runs_backwards: below(6) === 0,
    };
    const value = pick([amount(12_000), `${last}`, `${last + below(30)}`, `-${amount(9)}`, amount(30)]);
    const { warnings, use } = judge(value, limits);
    const has = (...rules: readonly RuleId[]): boolean => rules.some((rule) => warnings.includes(rule));

    expect([...warnings]).toEqual([...new Set(warnings)].sort());
    expect(["VEE-105", "VEE-106", "VEE-107"].filter((rule) => warnings.includes(rule as RuleId)).length).toBeLessThanOrEqual(1);
    if (has("VEE-103")) expect(has("VEE-104", "VEE-105", "VEE-106", "VEE-107")).toBe(false);
    if (limits.last_value === null || limits.runs_backwards) expect(has("VEE-103", "VEE-104", "VEE-105", "VEE-106", "VEE-107")).toBe(false);
    if (limits.high_value === null) expect(has("VEE-105")).toBe(false);
    if (digits === null) expect(has("VEE-104")).toBe(false);
    expect(judge(value.includes(".") ? `${value}0` : `${value}.00`, limits).warnings).toEqual(warnings);
    expect(judge(value, asNumbers(limits)).warnings).toEqual(warnings);

    // Hundredths are whole numbers, which floats hold.
    const hundredths = (text: string): number => Math.round(Number(text) * 100);
    const isCounted = limits.last_value !== null && !limits.runs_backwards;
    if (isCounted) expect(has("VEE-103", "VEE-104")).toBe(hundredths(value) < last * 100);
    if (isCounted && hundredths(value) >= last * 100) {
      expect(has("VEE-105")).toBe(limits.high_value !== null && hundredths(value) > (last + 20) * 100);
      expect(use === null ? null : formatDecimal(use)).toBe(String((hundredths(value) - last * 100) * hundredths(String(limits.multiplier)) / 10_000));
    }
  });
});
