let last = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 bits that count within one, the rest random. Ids of one page sort in the order they
 * were made, also when the clock is set back.
 */
export function uuidv7(now = Date.now()): string {
  if (now > last) {
    last = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    last++;
    counter = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(last / 2 ** 32));
  view.setUint32(2, last >>> 0);
  view.setUint16(6, 0x7000 | counter);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
