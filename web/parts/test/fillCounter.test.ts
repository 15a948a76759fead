import { describe, expect, it } from "vitest";
import { counterText, fillCounter, missingDigits } from "../src/fillCounter.ts";

/** Integers, then decimals in brackets; _ an empty drum, | the cursor before it, ! before a digit without a drum. */
function drawn(text: string, digits: number, decimals: number): string {
  return fillCounter(text, digits, decimals)
    .map((cell) => {
      const sign = `${cell.cursor ? "|" : ""}${cell.over ? "!" : ""}${cell.digit ?? "_"}`;
      return cell.decimal ? `(${sign})` : sign;
    })
    .join("");
}

describe("the counter fills as the meter is read", () => {
  it("starts with the cursor on the first of as many drums as the register has", () => {
    expect(drawn("", 5, 3)).toBe("|____" + "_(_)(_)(_)");
  });

  it("fills the drums from the left", () => {
    expect(drawn("008", 5, 3)).toBe("008|__(_)(_)(_)");
  });

  it("goes on into the decimals", () => {
    expect(drawn("008317", 5, 3)).toBe("00831(7)(|_)(_)");
  });

  it("has no cursor once every drum is filled", () => {
    expect(drawn("00831742", 5, 3)).toBe("00831(7)(4)(2)");
  });

  it("needs no decimals", () => {
    expect(drawn("48217", 5, 0)).toBe("48217");
  });

  it("moves the whole part behind leading zeros when the point is typed", () => {
    expect(drawn("831.", 5, 3)).toBe("00831(|_)(_)(_)");
    expect(drawn("831.74", 5, 3)).toBe("00831(7)(4)(|_)");
  });

  it("takes a point after all whole drums as no more than what it is", () => {
    expect(drawn("00831.7", 5, 3)).toBe("00831(7)(|_)(_)");
  });

  it("never hides a digit that has no drum", () => {
    expect(drawn("008317421", 5, 3)).toBe("00831(7)(4)(2)(!1)");
    expect(drawn("482179", 5, 0)).toBe("48217!9");
    expect(drawn("123456.7", 5, 1)).toBe("!123456(7)");
    expect(drawn("5.25", 3, 0)).toBe("005(!2)(!5)");
  });

  it("passes over what is no digit", () => {
    expect(drawn("0 08", 5, 0)).toBe("008|__");
  });
});

describe("what is missing", () => {
  it.each([
    ["008", 5, 3, 5],
    ["", 6, 1, 7],
    ["831.", 5, 3, 3],
    ["00831742", 5, 3, 0],
    ["008317429", 5, 3, 0],
  ])("%s on %i drums and %i decimals lacks %i", (text, digits, decimals, missing) => {
    expect(missingDigits(text, digits, decimals)).toBe(missing);
  });
});

describe("the value on the drums", () => {
  it.each([
    ["00831742", 5, 3, "831.742"],
    ["00000000", 5, 3, "0.000"],
    ["831.742", 5, 3, "831.742"],
    ["48217", 5, 0, "48217"],
    ["00007", 5, 0, "7"],
    ["123", 0, 3, "0.123"],
  ])("%s on %i drums and %i decimals is %s", (text, digits, decimals, value) => {
    expect(counterText(text, digits, decimals)).toBe(value);
  });

  it.each([
    ["0083174", 5, 3],
    ["008317429", 5, 3],
    ["", 5, 0],
    ["", 0, 0],
  ])("%s on %i drums and %i decimals is none yet", (text, digits, decimals) => {
    expect(counterText(text, digits, decimals)).toBeNull();
  });

  it("keeps every digit, where a float would lose some", () => {
    expect(counterText("12345678901234567", 12, 5)).toBe("123456789012.34567");
  });
});
