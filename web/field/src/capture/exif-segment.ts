import type { CameraFacts } from "./camera-facts.ts";

type Field = { tag: number; kind: number; count: number; value: Uint8Array };

const BYTE = 1;
const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const UNDEFINED = 7;
const TIFF_HEADER = 8;
// To three millimetres on the ground.
const SECOND_PARTS = 10_000;

/**
 * The APP1 segment, marker and length in it, that tells time and position as the camera did; the picture it goes into stands upright
 * (orientation 1). null: there is nothing to tell.
 */
export function exifSegment(facts: CameraFacts): Uint8Array<ArrayBuffer> | null {
  const exif = exifFields(facts);
  const gps = gpsFields(facts);
  if (exif.length === 0 && gps.length === 0) return null;

  const body: number[] = [];
  const exifAt = exif.length === 0 ? null : append(body, exif);
  const gpsAt = gps.length === 0 ? null : append(body, gps);
  const first = [
    field(0x0112, SHORT, 1, short(1)),
    ...(exifAt === null ? [] : [field(0x8769, LONG, 1, long(exifAt))]),
    ...(gpsAt === null ? [] : [field(0x8825, LONG, 1, long(gpsAt))]),
  ];
  const firstAt = append(body, first);
  const tiff = [...ascii("Exif\0"), ...ascii("MM").subarray(0, 2), ...short(42), ...long(firstAt), ...body];
  return Uint8Array.from([0xff, 0xe1, ...short(tiff.length + 2), ...tiff]);
}

/**
 * The same JPEG with this segment behind its start, in the place of any EXIF the encoder wrote.
 * @throws Error where the bytes are no JPEG.
 */
export function withExif(jpeg: Uint8Array<ArrayBuffer>, segment: Uint8Array<ArrayBuffer> | null): Uint8Array<ArrayBuffer> {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new Error("The encoder made no JPEG.");
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const kept: Uint8Array[] = [jpeg.subarray(0, 2)];
  if (segment !== null) kept.push(segment);
  let at = 2;
  // Only the segments before the picture itself: from the start of scan on, bytes stand for pixels.
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== 0xda) {
    const next = at + 2 + view.getUint16(at + 2);
    if (!isExif(jpeg, at)) kept.push(jpeg.subarray(at, next));
    at = next;
  }
  kept.push(jpeg.subarray(at));
  return joined(kept);
}

function isExif(jpeg: Uint8Array, at: number): boolean {
  return jpeg[at + 1] === 0xe1 && String.fromCharCode(...jpeg.subarray(at + 4, at + 9)) === "Exif\0";
}

function exifFields(facts: CameraFacts): Field[] {
  if (facts.clock === null) return [];
  const fields = [field(0x9000, UNDEFINED, 4, ascii("0232").subarray(0, 4)), text(0x9003, facts.clock)];
  if (facts.offset !== null) fields.push(text(0x9011, facts.offset));
  return fields;
}

function gpsFields(facts: CameraFacts): Field[] {
  const fields: Field[] = [];
  if (facts.place !== null) {
    const { latitude, longitude } = facts.place;
    fields.push(
      text(1, latitude < 0 ? "S" : "N"),
      field(2, RATIONAL, 3, degrees(latitude)),
      text(3, longitude < 0 ? "W" : "E"),
      field(4, RATIONAL, 3, degrees(longitude)),
    );
  }
  if (facts.satellites !== null) {
    const time = facts.satellites.slice(11).split(":").flatMap((part) => [...long(Number(part)), ...long(1)]);
    fields.push(field(7, RATIONAL, 3, Uint8Array.from(time)), text(0x1d, facts.satellites.slice(0, 10)));
  }
  return fields.length === 0 ? [] : [field(0, BYTE, 4, Uint8Array.of(2, 3, 0, 0)), ...fields];
}

/** Writes a directory and, behind it, the values that do not fit into it. Returns where it begins in the TIFF. */
function append(body: number[], fields: readonly Field[]): number {
  const begin = TIFF_HEADER + body.length;
  const behindAt = begin + 2 + fields.length * 12 + 4;
  const behind: number[] = [];
  body.push(...short(fields.length));
  for (const { tag, kind, count, value } of fields) {
    body.push(...short(tag), ...short(kind), ...long(count));
    if (value.length <= 4) {
      body.push(...value, ...new Uint8Array(4 - value.length));
    } else {
      body.push(...long(behindAt + behind.length));
      behind.push(...value);
      if (behind.length % 2 === 1) behind.push(0);
    }
  }
  body.push(...long(0), ...behind);
  return begin;
}

function field(tag: number, kind: number, count: number, value: Uint8Array): Field {
  return { tag, kind, count, value };
}

function text(tag: number, value: string): Field {
  const bytes = ascii(value);
  return field(tag, ASCII, bytes.length, bytes);
}

/** With the zero that ends a text in TIFF. */
function ascii(value: string): Uint8Array {
  return Uint8Array.from({ length: value.length + 1 }, (_, at) => (at < value.length ? value.charCodeAt(at) : 0));
}

/** Counted in the smallest part first, so that no rounding leaves sixty seconds. */
function degrees(value: number): Uint8Array {
  const parts = Math.round(Math.abs(value) * 3600 * SECOND_PARTS);
  const minutes = Math.floor(parts / (60 * SECOND_PARTS));
  return Uint8Array.from([
    ...long(Math.floor(minutes / 60)),
    ...long(1),
    ...long(minutes % 60),
    ...long(1),
    ...long(parts % (60 * SECOND_PARTS)),
    ...long(SECOND_PARTS),
  ]);
}

function short(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value & 0xff);
}

function long(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
