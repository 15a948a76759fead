import type { Place } from "../store/records.ts";
import { readCameraFacts, takenAt } from "./camera-facts.ts";
import type { Easel, Sheet } from "./easel.ts";
import { exifSegment, withExif } from "./exif-segment.ts";
import { readPictureHead } from "./picture-head.ts";
import { within } from "./within.ts";

/**
 * not_an_image: the bytes are no JPEG, PNG, WebP or HEIC. too_large: over 60 megapixels or 40 MB. decode_failed: damaged, vanished, or of
 * a format this browser cannot open. no_memory: the phone has none left for it.
 */
export type PhotoCode = "not_an_image" | "too_large" | "decode_failed" | "no_memory";

/** A photo as it is kept and sent. */
export type PreparedPhoto = {
  /** image/jpeg, upright, with the camera's time and position in its EXIF. */
  blob: Blob;
  /** Of the bytes of `blob`: 64 hexadecimal digits. */
  sha256: string;
  /** Bytes of `blob`. */
  size: number;
  /** Pixels of `blob`. */
  width: number;
  height: number;
  /** RFC 3339 by the camera; without an offset where the camera wrote none; null where it wrote no time. */
  taken_at: string | null;
  place: Place | null;
  /** A JPEG of at most 192 px, as a data URL. */
  thumbnail: string;
};

/** Pixels of the longest side, and JPEG quality from 0 to 1. */
export type PhotoShape = { longestSide: number; quality: number };

/** What passes between a page and its worker; `detail` is for logs, not for people. */
export type PhotoOutcome = { photo: PreparedPhoto } | { refused: PhotoCode; detail: string };

const MOST_BYTES = 40 * 1000 * 1000;
const MOST_PIXELS = 60_000_000;
const THUMBNAIL_SIDE = 192;
const THUMBNAIL_QUALITY = 0.7;

/** Compresses one photo. At no time more than one bitmap of full size is held. Never rejects. */
export async function compressPhoto(file: Blob, shape: PhotoShape, easel: Easel): Promise<PhotoOutcome> {
  if (file.size > MOST_BYTES) return { refused: "too_large", detail: `${file.size} bytes` };
  try {
    const head = await readPictureHead(file);
    if (head === null) return { refused: "not_an_image", detail: "The first bytes are of no picture." };
    if (isTooLarge(head.width, head.height)) return { refused: "too_large", detail: `${head.width ?? 0} x ${head.height ?? 0} pixels` };
    const facts = await readCameraFacts(file);

    const picture = await easel.open(file);
    let sheet: Sheet;
    try {
      if (isTooLarge(picture.width, picture.height)) return { refused: "too_large", detail: `${picture.width} x ${picture.height} pixels` };
      sheet = easel.draw(picture.source, ...within(picture.width, picture.height, shape.longestSide));
    } finally {
      picture.close();
    }
    try {
      const thumbnail = await thumbnailOf(sheet, easel);
      const plain = new Uint8Array(await (await sheet.jpeg(shape.quality)).arrayBuffer());
      const bytes = withExif(plain, exifSegment(facts));
      return {
        photo: {
          blob: new Blob([bytes], { type: "image/jpeg" }),
          sha256: await sha256(bytes),
          size: bytes.length,
          width: sheet.width,
          height: sheet.height,
          taken_at: takenAt(facts),
          place: facts.place,
          thumbnail,
        },
      };
    } finally {
      sheet.close();
    }
  } catch (error) {
    return { refused: isOutOfMemory(error) ? "no_memory" : "decode_failed", detail: String(error) };
  }
}

function isTooLarge(width: number | null, height: number | null): boolean {
  return width !== null && height !== null && width * height > MOST_PIXELS;
}

async function thumbnailOf(sheet: Sheet, easel: Easel): Promise<string> {
  const small = easel.draw(sheet.source, ...within(sheet.width, sheet.height, THUMBNAIL_SIDE));
  try {
    const bytes = new Uint8Array(await (await small.jpeg(THUMBNAIL_QUALITY)).arrayBuffer());
    return `data:image/jpeg;base64,${btoa(String.fromCharCode(...bytes))}`;
  } finally {
    small.close();
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Browsers have no name of their own for it: an array that cannot be made is a RangeError, a bitmap or canvas says it in words.
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && /alloc|memory/i.test(error.message));
}
