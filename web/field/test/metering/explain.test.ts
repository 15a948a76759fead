import { afterEach, describe, expect, it } from "vitest";

import { sayBand } from "../../src/metering/band.ts";
import { bandOf, explain, type Explanation } from "../../src/metering/explain.ts";
import type { ExpectedLimits, Register } from "../../src/store/records.ts";
import { setLanguage, t } from "../../src/words/index.ts";

const LIMITS: ExpectedLimits = {
  at: "2026-11-23T08:00:00Z", last_at: "2026-10-18T08:00:00Z", last_value: 816.35, low_value: 827.1, high_value: 839.4, expected_value: 831.6,
  digits: 5, decimals: 3, maximum_use_per_day: 5, multiplier: 1, runs_backwards: false,
};
const WATER: Register = {
  id: "r", ordinal: 1, label: "Cold water", obis_code: null, quantity: "m3", unit: "m³", kind: "cumulative", direction: "import",
  digits: 5, decimals: 3, multiplier: 1, runs_backwards: false, maximum_use_per_day: null, limits: LIMITS,
};
const NOW = Date.parse("2026-11-23T10:00:00Z");

function say(value: string, limits: Partial<ExpectedLimits> = {}, register: Partial<Register> = {}): Explanation {
  const said = explain(t, value, { ...WATER, limits: { ...LIMITS, ...limits }, ...register }, "UTC", NOW);
  return { ...said, title: plain(said.title), text: plain(said.text), short: said.short === null ? null : plain(said.short) };
}

function plain(text: string): string {
  return text.replaceAll("\u202F", " ");
}

afterEach(async () => {
  await setLanguage("en");
});

describe("what is said of a value", () => {
  it("is the figure, then the judgement, when it is as usual", () => {
    expect(say("831.742")).toMatchObject({ weight: "usual", warnings: [], title: "", text: "", short: "+15.4, as usual" });
  });

  it("is how many times the usual use, in figures too, when it is high", () => {
    expect(say("877.550")).toMatchObject({
      weight: "ask", title: "Four times the usual use", short: "+61.2 m³",
      text: "61.2 m³ since 18 Oct; usual is 11 to 23 m³. Look at the meter and type it once more.",
    });
  });

  it.each([
    ["840", "More than the usual use", 833], ["846.85", "Twice the usual use", 831.6], ["953.6", "Nine times the usual use", 831.6],
    ["969", "10 times the usual use", 831.6], ["840", "More than the usual use", null], ["840", "More than the usual use", 816.35],
  ])("%s is said as: %s, where %s was expected", (value, title, expected) => {
    expect(say(value, { expected_value: expected }).title).toBe(title);
  });

  it("asks again below the last reading, with the last as the counter showed it", () => {
    expect(say("816.349")).toMatchObject({
      weight: "ask", title: "Lower than the last reading", short: "−0.001 m³",
      text: "The last value was 00 816.350 m³ on 18 Oct. Look at the meter and type it once more.",
    });
  });

  it("asks again when the use is low, and when the counter went over its last digit", () => {
    expect(say("820")).toMatchObject({ weight: "ask", title: "Less than the usual use", text: "3.65 m³ since 18 Oct; usual is 11 to 23 m³. Look at the meter and type it once more." });
    const over = say("5", { last_value: 99990, low_value: 99995, high_value: 100010, expected_value: 100003 });
    expect(over).toMatchObject({ weight: "ask", title: "The counter went past its last digit", drawn: 100005, short: "+15 m³" });
  });

  it("only remarks on a counter that stood still", () => {
    expect(say("816.35")).toMatchObject({ weight: "remark", title: "No use since 18 Oct", short: "+0 m³" });
  });

  it("refuses what the counter cannot show", () => {
    expect(say("1831.7425")).toMatchObject({ weight: "refused", title: "More digits than the meter has", text: "It has 5 before the point and 3 after it. Type what stands on it.", short: null });
    expect(say("123456", { decimals: null }).text).toBe("It has 5 before the point. Type what stands on it.");
    expect(say("9".repeat(60), { digits: null }).text).toBe("No counter shows such a number. Type what stands on it.");
  });

  it("does not refuse a value for what the office has wrong", () => {
    expect(say("831", { multiplier: 0 })).toMatchObject({ weight: "remark", warnings: ["VEE-101"], title: "The office has wrong data of this register" });
  });

  it("multiplies the use, and the usual use with it", () => {
    const said = say("877.550", { multiplier: 40 }, { unit: "kWh" });
    expect(said).toMatchObject({ title: "Four times the usual use", short: "+2,448 kWh" });
    expect(said.text).toContain("2,448 kWh since 18 Oct; usual is 430 to 922 kWh.");
  });

  it("leaves out the usual use where it is not known", () => {
    expect(say("877", { low_value: null }).text).toBe("60.7 m³ since 18 Oct. Look at the meter and type it once more.");
  });

  it("is nothing but the use without limits of use, and nothing at all without an earlier value", () => {
    expect(say("831.742", { high_value: null, low_value: null, expected_value: null })).toMatchObject({ weight: "unknown", short: "+15.4 m³" });
    expect(say("5", { last_value: null })).toMatchObject({ weight: "unknown", short: null, title: "" });
    expect(say("5", {}, { limits: null })).toMatchObject({ weight: "unknown", short: null });
  });

  it("compares nothing on a register that does not count up", () => {
    expect(say("3.5", {}, { kind: "maximum_demand" })).toMatchObject({ weight: "unknown", warnings: [], short: null });
    expect(say("-3.5", {}, { kind: "instantaneous" })).toMatchObject({ weight: "unknown", warnings: [] });
    expect(say("123456", {}, { kind: "maximum_demand" }).weight).toBe("refused");
  });

  it("shows a loss on a register that runs backwards, without judging it", () => {
    expect(say("800", { runs_backwards: true }, { runs_backwards: true })).toMatchObject({ weight: "unknown", short: "−16.4 m³" });
  });

  it("is said in the language of the reader, with its own signs", async () => {
    await setLanguage("ru");
    expect(say("877.550")).toMatchObject({ title: "Вчетверо больше обычного расхода", text: "С 18 окт.: 61,2 m³; обычно от 11 до 23 m³. Посмотрите на счётчик и введите ещё раз." });
    await setLanguage("fr");
    expect(say("831.742").short).toBe("+15,4, comme d'habitude");
  });
});

describe("the band", () => {
  it("has the last value, the range, and the value once it is complete", () => {
    expect(bandOf(LIMITS)).toEqual({ last: 816.35, low: 827.1, high: 839.4, value: null });
    expect(bandOf(LIMITS, say("831.742"))).toEqual({ last: 816.35, low: 827.1, high: 839.4, value: 831.742 });
  });

  it("is not drawn without a range, or for a register that runs backwards; nor is a refused value", () => {
    expect(bandOf(null)).toBeNull();
    expect(bandOf({ ...LIMITS, high_value: null })).toBeNull();
    expect(bandOf({ ...LIMITS, runs_backwards: true })).toBeNull();
    expect(bandOf(LIMITS, say("123456"))?.value).toBeNull();
  });

  it("is told with the figures that its size asks for", () => {
    const band = bandOf(LIMITS, say("831.742"));
    if (band === null) throw new Error("There is no band.");
    expect(sayBand(t, band, WATER, say("831.742"))).toEqual({ labels: { last: "last", low: "827.1", high: "839.4" }, judgement: "inside", label: "831.742, between 827.1 and 839.4 is usual" });
    expect(sayBand(t, { ...band, value: null }, WATER, null)).toMatchObject({ judgement: null, label: "between 827.1 and 839.4 is usual" });
    expect(sayBand(t, band, WATER, say("816.35")).judgement).toBe("outside");
  });

  it("shows past the last drum what the drums will show", () => {
    const said = say("5", { last_value: 99990, low_value: 99995, high_value: 100010.5 });
    const band = bandOf({ ...LIMITS, last_value: 99990, low_value: 99995, high_value: 100010.5 }, said);
    if (band === null) throw new Error("There is no band.");
    expect(band.value).toBe(100005);
    expect(sayBand(t, band, WATER, said)).toMatchObject({ labels: { low: "99,995", high: "10.5" }, label: "5, between 99,995 and 10.5 is usual" });
    expect(sayBand(t, { ...band, high: 100_000 }, WATER, said).labels.high).toBe("0");
  });
});
