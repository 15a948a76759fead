/** A grey JPEG of 8 x 8 pixels with no segment that a camera writes. */
export const GREY = Uint8Array.from(
  atob(
    "/9j/2wBDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBD/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z",
  ),
  (sign) => sign.charCodeAt(0),
);

/** The same with segments of a camera behind its start. */
export function greyWith(...segments: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...GREY.subarray(0, 2), ...segments.flatMap((segment) => [...segment]), ...GREY.subarray(2)]);
}

/** An APP segment of a camera. */
export function segment(marker: number, content: readonly number[]): Uint8Array {
  const length = content.length + 2;
  return Uint8Array.from([0xff, marker, length >>> 8, length & 0xff, ...content]);
}
