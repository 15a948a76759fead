import { isQuotaError } from "../capture/storage.ts";
import { atomically, type FieldDatabase } from "./database.ts";

/**
 * Space that is held so that readings always fit: browsers promise a quota that the disk does not keep, and say that it is full when a
 * write fails. Then the ballast goes, and the reading takes its place.
 */
const ID = "ballast";
const BYTES = 5_000_000;
/** The browser gives the space back a little after it was let go. */
const TRIES = [0, 100, 400];

/** Takes the space, where it is not held already. @returns false where there is none to be had */
export async function holdBallast(database: FieldDatabase): Promise<boolean> {
  if ((await database.getKey("photo_files", ID)) !== undefined) return true;
  try {
    await atomically(database, ["photo_files"], async (transaction) => {
      await transaction.objectStore("photo_files").put({ id: ID, blob: new Blob([new Uint8Array(BYTES)]) });
    });
    return true;
  } catch (error) {
    if (isQuotaError(error)) return false;
    throw error;
  }
}

/** Writes a reading or the like; where the phone is full, in the place of the ballast. @throws what `write` throws, when not even that helps */
export async function withBallast(database: FieldDatabase, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isQuotaError(error) || (await database.getKey("photo_files", ID)) === undefined) throw error;
    await database.delete("photo_files", ID);
    await tryAgain(write, error);
  }
}

async function tryAgain(write: () => Promise<void>, before: unknown): Promise<void> {
  let last = before;
  for (const wait of TRIES) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    try {
      await write();
      return;
    } catch (error) {
      if (!isQuotaError(error)) throw error;
      last = error;
    }
  }
  throw last;
}
