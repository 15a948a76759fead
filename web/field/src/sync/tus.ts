import { failureOf, type MeterSyncClient } from "@metersync/api";

import { Halted } from "./server.ts";

/** A piece: what arrived of it before a break is kept by the server, so that its size costs nothing; it is as much as one look at the queue may wait for. */
const PIECE_BYTES = 1_048_576;
const PIECE_TYPE = "application/offset+octet-stream";
const VERSION = { "tus-resumable": "1.0.0" };

/** The upload is not at the server any more, or what arrived is not what was announced: it begins anew. */
export class UploadGone extends Error {
  override readonly name = "UploadGone";
}

/** Where the upload stands is the server's to say: after these it is asked, and the rest goes on from there. */
const ASK_AGAIN: ReadonlySet<string> = new Set(["upload.offset_mismatch", "upload.locked", "upload.interrupted", "upload.checksum_mismatch", "upload.bytes_lost"]);
const OF_THE_MOMENT: ReadonlySet<number> = new Set([401, 408, 423, 429]);
const MOST_DISAGREEMENTS = 3;

/**
 * Sends what the server does not have yet of a file, in pieces, and goes on where an earlier try broke off.
 * @param from What is known to have arrived; null: ask. @param onSent is told after each piece.
 * @throws UploadGone; Halted where the two do not agree; MeterSyncError; DOMException NotReadableError when the phone cannot read the file
 */
export async function sendBytes(client: MeterSyncClient, address: string, blob: Blob, from: number | null, onSent: (bytes: number) => Promise<void>, signal: AbortSignal): Promise<void> {
  let offset = from ?? (await askOffset(client, address, signal));
  let disagreements = 0;
  while (offset < blob.size) {
    // Read here: a file that cannot be read would fail in the request as if the network did.
    const piece = new Blob([await blob.slice(offset, offset + PIECE_BYTES).arrayBuffer()], { type: PIECE_TYPE });
    const response = await client.raw("PATCH", pathOf(address), { body: piece, headers: { ...VERSION, "upload-offset": String(offset), "content-type": PIECE_TYPE }, signal });
    if (response.ok) {
      await response.body?.cancel();
      const stands = offsetOf(response) ?? offset + piece.size;
      if (stands <= offset && ++disagreements > MOST_DISAGREEMENTS) throw new Halted("server", "The upload does not move on.");
      offset = stands;
      await onSent(offset);
      continue;
    }
    const refusal = await failureOf(response);
    if (response.status === 404 || response.status === 410 || refusal.code === "upload.hash_mismatch") throw new UploadGone(refusal.message, { cause: refusal });
    if (!ASK_AGAIN.has(refusal.code)) throw refusal;
    if (++disagreements > MOST_DISAGREEMENTS) throw new Halted("server", refusal);
    offset = await askOffset(client, address, signal);
  }
}

async function askOffset(client: MeterSyncClient, address: string, signal: AbortSignal): Promise<number> {
  const response = await client.raw("HEAD", pathOf(address), { headers: VERSION, signal });
  // An answer to HEAD says nothing but its status; beginning anew hears the reason in words.
  if (response.status >= 400 && response.status < 500 && !OF_THE_MOMENT.has(response.status)) throw new UploadGone(`HEAD answered ${response.status}.`);
  const offset = offsetOf(response);
  if (!response.ok || offset === null) throw await failureOf(response);
  return offset;
}

function offsetOf(response: Response): number | null {
  const written = response.headers.get("upload-offset");
  return written !== null && /^\d{1,15}$/.test(written) ? Number(written) : null;
}

/** The path alone: behind a proxy the server may name itself otherwise than the phone reaches it. */
function pathOf(address: string): string {
  return new URL(address, "http://phone.invalid").pathname;
}
