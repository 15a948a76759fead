import { useCallback, useEffect, useRef, useState } from "react";

import { mark } from "../app/marks.ts";
import { useWork } from "../app/work.ts";
import { preparePhoto, PhotoRefused, type PhotoCode } from "../capture/photo.ts";
import { pickFiles } from "../capture/pick.ts";
import { isQuotaError, readSpace, roomForPhotos, TYPICAL_PHOTO_BYTES, type PhotoRoom } from "../capture/storage.ts";
import { uuidv7 } from "../store/identity.ts";
import type { Photo } from "../store/records.ts";
import { discardPhoto, savePhoto } from "../store/saving.ts";

/** The server takes as many with one reading. */
const MOST_PHOTOS = 10;

/** not_here: what prepares photos was never loaded, as on a phone that lost its network in the middle of the first visit to the app. */
export type PhotoTrouble = { kind: "refused"; code: PhotoCode | "not_here" } | { kind: "full" };

export type Photos = {
  photos: readonly Photo[];
  /** How many are being prepared now. */
  preparing: number;
  trouble: PhotoTrouble | null;
  /** What fits still; null until it was asked. */
  room: PhotoRoom | null;
  isFull: boolean;
  take: (camera: boolean) => Promise<void>;
  remove: (photo: Photo) => Promise<void>;
};

/** Photos of a visit that is not saved yet: each is on the disk as soon as it is listed. */
export function usePhotos(subject: Photo["subject"], title: string): Photos {
  const { database } = useWork();
  const [photos, setPhotos] = useState<readonly Photo[]>([]);
  const [preparing, setPreparing] = useState(0);
  const [trouble, setTrouble] = useState<PhotoTrouble | null>(null);
  const [room, setRoom] = useState<PhotoRoom | null>(null);
  const count = useRef(0);
  count.current = photos.length + preparing;

  const measure = useCallback(async (average: number) => {
    const now = roomForPhotos(await readSpace(), average);
    setRoom(now);
    return now;
  }, []);
  useEffect(() => {
    measure(TYPICAL_PHOTO_BYTES).catch(reportError);
  }, [measure]);

  const keep = useCallback(
    async (file: File) => {
      setPreparing((n) => n + 1);
      try {
        const prepared = await preparePhoto(file);
        // Readings come before photos: the last space is theirs.
        if ((await measure(Math.max(prepared.size, TYPICAL_PHOTO_BYTES))).state === "none") {
          setTrouble({ kind: "full" });
          return;
        }
        const photo = photoOf(prepared, subject, title);
        await savePhoto(database, photo, prepared.blob);
        mark("photo-stored");
        setPhotos((all) => [...all, photo]);
      } catch (error) {
        if (error instanceof PhotoRefused) setTrouble({ kind: "refused", code: error.code });
        else if (isQuotaError(error)) setTrouble({ kind: "full" });
        // What a script that cannot be loaded fails with.
        else if (error instanceof TypeError) {
          setTrouble({ kind: "refused", code: "not_here" });
          reportError(error);
        }
        else throw error;
      } finally {
        setPreparing((n) => n - 1);
      }
    },
    [database, measure, subject, title],
  );

  const take = useCallback(
    async (camera: boolean) => {
      const files = await pickFiles("image/*", camera ? "environment" : undefined);
      if (files.length === 0) return;
      setTrouble(null);
      mark("photo-begin");
      await Promise.all(files.slice(0, Math.max(0, MOST_PHOTOS - count.current)).map(keep));
    },
    [keep],
  );
  const remove = useCallback(
    async (photo: Photo) => {
      await discardPhoto(database, photo.id);
      setPhotos((all) => all.filter((one) => one.id !== photo.id));
    },
    [database],
  );

  return { photos, preparing, trouble, room, isFull: photos.length + preparing >= MOST_PHOTOS, take, remove };
}

function photoOf(prepared: Awaited<ReturnType<typeof preparePhoto>>, subject: Photo["subject"], title: string): Photo {
  const now = Date.now();
  return {
    id: uuidv7(now),
    visit_id: null,
    subject,
    state: "waiting",
    attempts: 0,
    not_before: now,
    saved_at: now,
    size: prepared.size,
    sha256: prepared.sha256,
    width: prepared.width,
    height: prepared.height,
    taken_at: prepared.taken_at,
    place: prepared.place,
    thumbnail: prepared.thumbnail,
    title,
    photo_id: null,
    upload_url: null,
    resumable_url: null,
    headers: null,
    sent_bytes: 0,
    problem: null,
    epoch: null,
    safe_at: null,
  };
}
