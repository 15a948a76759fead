import type { LayerSpecification, StyleSpecification } from "maplibre-gl";

import type { FieldSettings } from "../app/settings.ts";
import { NOTHING } from "./base.ts";
import { OWN_PLACE, PALETTES, type MapTheme, type Palette } from "./palette.ts";

type Expression = ["concat", ...unknown[]];
type Filter = ["==", unknown, unknown];
const EMPTY = { type: "geojson" as const, data: NOTHING as { type: "FeatureCollection"; features: [] } };
const ROUND = { "line-cap": "round", "line-join": "round" } as const;
const IS_STREET: Filter = ["==", ["get", "kind"], "street"];
/** From this zoom on every house has its pin. */
const APART = 15;

/**
 * What is drawn, from the ground up. Words and pins are images that are drawn on demand (images.ts): nothing is asked of any other server
 * but the tiles, if the office set them. What tiles do not cover, offline for instance, shows the own base.
 */
export function styleOf(theme: MapTheme, settings: Pick<FieldSettings, "tile_url" | "tile_max_zoom">, origin: string): StyleSpecification {
  const palette = PALETTES[theme];
  const { tile_url, tile_max_zoom } = settings;
  const hasTiles = tile_url !== null && tile_url !== "";
  return {
    version: 8,
    sources: {
      ...(hasTiles ? { tiles: { type: "raster" as const, tiles: [tilesAt(tile_url, origin)], tileSize: 256, maxzoom: tile_max_zoom ?? 19 } } : {}),
      base: EMPTY,
      walk: EMPTY,
      pins: { ...EMPTY, cluster: true, clusterRadius: 28, clusterMaxZoom: APART - 1 },
      chosen: EMPTY,
      own: EMPTY,
    },
    layers: [
      ...groundLayers(palette),
      // Tiles have names of their own; where there are none, those of the base show.
      ...(hasTiles ? [nameLayer()] : []),
      ...(hasTiles ? [{ id: "tiles", type: "raster" as const, source: "tiles", paint: { "raster-fade-duration": 0, ...(theme === "dark" ? { "raster-brightness-max": 0.55 } : {}) } }] : []),
      ...walkLayers(palette),
      ...(hasTiles ? [] : [nameLayer()]),
      ...pinLayers(),
    ],
  };
}

/** The address of the tiles with its {z}, {x} and {y}, which an address proper would have escaped. */
export function tilesAt(address: string, origin: string): string {
  return new URL(address, origin).href.replace(/%7B([a-z0-9]+)%7D/gi, "{$1}");
}

function groundLayers({ ground, block, casing, street }: Palette): LayerSpecification[] {
  return [
    { id: "ground", type: "background", paint: { "background-color": ground } },
    { id: "blocks", type: "fill", source: "base", minzoom: 14.5, filter: ["==", ["get", "kind"], "block"], paint: { "fill-color": block } },
    { id: "casings", type: "line", source: "base", filter: IS_STREET as never, layout: ROUND, paint: { "line-color": casing, "line-width": widths(2) } },
    { id: "streets", type: "line", source: "base", filter: IS_STREET as never, layout: ROUND, paint: { "line-color": street, "line-width": widths(0) } },
  ];
}

function nameLayer(): LayerSpecification {
  return { id: "names", type: "symbol", source: "base", minzoom: 14.5, filter: IS_STREET as never, layout: { "symbol-placement": "line", "symbol-spacing": 220, "icon-image": named("street:", "name"), "icon-rotation-alignment": "map", "icon-keep-upright": true, "icon-padding": 2 } };
}

function walkLayers({ walk }: Palette): LayerSpecification[] {
  const line = (id: string, kind: string, dash: number[] | null): LayerSpecification => ({
    id,
    type: "line",
    source: "walk",
    filter: ["==", ["get", "kind"], kind],
    layout: { "line-join": "round", "line-cap": dash === null ? "round" : "butt" },
    paint: { "line-color": walk, "line-width": dash === null ? 4 : 3, ...(dash === null ? {} : { "line-dasharray": dash }) },
  });
  return [line("walk-done", "done", null), line("walk-ahead", "ahead", [2.4, 1.6])];
}

function pinLayers(): LayerSpecification[] {
  const size = ["interpolate", ["linear"], ["zoom"], APART, 0.5, 17, 1] as unknown as number;
  return [
    { id: "own-circle", type: "fill", source: "own", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": OWN_PLACE, "fill-opacity": 0.18 } },
    { id: "pins", type: "symbol", source: "pins", filter: ["!", ["has", "point_count"]], layout: { "icon-image": named("pin:", "state"), "icon-size": size, "icon-allow-overlap": true, "icon-ignore-placement": true } },
    { id: "clusters", type: "symbol", source: "pins", filter: ["has", "point_count"], layout: { "icon-image": named("cluster:", "point_count_abbreviated"), "icon-size": 0.8, "icon-allow-overlap": true, "icon-ignore-placement": true } },
    { id: "own-dot", type: "circle", source: "own", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 8, "circle-color": OWN_PLACE, "circle-stroke-color": "#FFFFFF", "circle-stroke-width": 3 } },
    { id: "chosen", type: "symbol", source: "chosen", layout: { "icon-image": named("chosen:", "number"), "icon-anchor": "bottom", "icon-allow-overlap": true, "icon-ignore-placement": true } },
  ];
}

function named(kind: string, property: string): never {
  return ["concat", kind, ["get", property]] satisfies Expression as never;
}

/** As wide as a small street is, and never too thin to be seen. */
function widths(more: number): never {
  return ["interpolate", ["exponential", 2], ["zoom"], 11, 2 + more, 14, 4 + more, 16, 12 + more, 18, 40 + more] as never;
}
