/** What the first bytes of a picture say. Pixels are those of the file, before it is turned upright; null where the format keeps them elsewhere (HEIC). */
export type PictureHead = { kind: "jpeg" | "png" | "webp" | "heif"; width: number | null; height: number | null };

const HEIF_BRANDS: ReadonlySet<string> = new Set(["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis"]);

/**
 * Tells pictures from other files by their bytes, whatever they are called, and how large they are before anything is decoded.
 * null: no picture that is taken. Rejects when the file cannot be read any more.
 */
export async function readPictureHead(file: Blob): Promise<PictureHead | null> {
  const head = await bytesOf(file, 0, 32);
  if (head.byteLength < 12) return null;
  if (head.getUint16(0) === 0xffd8) return jpegHead(file);
  if (head.getUint32(0) === 0x89504e47 && head.byteLength >= 24) return { kind: "png", width: head.getUint32(16), height: head.getUint32(20) };
  if (textOf(head, 0) === "RIFF" && textOf(head, 8) === "WEBP") return webpHead(head);
  if (textOf(head, 4) === "ftyp" && HEIF_BRANDS.has(textOf(head, 8))) return { kind: "heif", width: null, height: null };
  return null;
}

async function bytesOf(file: Blob, from: number, count: number): Promise<DataView> {
  return new DataView(await file.slice(from, from + count).arrayBuffer());
}

function textOf(bytes: DataView, from: number): string {
  return String.fromCharCode(bytes.getUint8(from), bytes.getUint8(from + 1), bytes.getUint8(from + 2), bytes.getUint8(from + 3));
}

// Segment by segment: cameras put megabytes (depth, previews) before the frame's own segment.
async function jpegHead(file: Blob): Promise<PictureHead> {
  const unknown: PictureHead = { kind: "jpeg", width: null, height: null };
  let at = 2;
  while (at < file.size) {
    const segment = await bytesOf(file, at, 9);
    if (segment.byteLength < 9 || segment.getUint8(0) !== 0xff) return unknown;
    const marker = segment.getUint8(1);
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker === 0xd9 || marker === 0xda) return unknown;
    else if (isFrame(marker)) return { kind: "jpeg", width: segment.getUint16(7), height: segment.getUint16(5) };
    else at += 2 + segment.getUint16(2);
  }
  return unknown;
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function webpHead(head: DataView): PictureHead {
  if (head.byteLength < 30) return { kind: "webp", width: null, height: null };
  switch (textOf(head, 12)) {
    case "VP8 ":
      return { kind: "webp", width: head.getUint16(26, true) & 0x3fff, height: head.getUint16(28, true) & 0x3fff };
    case "VP8L": {
      const packed = head.getUint32(21, true);
      return { kind: "webp", width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { kind: "webp", width: threeBytes(head, 24) + 1, height: threeBytes(head, 27) + 1 };
    default:
      return { kind: "webp", width: null, height: null };
  }
}

function threeBytes(bytes: DataView, from: number): number {
  return bytes.getUint16(from, true) | (bytes.getUint8(from + 2) << 16);
}
