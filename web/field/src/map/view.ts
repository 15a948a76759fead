import { Map as MapView, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";
import "maplibre-gl/dist/maplibre-gl.css";

import type { FieldSettings } from "../app/settings.ts";
import type { Place } from "../store/records.ts";
import { drawImage, lettersOf, SHARPNESS } from "./images.ts";
import { PALETTES, type MapTheme } from "./palette.ts";
import { boundsOf } from "./stops.ts";
import { styleOf } from "./style.ts";

// A worker of our own origin: the page's policy allows no other.
setWorkerUrl(workerUrl);

export type Camera = { center: [longitude: number, latitude: number]; zoom: number };

/** What lies over the map: the scale and the buttons, and the card of the stop. */
const PADDING = { top: 64, right: 72, bottom: 240, left: 48 };
/** A glove hits this far beside what it means. */
const REACH = 24;

export type Viewing = {
  container: HTMLElement;
  theme: MapTheme;
  settings: FieldSettings;
  /** What is to be in sight at first; with a camera, that holds. */
  places: readonly Place[];
  camera: Camera | null;
  onReady: (view: MapView) => void;
  onChoose: (stop: string | null) => void;
  /** The person moved the map. */
  onDrag: () => void;
  /** The scale has changed. */
  onScale: (metresPerPixel: number) => void;
};

/**
 * Draws the map into its container; `remove` of the answer ends it.
 * @throws GPUInitializationError where the phone has no WebGL 2.
 */
export function openView({ container, theme, settings, places, camera, onReady, onChoose, onDrag, onScale }: Viewing): MapView {
  const bounds = boundsOf(places);
  const view = new MapView({
    container,
    style: styleOf(theme, settings, location.origin),
    // Said by the page itself, in its own words and place.
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    maxZoom: 20,
    fadeDuration: isStill() ? 0 : 120,
    ...startOf(bounds === null ? null : [bounds.west, bounds.south, bounds.east, bounds.north], camera),
  });
  view.touchZoomRotate.disableRotation();
  view.keyboard.disableRotation();
  let isGone = false;
  view.once("remove", () => {
    isGone = true;
  });
  view.setMissingStyleImageResolver(async (name) => {
    await lettersOf(name);
    if (isGone) return;
    const image = drawImage(name, PALETTES[theme]);
    if (image !== null && !view.hasImage(name)) view.addImage(name, image, { pixelRatio: SHARPNESS });
  });
  view.on("error", (event) => {
    // Tiles that do not come, offline for instance, leave the base map standing; there is nothing to say.
    if ((event as { sourceId?: string }).sourceId !== "tiles") reportError(event.error);
  });
  view.on("dragstart", onDrag);
  const tellScale = () => {
    onScale(metresPerPixelOf(view));
  };
  view.on("zoom", tellScale);
  view.on("moveend", tellScale);
  view.on("click", ({ point }) => {
    const hit = hitAt(view, point);
    if (hit === null) onChoose(null);
    else if (typeof hit.properties["stop"] === "string") onChoose(hit.properties["stop"]);
    else open(view, hit).catch(reportError);
  });
  // Not "load", which waits for tiles; without network those are long in coming.
  view.on("style.load", () => {
    tellScale();
    onReady(view);
  });
  return view;
}

/** Moves there, in sight between what lies over the map; at once for those who want no motion. */
export function lookAt(view: MapView, { latitude, longitude }: Place, zoom = view.getZoom()): void {
  view.easeTo({ center: [longitude, latitude], zoom, offset: [(PADDING.left - PADDING.right) / 2, (PADDING.top - PADDING.bottom) / 2], animate: !isStill(), duration: 300 });
}

/** Whether a place is seen between what lies over the map. */
export function isInSight(view: MapView, { latitude, longitude }: Place): boolean {
  const { x, y } = view.project([longitude, latitude]);
  const { clientWidth, clientHeight } = view.getContainer();
  return x >= PADDING.left / 2 && x <= clientWidth - PADDING.right / 2 && y >= PADDING.top && y <= clientHeight - PADDING.bottom;
}

function startOf(bounds: [number, number, number, number] | null, camera: Camera | null): Partial<Camera> & { bounds?: [number, number, number, number]; fitBoundsOptions?: object } {
  if (camera !== null) return camera;
  return bounds === null ? { center: [0, 20], zoom: 1 } : { bounds, fitBoundsOptions: { padding: PADDING, maxZoom: 17.6 } };
}

type Hit = { properties: Record<string, unknown>; geometry: { coordinates: [number, number] } };

/** The pin or cluster nearest to a touch. */
function hitAt(view: MapView, { x, y }: { x: number; y: number }): Hit | null {
  const found = view.queryRenderedFeatures([[x - REACH, y - REACH], [x + REACH, y + REACH]], { layers: ["clusters", "pins"] });
  let nearest: Hit | null = null;
  let least = Infinity;
  for (const feature of found) {
    const hit = { properties: feature.properties, geometry: feature.geometry as Hit["geometry"] };
    const spot = view.project(hit.geometry.coordinates);
    const away = Math.hypot(spot.x - x, spot.y - y);
    if (away >= least) continue;
    nearest = hit;
    least = away;
  }
  return nearest;
}

/** Goes so near that a cluster falls apart. */
async function open(view: MapView, { properties, geometry }: Hit): Promise<void> {
  const zoom = await view.getSource<GeoJSONSource>("pins")?.getClusterExpansionZoom(Number(properties["cluster_id"]));
  const [longitude, latitude] = geometry.coordinates;
  if (zoom !== undefined) lookAt(view, { latitude, longitude }, Math.max(zoom, 15.5));
}

function metresPerPixelOf(view: MapView): number {
  // MapLibre's world is 512 pixels wide at zoom 0.
  return (40_075_017 / 512 / 2 ** view.getZoom()) * Math.cos((view.getCenter().lat * Math.PI) / 180);
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
