import { failureOf, MeterSyncError, NOT_AN_ENVELOPE } from "@metersync/api";

import { atomically } from "../store/database.ts";
import { readFact } from "../store/facts.ts";
import type { OutboxItem, Photo, Problem } from "../store/records.ts";
import type { Ground, Progress } from "./ground.ts";
import { isDue } from "./push.ts";
import { haltOf, problemOf, type Halted, type PhotoTicket } from "./server.ts";
import { sendBytes, UploadGone } from "./tus.ts";

/** What one run does and has done of the photos. */
export type PhotoRound = {
  tried: Set<string>;
  /** As they stood when they were listed; asked for anew when all were tried, since people go on taking photos. */
  queue: Photo[];
  /** A photo over which the server stumbled: the others go first, then the run counts as failed. */
  setback: Halted | null;
  /** Something is to be sent again from its start, though nothing failed. */
  comesAgain: boolean;
};

/**
 * Sends one photo that waits, if there is one; readings go before photos, so the caller looks for new ones between two.
 * @returns false when no photo waits that could be sent. @throws Halted
 */
export async function sendNextPhoto(ground: Ground, progress: Progress, round: PhotoRound): Promise<boolean> {
  const { database } = ground;
  if (round.queue.length === 0) round.queue = await listDue(ground, round.tried);
  progress.set({ photos: round.queue.length, photo_bytes: round.queue.reduce((sum, photo) => sum + photo.size - photo.sent_bytes, 0) });
  for (let listed = round.queue.shift(); listed !== undefined; listed = round.queue.shift()) {
    // Somebody else listed them at the same time.
    if (round.tried.has(listed.id)) continue;
    round.tried.add(listed.id);
    const photo = await database.get("photos", listed.id);
    const item = photo?.visit_id == null ? undefined : await database.get("outbox", photo.visit_id);
    // It was taken back or settled meanwhile; or it shows nothing that the office has, and waits for what becomes of its visit.
    if (photo?.state !== "waiting" || item?.state !== "safe") continue;
    progress.set({ phase: "sending" });
    await sendPhoto(ground, photo, item, round);
    return true;
  }
  return false;
}

async function listDue({ database, now }: Ground, tried: ReadonlySet<string>): Promise<Photo[]> {
  const waiting = await database.getAllFromIndex("photos", "state", "waiting");
  return waiting.filter((photo) => photo.visit_id !== null && !tried.has(photo.id) && isDue(photo.not_before, now()));
}

async function sendPhoto(ground: Ground, photo: Photo, item: OutboxItem, round: PhotoRound): Promise<void> {
  const file = await ground.database.get("photo_files", photo.id);
  if (file === undefined) {
    await change(ground, photo.id, { state: "needs_you", problem: ownProblem("field.photo_lost") });
    return;
  }
  try {
    await sendFile(ground, { ...photo, attempts: photo.attempts + 1 }, file.blob, item, true);
    await change(ground, photo.id, { state: "safe", epoch: await readFact(ground.database, "epoch"), safe_at: ground.now(), sent_bytes: photo.size, problem: null });
  } catch (error) {
    if (isBrokenFile(error)) {
      await change(ground, photo.id, { state: "needs_you", problem: ownProblem("field.photo_unreadable") });
      return;
    }
    // Whoever may send readings and no photos keeps on sending readings.
    const halted = error instanceof MeterSyncError && error.code === "auth.forbidden" ? null : haltOf(error);
    if (halted !== null) {
      if (!isStumble(error)) throw halted;
      round.setback = halted;
      return;
    }
    const refusal = error as MeterSyncError;
    // The bytes did not stay there, as after a restore: they go again from the start with the next run, unless they are others than those announced.
    if (refusal.code !== "photo.not_uploaded") await change(ground, photo.id, { ...FROM_THE_START, state: "needs_you", problem: problemOf(refusal) });
    else if (await isWhole(photo, file.blob)) {
      round.comesAgain = true;
      await change(ground, photo.id, FROM_THE_START);
    } else await change(ground, photo.id, { ...FROM_THE_START, state: "needs_you", problem: ownProblem("field.photo_unreadable") });
  }
}

const FROM_THE_START = { photo_id: null, upload_url: null, resumable_url: null, headers: null, sent_bytes: 0 } as const;

async function sendFile(ground: Ground, photo: Photo, blob: Blob, item: OutboxItem, mayBeginAnew: boolean): Promise<void> {
  const { client, signal } = ground;
  const isNew = photo.photo_id === null;
  const ticket = isNew ? await announce(ground, photo, item) : photo;
  try {
    if (ticket.resumable_url !== null) {
      await sendBytes(client, ticket.resumable_url, blob, isNew ? 0 : null, (sent) => change(ground, photo.id, { sent_bytes: sent }), signal);
    } else if (ticket.upload_url !== null) {
      await putWhole(ground, ticket.upload_url, ticket.headers ?? {}, blob);
    }
    await client.call("POST", "/api/v1/photos/complete", { body: { photo_id: ticket.photo_id, sha256: photo.sha256 }, signal });
  } catch (error) {
    const isGone = error instanceof UploadGone || (error instanceof MeterSyncError && (error.code === "photo.not_found" || error.code === "photo.not_uploaded") && !isNew);
    if (!isGone || !mayBeginAnew) throw error instanceof UploadGone ? new MeterSyncError(error.message, { status: 409, code: "photo.not_uploaded" }) : error;
    await change(ground, photo.id, FROM_THE_START);
    await sendFile(ground, { ...photo, ...FROM_THE_START }, blob, item, false);
  }
}

async function announce(ground: Ground, photo: Photo, item: OutboxItem): Promise<PhotoTicket> {
  const subject = item.entity === "reading" ? { reading_client_id: photo.visit_id } : item.entity === "skip" ? { skip_client_id: photo.visit_id } : {};
  const ticket = await ground.client.call<PhotoTicket>("POST", "/api/v1/photos/presigned-url", {
    body: { filename: `${photo.id}.jpg`, content_type: "image/jpeg", size: photo.size, sha256: photo.sha256, ...subject },
    signal: ground.signal,
  });
  await change(ground, photo.id, { photo_id: ticket.photo_id, upload_url: ticket.upload_url, resumable_url: ticket.resumable_url, headers: ticket.headers, sent_bytes: 0, attempts: photo.attempts });
  return ticket;
}

/** Straight into the storage, as S3 takes it: without our sign-in, with what was signed. */
async function putWhole({ signal }: Ground, address: string, headers: Readonly<Record<string, string>>, blob: Blob): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address, { method: "PUT", body: blob, headers: { ...headers }, signal, credentials: "omit" });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new MeterSyncError("No answer from the storage.", { status: 0, code: "client.unreachable", cause: error });
  }
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  const refusal = await failureOf(response);
  // The storage's own word, or ours, that the address holds no longer: a new one is asked for.
  if (refusal.code.startsWith("photo.link_") || (refusal.code === NOT_AN_ENVELOPE && (response.status === 400 || response.status === 403 || response.status === 404))) throw new UploadGone(refusal.message, { cause: refusal });
  throw refusal;
}

async function change({ database, tell }: Ground, id: string, changes: Partial<Photo>): Promise<void> {
  await atomically(database, ["photos"], async (transaction) => {
    const photos = transaction.objectStore("photos");
    const photo = await photos.get(id);
    // Taken back, or swept away, while it was on its way: what is gone stays gone. What a person settled meanwhile stays so.
    if (photo !== undefined) await photos.put({ ...photo, ...changes, ...(photo.state === "settled" && changes.state !== "safe" ? { state: "settled" } : {}) });
  });
  tell({ kind: "photos", ids: [id] });
}

/** Whether the file is still what was photographed. */
async function isWhole(photo: Photo, blob: Blob): Promise<boolean> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === photo.sha256.toLowerCase();
}

/** The server failed over this photo, and may do well with the next. */
function isStumble(error: unknown): boolean {
  return error instanceof MeterSyncError && (error.code === "server.error" || error.code === "photo.worker_failed");
}

function ownProblem(code: "field.photo_lost" | "field.photo_unreadable"): Problem {
  return { code, message: code, details: null };
}

/** The browser keeps large values in files of their own, and cannot always open them again. */
function isBrokenFile(error: unknown): boolean {
  const cause = error instanceof MeterSyncError ? error.cause : error;
  return cause instanceof DOMException && (cause.name === "NotReadableError" || cause.name === "NotFoundError");
}
