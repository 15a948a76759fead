import { MemoryTokens, MeterSyncClient, MeterSyncError, NOT_AN_ENVELOPE, UNREACHABLE } from "@metersync/api";

import type { Problem, Receipt, SyncTrouble } from "../store/records.ts";

export type PushResult = {
  index: number;
  client_id: string | null;
  status: "applied" | "duplicate" | "conflict" | "rejected";
  server_id: string | null;
  receipt: Receipt | null;
  problem: Problem | null;
};

export type PushAnswer = { epoch: string; server_time: string; results: readonly PushResult[] };

export type Change = { entity: string; id: string; version: number | null; deleted: boolean; data: unknown };

export type ChangesAnswer = { epoch: string; reset: boolean; server_time: string; changes: readonly Change[]; cursor: string; has_more: boolean };

export type PhotoTicket = { photo_id: string; upload_url: string | null; headers: Readonly<Record<string, string>> | null; resumable_url: string | null };

/** The access token lives in memory, the refresh token in a cookie that no script reads and all pages share: they renew one at a time. */
export function connect(origin = globalThis.location.origin, locks: Pick<LockManager, "request"> = navigator.locks): MeterSyncClient {
  return new MeterSyncClient({
    baseUrl: origin,
    tokens: new MemoryTokens(),
    exclusively: (renew) => locks.request("metersync-session", () => renew()) as ReturnType<typeof renew>,
  });
}

/** A run that cannot go on: why, and how long the server asks to wait. */
export class Halted extends Error {
  override readonly name = "Halted";
  readonly trouble: SyncTrouble;
  readonly retryAfterMs: number | null;

  constructor(trouble: SyncTrouble, cause: unknown, retryAfterMs: number | null = null) {
    super(`Syncing stopped: ${trouble}.`, { cause });
    this.trouble = trouble;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The run's end where an answer says so; null where it is about what was sent, and the run can go on without that.
 * @throws what is no answer of a server at all
 */
export function haltOf(error: unknown): Halted | null {
  if (error instanceof Halted) return error;
  if (!(error instanceof MeterSyncError)) throw error;
  const retryAfterMs = error.retry_after_s === null ? null : error.retry_after_s * 1000;
  if (error.code === UNREACHABLE) return new Halted("offline", error);
  if (error.code === "sync.device_revoked" || error.code === "auth.session_withdrawn") return new Halted("revoked", error);
  if (error.status === 401) return new Halted("signed_out", error);
  if (error.code === "auth.forbidden") return new Halted("disabled", error);
  // A proxy, a captive portal, a server that is overloaded or starting: it says nothing of what was sent.
  if (error.code === NOT_AN_ENVELOPE || error.status === 429 || error.status >= 500 || error.status === 408) return new Halted("server", error, retryAfterMs);
  return null;
}

const OF_THE_PHONE: ReadonlySet<string> = new Set(["sync.device_missing", "sync.no_person"]);

/** Whether fewer or other items could be taken where these were refused; otherwise the refusal is about the phone, the person or the server. */
export function isAboutItems({ status, code }: MeterSyncError): boolean {
  return (status === 400 || status === 409 || status === 413 || status === 422) && !OF_THE_PHONE.has(code);
}

export function problemOf(error: MeterSyncError): Problem {
  return { code: error.code, message: error.message, details: Object.keys(error.details).length === 0 ? null : (error.details as Problem["details"]) };
}
