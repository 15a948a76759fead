import { describe, expect, it } from "vitest";
import { colour, contrast, rolesOf, type Theme } from "./look.ts";

const THEMES: readonly Theme[] = ["light", "dark", "outdoor"];

/** front, back, and the least contrast in light, dark and outdoor, as the table of colour roles has it. */
const TABLE: readonly (readonly [string, string, number, number, number])[] = [
  ["on", "surface", 17.6, 14.9, 21],
  ["on-variant", "surface", 8.3, 9.5, 17.4],
  ["outline", "surface", 4.6, 5.7, 21],
  ["primary", "surface", 8.3, 10.4, 12.2],
  ["on-fill", "fill", 8.3, 7.0, 12.2],
  ["on-primary-container", "primary-container", 11.0, 8.0, 21],
  ["safe", "surface", 6.8, 10.5, 10.1],
  ["on-safe-container", "safe-container", 10.9, 9.4, 21],
  ["attention", "surface", 7.4, 10.5, 21],
  ["on-attention-container", "attention-container", 11.4, 9.6, 14.9],
  ["error", "surface", 6.8, 10.3, 8.8],
  ["on-error-container", "error-container", 10.8, 9.2, 8.8],
  ["on-drum", "drum", 15.8, 12.3, 21],
  ["on-drum", "drum-decimal", 8.5, 11.0, 10.1],
];

/** Text that the parts put on other grounds than its own. */
const TEXT: readonly (readonly [string, string])[] = [
  ["on", "bg"],
  ["on", "container"],
  ["on", "high"],
  ["on-variant", "bg"],
  ["on-variant", "container"],
  ["primary", "bg"],
  ["safe", "bg"],
  ["attention", "bg"],
  ["error", "bg"],
  ["on-chosen", "chosen"],
];

/** Edges and marks that have to be seen, but are not read. */
const MARKS: readonly (readonly [string, string])[] = [
  ["outline", "bg"],
  ["primary", "bg"],
  ["primary", "container"],
  ["safe", "container"],
  ["on-variant", "high"],
  ["safe", "band"],
];

describe.each(THEMES)("in the theme %s", (theme) => {
  it.each(TABLE)("%s on %s has the contrast that the table of roles says", (front, back, light, dark, outdoor) => {
    const least = { light, dark, outdoor }[theme];
    expect(Math.round(contrast(theme, front, back) * 10) / 10).toBeGreaterThanOrEqual(least);
  });

  it.each(TEXT)("%s can be read on %s", (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(theme === "outdoor" ? 7 : 4.5);
  });

  it.each(MARKS)("%s can be seen on %s", (front, back) => {
    expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(3);
  });
});

it("everything read outdoors has 7:1, so none of the table's text falls below it", () => {
  const weak = TABLE.filter(([front, back]) => contrast("outdoor", front, back) < 7);
  expect(weak).toEqual([]);
});

it("the system's dark is the dark that is chosen", () => {
  expect([...rolesOf(":root:not([data-theme])")]).toEqual([...rolesOf(':root[data-theme="dark"]')]);
});

it.each(["dark", "outdoor"] as const)("%s names no role that light does not have", (theme) => {
  const light = rolesOf(":root");
  expect([...rolesOf(`:root[data-theme="${theme}"]`).keys()].filter((role) => !light.has(role))).toEqual([]);
});

it("the contrast is that of WCAG: black on white is 21, a colour on itself 1", () => {
  expect(colour("outdoor", "on")).toBe("#000000");
  expect(contrast("outdoor", "on", "bg")).toBeCloseTo(21, 5);
  expect(contrast("light", "fill", "primary")).toBeCloseTo(1, 5);
});
