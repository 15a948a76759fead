/** Offices write units as their files do; people read them with their signs: "m3" is "m³". */
export function shownUnit(unit: string): string {
  return unit.replace(/^(n?m)([23])$/i, (_, metre: string, power: string) => metre + (power === "2" ? "²" : "³"));
}
