import { describe, expect, it } from "vitest";

import { add, compare, decimal, divide, formatDecimal, multiply, parseDecimal, placesOf, powerOfTen, subtract, toNumber } from "../../src/metering/decimal.ts";
import { chanceOf } from "./chance.ts";

const written = (text: string): string => formatDecimal(decimal(text));

describe("decimals", () => {
  it.each([
    ["831.742", "831.742"], ["00831.7420", "831.742"], ["-5", "-5"], ["+5", "5"], [".5", "0.5"], ["5.", "5"], ["0.000", "0"], ["-0", "0"],
    ["1e3", "1000"], ["1e-7", "0.0000001"], ["1.5E+2", "150"], ["-0.05", "-0.05"],
  ])("read %s as %s", (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it.each(["", ".", "-", "e5", "1,5", "1.2.3", " 1", "0x10", "Infinity", "NaN", "1e9999", "١٢", "9".repeat(101)])("take %j for no decimal", (text) => {
    expect(parseDecimal(text)).toBeNull();
    expect(() => decimal(text)).toThrow(RangeError);
  });

  it("read numbers as the server sent them", () => {
    expect(formatDecimal(decimal(0.1 + 0.2))).toBe("0.30000000000000004");
    expect(formatDecimal(decimal(1e21))).toBe("1000000000000000000000");
    expect(formatDecimal(decimal(1e-7))).toBe("0.0000001");
  });

  it("are exact where floats are not", () => {
    expect(formatDecimal(add(decimal("0.1"), decimal("0.2")))).toBe("0.3");
    expect(formatDecimal(subtract(decimal("831.742"), decimal("816.350")))).toBe("15.392");
    expect(formatDecimal(multiply(decimal("1.1"), decimal("1.1")))).toBe("1.21");
    expect(compare(decimal("9007199254740993"), decimal("9007199254740992"))).toBe(1);
    expect(compare(decimal("12.50"), decimal("12.5"))).toBe(0);
  });

  it.each([
    ["1", "3", 6, "0.333333"], ["2", "3", 6, "0.666667"], ["0.5", "1", 0, "0"], ["1.5", "1", 0, "2"], ["2.5", "1", 0, "2"],
    ["-0.5", "1", 0, "0"], ["-1.5", "1", 0, "-2"], ["1", "-3", 2, "-0.33"], ["0.125", "1", 2, "0.12"], ["0.1251", "1", 2, "0.13"],
  ])("%s / %s to %d places is %s, rounded half to even", (one, other, places, expected) => {
    expect(formatDecimal(divide(decimal(one), decimal(other), places))).toBe(expected);
  });

  it("are not divided by zero", () => {
    expect(() => divide(decimal("1"), decimal("0.0"), 2)).toThrow(RangeError);
  });

  it("know how many of their places say something", () => {
    expect([placesOf(decimal("12.50")), placesOf(decimal("12.00")), placesOf(decimal("0.001")), placesOf(powerOfTen(3))]).toEqual([1, 0, 3, 0]);
  });

  it("follow the laws of arithmetic, whatever they are", () => {
    const { below } = chanceOf(1);
    const random = (): string => `${below(2) === 0 ? "-" : ""}${below(1e9)}.${String(below(1e6)).padStart(6, "0")}`;
    for (let run = 0; run < 2000; run++) {
      const [a, b, c] = [decimal(random()), decimal(random()), decimal(random())];
      expect(formatDecimal(subtract(add(a, b), b))).toBe(formatDecimal(a));
      expect(compare(multiply(add(a, b), c), add(multiply(a, c), multiply(b, c)))).toBe(0);
      expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0);
      expect(written(formatDecimal(a))).toBe(formatDecimal(a));
      expect(toNumber(a)).toBe(Number(formatDecimal(a)));
    }
  });
});
