import { readSpace, roomForPhotos, TYPICAL_PHOTO_BYTES } from "../capture/storage.ts";
import { atomically, type FieldDatabase } from "../store/database.ts";
import type { Photo } from "../store/records.ts";
import type { Ground } from "./ground.ts";

const DAY_MS = 86_400_000;
/** What is safe stays so long, to be sent again where the office lost it. */
export const KEPT_DAYS = 30;
/** Photos that no visit was saved with. */
const LOOSE_DAYS = 2;

/** Lets go of what is safe for long, and of photos that were taken for nothing. What is unsent is never touched. */
export async function tidy(ground: Ground): Promise<void> {
  const { database, now, tell } = ground;
  const before = now() - KEPT_DAYS * DAY_MS;
  const gone = await atomically(database, ["outbox", "visits", "photos", "photo_files"], async (transaction) => {
    const [outbox, photos] = [transaction.objectStore("outbox"), transaction.objectStore("photos")];
    const drop = (photo: Photo) => Promise.all([photos.delete(photo.id), transaction.objectStore("photo_files").delete(photo.id)]);
    // Times of a clock that ran ahead are no reason to keep or to drop: they are older than nothing.
    for (const photo of await photos.index("safe_at").getAll(IDBKeyRange.upperBound(before))) {
      if (photo.state === "safe") await drop(photo);
    }
    for (const photo of await photos.index("state").getAll("waiting")) {
      if (photo.visit_id === null && photo.saved_at < now() - LOOSE_DAYS * DAY_MS) await drop(photo);
    }
    const ids: string[] = [];
    for (const item of await outbox.index("safe_at").getAll(IDBKeyRange.upperBound(before))) {
      const shots = await photos.index("visit_id").getAll(item.client_id);
      // A photo that has still to go needs the visit it shows.
      if (item.state !== "safe" || shots.some(({ state }) => state !== "settled")) continue;
      ids.push(item.client_id);
      await Promise.all([outbox.delete(item.client_id), transaction.objectStore("visits").delete(item.client_id), ...shots.map(drop)]);
    }
    return ids;
  });
  if (gone.length > 0) {
    tell({ kind: "visits", ids: gone });
    tell({ kind: "outbox", ids: gone });
  }
  await makeRoom(database);
}

/** Where space is tight, bytes of photos that the office has go first, the oldest first; their small pictures stay. */
async function makeRoom(database: FieldDatabase): Promise<void> {
  if (roomForPhotos(await readSpace(), TYPICAL_PHOTO_BYTES).state === "plenty") return;
  const safe = await database.getAllFromIndex("photos", "state", "safe");
  safe.sort((one, other) => (one.safe_at ?? 0) - (other.safe_at ?? 0));
  await atomically(database, ["photo_files"], (transaction) =>
    Promise.all(safe.slice(0, Math.ceil(safe.length / 2)).map(({ id }) => transaction.objectStore("photo_files").delete(id))),
  );
}
