import type { MeterSyncError } from "@metersync/api";

import { readFact, writeFact } from "../store/facts.ts";
import { Progress, type Ground } from "./ground.ts";
import { tidy } from "./housekeeping.ts";
import { sendNextPhoto, type PhotoRound } from "./photos.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { checkEviction } from "./receipts.ts";
import { Halted, haltOf } from "./server.ts";

const DAY_MS = 86_400_000;
/** Each is three short calls that wait for one another; more at once would only share the same line. */
const PHOTOS_AT_ONCE = 3;

/**
 * One run: readings, then what is new, then photos a few at a time with a look for new readings between them, then the housekeeping.
 * It may end anywhere, killed too: what was answered is kept, what was not is sent again and answered as a duplicate.
 * @returns whether something is left that another run sends. @throws Halted
 */
export async function drain(ground: Ground): Promise<boolean> {
  const { database } = ground;
  const progress = new Progress(ground);
  try {
    await openSession(ground);
    await push(ground, progress);
    // Another life of the server's data: what it may not have goes before the photos.
    if (await pull(ground, progress)) await push(ground, progress);
    const round: PhotoRound = { tried: new Set(), queue: [], setback: null, comesAgain: false };
    while (await sendPhotos(ground, progress, round)) await push(ground, progress);
    await checkEviction(ground);
    await tidyDaily(ground);
    if (round.setback !== null) throw round.setback;
    await Promise.all([writeFact(database, "trouble", null), writeFact(database, "offline_since", null), writeFact(database, "failures", null), writeFact(database, "next_try_at", null)]);
    ground.tell({ kind: "facts" });
    return round.comesAgain;
  } catch (error) {
    throw await whyEnded(ground, error);
  } finally {
    progress.set({ phase: "idle", done: 0, total: 0, photos: 0, photo_bytes: 0 });
  }
}

/**
 * What ended the session says more than the request that met its end. A 401 of a session that was just renewed says more of the server
 * than of the sign-in: it is tried again, with another token.
 */
async function whyEnded({ client }: Ground, error: unknown): Promise<unknown> {
  if (!(error instanceof Halted) || error.trouble !== "signed_out") return error;
  if (client.refusal !== null) return endOf(client.refusal);
  await client.forget();
  return new Halted("server", error.cause);
}

/** @returns whether there were any. @throws Halted, when those that were begun have ended */
async function sendPhotos(ground: Ground, progress: Progress, round: PhotoRound): Promise<boolean> {
  const sent = await Promise.allSettled(Array.from({ length: PHOTOS_AT_ONCE }, () => sendNextPhoto(ground, progress, round)));
  let isAny = false;
  for (const one of sent) {
    if (one.status === "rejected") throw one.reason;
    isAny ||= one.value;
  }
  return isAny;
}

async function openSession({ client }: Ground): Promise<void> {
  try {
    if (!(await client.resume())) throw new Halted("signed_out", client.refusal);
  } catch (error) {
    throw haltOf(error) ?? new Halted("server", error);
  }
}

function endOf(refusal: MeterSyncError): Halted {
  const halted = haltOf(refusal);
  return halted?.trouble === "revoked" ? halted : new Halted("signed_out", refusal);
}

async function tidyDaily(ground: Ground): Promise<void> {
  const last = (await readFact(ground.database, "tidied_at")) ?? 0;
  if (Math.abs(ground.now() - last) < DAY_MS) return;
  await tidy(ground);
  await writeFact(ground.database, "tidied_at", ground.now());
}
