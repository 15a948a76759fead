import type { FieldDatabase } from "./database.ts";
import type { OutboxItem, Photo, User } from "./records.ts";

/** Bytes that become base64 at a time: a multiple of 3, so that the pieces join. */
const PIECE = 3 * 65_536;

/**
 * Everything on this phone that the office does not have, as the file that `metersync import field-export` and the office's page take
 * (docs/sync.md, A dead phone): items as they would have been pushed, then their photos. What needs a person is in it as well.
 * @returns the file, and how many items and photos it holds
 */
export async function exportUnsent(database: FieldDatabase, deviceId: string, user: User): Promise<{ blob: Blob; count: number }> {
  const states = ["waiting", "needs_you"] as const;
  const items = (await Promise.all(states.map((state) => database.getAllFromIndex("outbox", "state", state)))).flat();
  items.sort((one, other) => (one.client_id < other.client_id ? -1 : 1));
  const photos = (await Promise.all(states.map((state) => database.getAllFromIndex("photos", "state", state)))).flat().filter((photo) => photo.visit_id !== null);
  const parts: BlobPart[] = [`${JSON.stringify({ format: "metersync.field-export", version: 1, user_id: user.id, device_id: deviceId })}\n`];
  for (const item of items) parts.push(`${item.body}\n`);
  let count = items.length;
  for (const photo of photos) {
    const line = await photoLine(database, photo, items);
    if (line === null) continue;
    parts.push(...line);
    count++;
  }
  return { blob: new Blob(parts, { type: "application/x-ndjson" }), count };
}

async function photoLine(database: FieldDatabase, photo: Photo, items: readonly OutboxItem[]): Promise<readonly BlobPart[] | null> {
  const file = await database.get("photo_files", photo.id);
  if (file === undefined || photo.visit_id === null) return null;
  const entity = items.find((item) => item.client_id === photo.visit_id)?.entity ?? (await database.get("outbox", photo.visit_id))?.entity;
  // Other things than visits have no photos of their own in the office: it takes the picture in for itself.
  const shows = entity === "skip" ? { skip_client_id: photo.visit_id } : entity === "reading" || entity === undefined ? { [`${photo.subject}_client_id`]: photo.visit_id } : {};
  const head = JSON.stringify({ filename: `${photo.id}.jpg`, content_type: "image/jpeg", sha256: photo.sha256, ...shows });
  const data: BlobPart[] = [];
  // Each piece goes to the browser's blob store at once: a hundred photos as text would not fit a phone's memory.
  for (let at = 0; at < file.blob.size; at += PIECE) data.push(new Blob([base64Of(new Uint8Array(await file.blob.slice(at, at + PIECE).arrayBuffer()))]));
  return [`{"photo":${head.slice(0, -1)},"data":"`, ...data, `"}}\n`];
}

function base64Of(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}
