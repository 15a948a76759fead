import { describe, expect, it } from "vitest";

import { compare, decimal } from "../../src/metering/decimal.ts";
import { clear, displayText, isComplete, missing, NOTHING, paste, press, remove, typingOf, valueOf, type Face, type Typing } from "../../src/metering/entry.ts";
import { chanceOf } from "./chance.ts";

const WATER: Face = { digits: 5, decimals: 3 };
const POWER: Face = { digits: 6, decimals: 0 };
const WHOLE: Face = { digits: 5, decimals: null };
const FREE: Face = { digits: null, decimals: null };
const FREE_TWO: Face = { digits: null, decimals: 2 };

const type = (keys: string, face: Face): Typing => Array.from(keys).reduce((typing, key) => press(typing, key, face), NOTHING);

describe("typing into drums", () => {
  it("fills them from the left and says what is missing", () => {
    const typing = type("008", WATER);
    expect([missing(typing, WATER), isComplete(typing, WATER), valueOf(typing, WATER), displayText(typing, WATER)]).toEqual([5, false, null, "008"]);
  });

  it("is complete with the last drum, and takes no more", () => {
    expect(valueOf(type("00831742", WATER), WATER)).toBe("831.742");
    expect(valueOf(type("0083174299", WATER), WATER)).toBe("831.742");
    expect(displayText(type("00831742", WATER), WATER)).toBe("00831.742");
  });

  it("keeps the zero of a value below one, and those at its end", () => {
    expect(valueOf(type("00000500", WATER), WATER)).toBe("0.500");
    expect(valueOf(type("000000", POWER), POWER)).toBe("0");
    expect(valueOf(type("120", { digits: 0, decimals: 3 }), { digits: 0, decimals: 3 })).toBe("0.120");
  });

  it("takes a point as the end of the whole part, on a keyboard with either sign", () => {
    expect(valueOf(type("831.742", WATER), WATER)).toBe("831.742");
    expect(valueOf(type("831,742", WATER), WATER)).toBe("831.742");
    expect(type(".", WATER)).toEqual(NOTHING);
    expect(type("00831.", WATER)).toEqual({ text: "00831" });
    expect(type("00831.7.4.2", WATER)).toEqual({ text: "00831742" });
    expect(type("12.", POWER)).toEqual({ text: "12" });
  });

  it("asks for the whole drums only where nobody knows the decimals", () => {
    expect(valueOf(type("00831742", WHOLE), WHOLE)).toBe("831");
  });

  it("takes back a key, and all of them", () => {
    expect(remove(type("12", POWER))).toEqual({ text: "1" });
    expect(remove(NOTHING)).toEqual(NOTHING);
    expect(clear()).toEqual(NOTHING);
  });
});

describe("typing where nobody knows the drums", () => {
  it("is free text with one point", () => {
    expect(valueOf(type("831,74,2", FREE), FREE)).toBe("831.742");
    expect(valueOf(type(".5", FREE), FREE)).toBe("0.5");
    expect(valueOf(type("007", FREE), FREE)).toBe("7");
  });

  it("is not complete while it is empty or ends with its point", () => {
    expect(missing(NOTHING, FREE)).toBe(1);
    expect(valueOf(type("831.", FREE), FREE)).toBeNull();
  });

  it("keeps to the decimals where they are known", () => {
    expect(valueOf(type("8.123", FREE_TWO), FREE_TWO)).toBe("8.12");
    expect(type("8.", { digits: null, decimals: 0 })).toEqual({ text: "8" });
  });

  it("ends before it is longer than any counter", () => {
    expect(type("9".repeat(40), FREE).text).toHaveLength(15);
    expect(valueOf(type("9", { digits: 0, decimals: 0 }), { digits: 0, decimals: 0 })).toBe("9");
  });
});

describe("pasting", () => {
  it.each([
    ["831,742", "831.742"], ["00 831.742", "831.742"], [" 00831742\n", "831.742"], ["00\u202F831.742", "831.742"], ["0", null], ["831", null], ["831.7", null],
  ])("%j into five drums and three makes %j", (text, value) => {
    const typing = paste(text, WATER);
    expect(typing === null ? "refused" : valueOf(typing, WATER)).toBe(value);
  });

  it("leaves missing what was not given", () => {
    expect(paste("831", WATER)).toEqual({ text: "00831" });
    expect(paste("831.7", WATER)).toEqual({ text: "008317" });
  });

  it.each(["1.234,5", "1,234.5", "831.7425", "831742", "123456", "-5", "abc", "", "1e3", "12 kWh", "٣"])("refuses %j", (text) => {
    expect(paste(text, WATER)).toBeNull();
  });

  it("is free where nobody knows the drums", () => {
    expect(paste("0831,50", FREE)).toEqual({ text: "831.50" });
    expect(paste("831.505", FREE_TWO)).toBeNull();
    expect(paste("9".repeat(16), FREE)).toBeNull();
  });
});

describe("a value from elsewhere", () => {
  it("fills all drums, with the zeros that the server leaves out", () => {
    expect(typingOf("831.7", WATER)).toEqual({ text: "00831700" });
    expect(typingOf("0", WATER)).toEqual({ text: "00000000" });
    expect(typingOf("831.50", FREE)).toEqual({ text: "831.5" });
    expect(typingOf("831.5", FREE_TWO)).toEqual({ text: "831.50" });
  });

  it("is refused where the counter cannot show it", () => {
    expect(["831742", "1.2345", "-1", "x"].map((value) => typingOf(value, WATER))).toEqual([null, null, null, null]);
    expect(typingOf("1.5", WHOLE)).toBeNull();
  });
});

describe("whatever is pressed and pasted", () => {
  it("stays a text that the counter can show, and its value comes back as it was", () => {
    const { below, pick } = chanceOf(3);
    const keys = ["0", "1", "5", "9", ".", ",", "-", "e", "", "10", " ", "٣", "\u0000"] as const;
    for (let run = 0; run < 1000; run++) {
      const face: Face = { digits: pick([null, 0, 1, 5, 8]), decimals: pick([null, 0, 1, 3]) };
      let typing = NOTHING;
      for (let step = below(30); step > 0; step--) {
        const action = below(12);
        typing = action === 0 ? remove(typing) : action === 1 ? (paste(pick(keys) + pick(keys) + pick(keys), face) ?? typing) : press(typing, pick(keys), face);
        expect(typing.text).toMatch(/^\d*(\.\d*)?$/);
        expect(missing(typing, face)).toBeGreaterThanOrEqual(0);
      }
      const value = valueOf(typing, face);
      expect(value === null).toBe(!isComplete(typing, face));
      if (value === null) continue;
      expect(value).toMatch(/^(0|[1-9]\d*)(\.\d+)?$/);
      const back = typingOf(value, face);
      expect(back === null ? null : compare(decimal(valueOf(back, face) ?? "-1"), decimal(value))).toBe(0);
    }
  });
});
