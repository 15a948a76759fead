import type { Place } from "../store/records.ts";
import { planeAt, type Point } from "./plane.ts";
import { boundsOf } from "./stops.ts";

export type Size = { width: number; height: number };
/** What of a drawing's edges is covered by other things, in CSS pixels. */
export type Insets = { top: number; right: number; bottom: number; left: number };
/** What a drawing shows: the place in its middle, north up, and how many metres a CSS pixel is. */
export type Frame = { middle: Place; metresPerPixel: number };

/** Nearer than this a house would fill the screen; farther off nobody reads meters on foot. */
const NEAREST = 0.12;
const FARTHEST = 5_000;

/** The frame in which all places lie between the insets; the whole world where there is none. @param nearest Metres per pixel at least. */
export function frameOf(places: readonly Place[], { width, height }: Size, insets: Insets, nearest = 0.24): Frame {
  const bounds = boundsOf(places);
  if (bounds === null) return { middle: { latitude: 20, longitude: 0 }, metresPerPixel: FARTHEST };
  const middle = { latitude: (bounds.south + bounds.north) / 2, longitude: (bounds.west + bounds.east) / 2 };
  const [east, north] = planeAt(middle).toSpot({ latitude: bounds.north, longitude: bounds.east });
  const metresPerPixel = within(Math.max(nearest, (2 * east) / Math.max(1, width - insets.left - insets.right), (2 * north) / Math.max(1, height - insets.top - insets.bottom)));
  return moved({ middle, metresPerPixel }, (insets.right - insets.left) / 2, (insets.bottom - insets.top) / 2);
}

/** Degrees to pixels of the drawing. */
export function projection({ middle, metresPerPixel }: Frame, { width, height }: Size): (point: Point) => readonly [x: number, y: number] {
  const plane = planeAt(middle);
  return ([longitude, latitude]) => {
    const [east, north] = plane.toSpot({ latitude, longitude });
    return [round(width / 2 + east / metresPerPixel), round(height / 2 - north / metresPerPixel)];
  };
}

/** Shows what is so many pixels to the right and below. */
export function moved({ middle, metresPerPixel }: Frame, right: number, down: number): Frame {
  const [longitude, latitude] = planeAt(middle).toPoint([right * metresPerPixel, -down * metresPerPixel]);
  return { middle: { latitude: Math.max(-85, Math.min(85, latitude)), longitude }, metresPerPixel };
}

/** So many times nearer; the spot (x, y), in pixels from the middle of the drawing, stays where it is. */
export function zoomed(frame: Frame, times: number, x = 0, y = 0): Frame {
  const metresPerPixel = within(frame.metresPerPixel / times);
  const kept = metresPerPixel / frame.metresPerPixel;
  return { ...moved(frame, x * (1 - kept), y * (1 - kept)), metresPerPixel };
}

function within(metresPerPixel: number): number {
  return Math.min(FARTHEST, Math.max(NEAREST, metresPerPixel));
}

const LENGTHS = [1, 2, 5];

/** The longest round length, in metres, that a scale bar of at most `pixels` can show. */
export function scaleLength(metresPerPixel: number, pixels: number): number {
  const most = metresPerPixel * pixels;
  const power = 10 ** Math.floor(Math.log10(most));
  return Math.max(...LENGTHS.map((length) => length * power).filter((length) => length <= most));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
