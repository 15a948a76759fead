/** The codes that stand on meters, by the names of the browsers' own BarcodeDetector. */
export const CODE_FORMATS = ["code_128", "code_39", "ean_13", "data_matrix", "qr_code", "itf", "codabar"] as const;

export type CodeFormat = (typeof CODE_FORMATS)[number];

/** One code as it was read: `text` is its content, unchanged, with control characters of GS1 where it has them. */
export type ScannedCode = { text: string; format: CodeFormat };

/** What codes are read from: a frame or a picture. */
export type CodeSource = HTMLVideoElement | ImageBitmap;

/** Reads all codes of one frame or picture. `thorough`: a still picture, for which there is time. */
export type CodeReader = (source: CodeSource, thorough: boolean) => Promise<readonly ScannedCode[]>;

/**
 * Without the readings of a part: bars that interleave (ITF) are read as a shorter number where a line leaves the label at its edge.
 */
export function withoutParts(codes: readonly ScannedCode[]): ScannedCode[] {
  return codes.filter(({ text, format }) => format !== "itf" || !codes.some((other) => other.format === "itf" && other.text.length > text.length && other.text.includes(text)));
}
