import { describe, expect, it } from "vitest";

import { PALETTES, type MapTheme } from "../../src/map/palette.ts";
import { styleOf, tilesAt } from "../../src/map/style.ts";

const THEMES: readonly MapTheme[] = ["light", "dark", "outdoor"];
const WITHOUT = { tile_url: null, tile_max_zoom: null };
const WITH = { tile_url: "/tiles/{z}/{x}/{y}.png", tile_max_zoom: 17 };
const HERE = "https://meters.example";

describe("the style of the map", () => {
  it.each(THEMES)("asks nobody for letters, signs or data in %s", (theme) => {
    const style = styleOf(theme, WITHOUT, HERE);
    expect(style.glyphs).toBeUndefined();
    expect(style.sprite).toBeUndefined();
    expect(JSON.stringify(style)).not.toContain("://");
  });

  it("keeps the place for zoom, column and row in the address of the tiles", () => {
    expect(tilesAt("/tiles/{z}/{x}/{y}.png", HERE)).toBe("https://meters.example/tiles/{z}/{x}/{y}.png");
    expect(tilesAt("https://tiles.example.com/{z}/{x}/{y}@2x.png?key=a%20b", HERE)).toBe("https://tiles.example.com/{z}/{x}/{y}@2x.png?key=a%20b");
  });

  it("has the tiles over the base, which stays where none come, and under the walk and the pins", () => {
    const ids = styleOf("light", WITH, HERE).layers.map(({ id }) => id);
    const at = (id: string) => ids.indexOf(id);
    expect(at("tiles")).toBeGreaterThan(at("streets"));
    expect(at("tiles")).toBeGreaterThan(at("names"));
    expect(at("walk-ahead")).toBeGreaterThan(at("tiles"));
    expect(at("pins")).toBeGreaterThan(at("tiles"));
    expect(styleOf("light", WITH, HERE).sources["tiles"]).toMatchObject({ tiles: ["https://meters.example/tiles/{z}/{x}/{y}.png"], maxzoom: 17 });
  });

  it("has no tiles without an address of them", () => {
    for (const tile_url of [null, ""]) expect(Object.keys(styleOf("dark", { tile_url, tile_max_zoom: null }, HERE).sources)).not.toContain("tiles");
  });

  it("gathers pins in groups only from afar", () => {
    expect(styleOf("light", WITHOUT, HERE).sources["pins"]).toMatchObject({ cluster: true, clusterMaxZoom: 14 });
  });
});

/** WCAG's contrast of two colours. */
function contrast(one: string, other: string): number {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe.each(THEMES)("the colours of the map in %s", (theme) => {
  const palette = PALETTES[theme];

  it("let names, numbers and signs be read", () => {
    expect(contrast(palette.label, palette.street)).toBeGreaterThanOrEqual(theme === "outdoor" ? 7 : 4.5);
    expect(contrast(palette.onChosen, palette.chosen)).toBeGreaterThanOrEqual(7);
    expect(contrast(palette.onCluster, palette.cluster)).toBeGreaterThanOrEqual(7);
    expect(contrast(palette.onPin, palette.pin.done)).toBeGreaterThanOrEqual(4.5);
  });

  it("let pins be told from the ground", () => {
    // The outdoor amber is told by its black edge.
    for (const state of ["todo", "done", "skipped", "syncing"] as const) expect(contrast(palette.pin[state], palette.ground)).toBeGreaterThanOrEqual(3);
  });
});
