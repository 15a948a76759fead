import { readFileSync } from "node:fs";

export type Theme = "light" | "dark" | "outdoor";

const LOOK = readFileSync(new URL("../src/look.css", import.meta.url), "utf8");

/** The colour roles that one rule of look.css sets, by role without its prefix. */
export function rolesOf(selector: string): ReadonlyMap<string, string> {
  const start = LOOK.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`look.css has no rule ${selector}.`);
  const block = LOOK.slice(start, LOOK.indexOf("}", start));
  return new Map([...block.matchAll(/--ms-([\w-]+):\s*([^;]+);/g)].map(([, role = "", value = ""]) => [role, value]));
}

const SELECTORS: Readonly<Record<Theme, string>> = { light: ":root", dark: ':root[data-theme="dark"]', outdoor: ':root[data-theme="outdoor"]' };

/** A role's colour in a theme; what a theme does not say is as in light. */
export function colour(theme: Theme, role: string): string {
  const value = rolesOf(SELECTORS[theme]).get(role) ?? rolesOf(":root").get(role);
  if (value === undefined) throw new Error(`look.css has no role ${role}.`);
  return value;
}

function luminance(hex: string): number {
  const channels = /^#(..)(..)(..)$/.exec(hex)?.slice(1);
  if (channels === undefined) throw new Error(`${hex} is not a colour of six digits.`);
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const part = Number.parseInt(channel, 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast ratio of WCAG 2.2 between two roles of a theme. */
export function contrast(theme: Theme, front: string, back: string): number {
  const [one, other] = [luminance(colour(theme, front)), luminance(colour(theme, back))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}
