/** Bytes. `quota`: null where the browser does not tell. `persisted`: the browser will not clear it by itself. */
export type Space = { used: number; quota: number | null; persisted: boolean };

/**
 * `about` more photos fit, null where nobody knows. plenty; few: say so; none: take no more photos, the rest is kept for readings.
 */
export type PhotoRoom = { state: "plenty" | "few" | "none"; about: number | null };

const MB = 1_000_000;
/** What a photo of a counter weighs, for as long as this phone has taken none. */
export const TYPICAL_PHOTO_BYTES = 500_000;
/** Fewer photos or bytes than these: the person is told. */
const FEW_PHOTOS = 40;
const FEW_BYTES = 50 * MB;
/** Kept for readings: 5 MB hold some thousand of them. */
const RESERVE_BYTES = 5 * MB;
const RESERVE_PART = 0.02;

type Storage = Partial<Pick<StorageManager, "estimate" | "persist" | "persisted">>;

function storageHere(): Storage | undefined {
  return (globalThis.navigator as { storage?: Storage } | undefined)?.storage;
}

/** Asks the browser to keep what is stored until a person clears it. Returns whether it will; asking again is harmless. */
export async function askPersistence(storage: Storage | undefined = storageHere()): Promise<boolean> {
  if ((await storage?.persisted?.()) === true) return true;
  return (await storage?.persist?.()) ?? false;
}

/** How much is used and allowed. Browsers promise a quota and do not measure the disk: a write may fail before it is reached (`isQuotaError`). */
export async function readSpace(storage: Storage | undefined = storageHere()): Promise<Space> {
  const [estimate, persisted] = await Promise.all([storage?.estimate?.(), storage?.persisted?.()]);
  return { used: estimate?.usage ?? 0, quota: estimate?.quota ?? null, persisted: persisted ?? false };
}

/** @param averagePhotoBytes Of the photos kept so far; more than 0. */
export function roomForPhotos(space: Space, averagePhotoBytes: number): PhotoRoom {
  if (space.quota === null) return { state: "plenty", about: null };
  const free = Math.max(0, space.quota - space.used);
  const reserve = Math.max(RESERVE_BYTES, space.quota * RESERVE_PART);
  const room = Math.max(0, free - reserve);
  const about = Math.floor(room / averagePhotoBytes);
  if (about === 0) return { state: "none", about };
  return { state: about < FEW_PHOTOS || room < FEW_BYTES ? "few" : "plenty", about };
}

/** Whether a write failed because there is no space: said by name, by the code of older browsers, inside another error, or in Chromium's words for a full disk. */
export function isQuotaError(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const { name, code, message, cause, inner } = error as { name?: unknown; code?: unknown; message?: unknown; cause?: unknown; inner?: unknown };
  if (name === "QuotaExceededError" || name === "NS_ERROR_DOM_QUOTA_REACHED" || (code === 22 && error instanceof DOMException)) return true;
  if (typeof message === "string" && /full disk|disk (is )?full|no space left|not enough (storage|space)/i.test(message)) return true;
  return (cause !== error && isQuotaError(cause)) || (inner !== error && isQuotaError(inner));
}
