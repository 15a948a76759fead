import { afterEach, describe, expect, it } from "vitest";

import { formatBytes, formatClock, formatCounter, formatDate, formatDay, formatDistance, formatDuration, formatInstant, formatNumber, formatQuantity } from "../../src/words/format.ts";
import { setLanguage } from "../../src/words/index.ts";

afterEach(async () => {
  await setLanguage("en");
});

describe("a counter's value", () => {
  it.each([
    ["831.742", 5, 3, "00 831.742"],
    ["816.35", 5, 3, "00 816.350"],
    ["12345", 5, 0, "12 345"],
    ["2345", 8, 0, "00 002 345"],
    ["1234567.5", 7, 1, "1 234 567.5"],
    ["0", 5, 0, "00 000"],
    ["0.5", 1, 3, "0.500"],
    ["00831", null, null, "831"],
    ["831.50", null, null, "831.50"],
    ["831", null, 2, "831.00"],
    ["-5", 5, 0, "−00 005"],
    ["1.2345", 5, 2, "00 001.2345"],
  ])("%s with %s digits and %s decimals is shown as %s", (text, digits, decimals, shown) => {
    expect(formatCounter(text, digits, decimals)).toBe(shown.replaceAll(" ", "\u202F"));
  });

  it("has the language's decimal sign, and no break inside it", async () => {
    await setLanguage("fr");
    expect(formatCounter("831.742", 5, 3)).toBe("00\u202F831,742");
  });
});

describe("quantities", () => {
  it("are set as the language sets numbers, with their unit on the same line", async () => {
    expect(formatQuantity(15.392, "m³", 1)).toBe("15.4\u202Fm³");
    expect(formatQuantity(1234.5, "kWh")).toBe("1,234.5\u202FkWh");
    expect(formatQuantity(3, "")).toBe("3");
    await setLanguage("ru");
    expect(formatQuantity(15.392, "m³", 1)).toBe("15,4\u202Fm³");
  });

  it("have a true minus", () => {
    expect(formatNumber(-2.5)).toBe("−2.5");
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");

  it.each([
    ["2026-11-23T09:42:00Z", "UTC", "09:42"],
    ["2026-11-17T11:26:00Z", "UTC", "17 Nov 11:26"],
    ["2025-12-31T23:59:00Z", "UTC", "31 Dec 2025 23:59"],
    ["2025-12-31T23:59:00Z", "Asia/Kolkata", "1 Jan 05:29"],
    ["2026-11-22T20:00:00Z", "Asia/Kolkata", "01:30"],
    ["2026-11-22T23:30:00Z", "Europe/Moscow", "02:30"],
    ["2026-11-22T23:30:00Z", "America/Lima", "22 Nov 18:30"],
  ])("%s in %s is said as %s", (at, zone, said) => {
    expect(formatInstant(at, zone, now)).toBe(said);
    expect(formatInstant(Date.parse(at), zone, now)).toBe(said);
  });

  it("are the phone's own where the site's zone is not known to it", () => {
    expect(formatInstant("2026-11-17T11:26:00Z", "Mars/Olympus", now)).toBe(formatInstant("2026-11-17T11:26:00Z", null, now));
  });

  it("are said in the language", async () => {
    expect(formatDay("2026-11-19T12:00:00Z", "UTC")).toBe("Thursday 19 November");
    await setLanguage("es");
    expect(formatDay("2026-11-19T12:00:00Z", "UTC")).toBe("jueves, 19 de noviembre");
    expect(formatDate("2026-10-18T12:00:00Z", "UTC", now)).toBe("18 oct");
  });

  it("have midnight as 00:00", () => {
    expect(formatClock("2026-11-19T00:00:00Z", "UTC")).toBe("00:00");
  });
});

describe("distances, sizes and durations", () => {
  it.each([
    [0, "0 m"], [6.4, "6 m"], [60, "60 m"], [994, "990 m"], [996, "1 km"], [1380, "1.4 km"], [12_300, "12 km"],
  ])("%d metres are %s", (metres, said) => {
    expect(formatDistance(metres)).toBe(said.replace(" ", "\u202F"));
  });

  it.each([
    [0, "0 B"], [999, "999 B"], [1000, "1 kB"], [999_499, "999 kB"], [999_600, "1 MB"], [14_200_000, "14.2 MB"], [140_200_000, "140 MB"], [2_340_000_000, "2.3 GB"],
  ])("%d bytes are %s", (bytes, said) => {
    expect(formatBytes(bytes)).toBe(said.replace(" ", "\u202F"));
  });

  it.each([
    [0, "1 min"], [12.4, "12 min"], [59.7, "1 h"], [60, "1 h"], [118, "2 h"], [188, "3 h 10 min"],
  ])("%d minutes are %s", (minutes, said) => {
    expect(formatDuration(minutes).replaceAll("\u202F", " ")).toBe(said);
  });
});
