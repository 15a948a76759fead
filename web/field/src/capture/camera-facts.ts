import { parse } from "exifr/dist/lite.esm.mjs";
import type { Place } from "../store/records.ts";

/** What a camera wrote into its file. Each part is null where it did not, or where it wrote nonsense. */
export type CameraFacts = {
  /** The camera's own clock, as "2026:11:17 10:42:05". */
  clock: string | null;
  /** What that clock is ahead of UTC, as "+01:00". */
  offset: string | null;
  /** The satellites' time in UTC, as "2026:11:17 09:42:05". */
  satellites: string | null;
  place: Place | null;
  /** 1 to 8, how the pixels lie in the file. */
  orientation: number | null;
};

const NOTHING: CameraFacts = { clock: null, offset: null, satellites: null, place: null, orientation: null };
// By block: this build of exifr fails at one list for all.
const PICKED = {
  ifd0: { pick: ["Orientation"] },
  exif: { pick: ["DateTimeOriginal", "OffsetTimeOriginal", "OffsetTime"] },
  gps: { pick: ["GPSLatitudeRef", "GPSLatitude", "GPSLongitudeRef", "GPSLongitude", "GPSTimeStamp", "GPSDateStamp"] },
  translateValues: false,
  reviveValues: false,
};

/** Reads the EXIF of a JPEG or HEIC. Never rejects for what is in the file: a photo whose EXIF is broken is a photo without, as on the server. */
export async function readCameraFacts(file: Blob | Uint8Array): Promise<CameraFacts> {
  let tags: unknown;
  try {
    tags = await parse(file, PICKED);
  } catch {
    return NOTHING;
  }
  return typeof tags === "object" && tags !== null ? factsOf(tags as Readonly<Record<string, unknown>>) : NOTHING;
}

function factsOf(tags: Readonly<Record<string, unknown>>): CameraFacts {
  const orientation = tags["Orientation"];
  return {
    clock: clockOf(tags["DateTimeOriginal"]),
    offset: offsetOf(tags["OffsetTimeOriginal"]) ?? offsetOf(tags["OffsetTime"]),
    satellites: satellitesOf(tags["GPSDateStamp"], tags["GPSTimeStamp"]),
    place: placeOf(tags),
    orientation: typeof orientation === "number" && orientation >= 1 && orientation <= 8 ? orientation : null,
  };
}

/**
 * When the photo was taken, as RFC 3339: by the camera's clock with its offset, else by the satellites. A clock whose offset nobody
 * wrote is told without one ("2026-11-17T10:42:05"): it may be fourteen hours off. null: the camera wrote no time.
 */
export function takenAt(facts: CameraFacts): string | null {
  if (facts.clock !== null && facts.offset !== null) return dashed(facts.clock) + facts.offset;
  if (facts.satellites !== null) return `${dashed(facts.satellites)}Z`;
  return facts.clock === null ? null : dashed(facts.clock);
}

function dashed(exif: string): string {
  return `${exif.slice(0, 10).replaceAll(":", "-")}T${exif.slice(11)}`;
}

// Cameras whose clock was never set write zeros, blanks or 1980.
function clockOf(tag: unknown): string | null {
  if (typeof tag !== "string") return null;
  const text = tag.trim();
  if (!/^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/.test(text)) return null;
  const at = new Date(`${dashed(text)}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(dashed(text)) && at.getUTCFullYear() >= 2000 ? text : null;
}

function offsetOf(tag: unknown): string | null {
  const text = typeof tag === "string" ? tag.trim() : "";
  return /^[+-](0\d|1[0-4]):[0-5]\d$/.test(text) ? text : null;
}

function satellitesOf(date: unknown, time: unknown): string | null {
  const parts = numbersOf(time);
  if (typeof date !== "string" || parts?.length !== 3) return null;
  const clock = parts.map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  return clockOf(`${date.trim().slice(0, 10)} ${clock}`);
}

function placeOf(tags: Readonly<Record<string, unknown>>): Place | null {
  const latitude = degreesOf(tags["GPSLatitude"], tags["GPSLatitudeRef"], "N", "S");
  const longitude = degreesOf(tags["GPSLongitude"], tags["GPSLongitudeRef"], "E", "W");
  if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  // Cameras without a fix write zeros.
  return latitude === 0 && longitude === 0 ? null : { latitude, longitude };
}

function degreesOf(parts: unknown, side: unknown, plus: string, minus: string): number | null {
  const [degrees, minutes = 0, seconds = 0] = numbersOf(parts) ?? [];
  if (degrees === undefined || (side !== plus && side !== minus)) return null;
  const value = degrees + minutes / 60 + seconds / 3600;
  return side === minus ? -value : value;
}

function numbersOf(tag: unknown): readonly number[] | null {
  const parts: readonly unknown[] = Array.isArray(tag) ? tag : tag instanceof Float64Array ? [...tag] : [];
  return parts.length > 0 && parts.every((part): part is number => typeof part === "number" && Number.isFinite(part)) ? parts : null;
}
