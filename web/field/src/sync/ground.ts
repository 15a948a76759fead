import type { MeterSyncClient } from "@metersync/api";

import type { FieldDatabase } from "../store/database.ts";
import type { Activity, News } from "../store/news.ts";

/** What a drain stands on. */
export type Ground = {
  userId: string;
  client: MeterSyncClient;
  database: FieldDatabase;
  tell: (news: News) => void;
  device: { id: string; name: string };
  appVersion: string;
  /** Milliseconds of the phone's clock. */
  now: () => number;
  /** Whether the drain should stop where it stands: its page goes away. */
  signal: AbortSignal;
};

/** Headers by which the office's list of phones is kept. @param unsent as of now */
export function phoneHeaders({ device, appVersion }: Ground, unsent: number): Record<string, string> {
  return {
    "x-device-id": device.id,
    "x-unsent-count": String(unsent),
    // Names of phones are any text, headers are not.
    ...(device.name === "" ? {} : { "x-device-name": device.name.replace(/[^\x20-\x7e]/g, "?") }),
    ...(appVersion === "" ? {} : { "x-app-version": appVersion }),
  };
}

const TELL_APART_MS = 100;

/** Tells what the drain is doing, ten times a second at most; the last word always. */
export class Progress {
  readonly #tell: Ground["tell"];
  readonly #now: () => number;
  #activity: Activity = { phase: "idle", done: 0, total: 0, photos: 0, photo_bytes: 0 };
  #toldAt = -Infinity;

  constructor({ tell, now }: Ground) {
    this.#tell = tell;
    this.#now = now;
  }

  set(changes: Partial<Activity>): void {
    const phased = changes.phase !== undefined && changes.phase !== this.#activity.phase;
    this.#activity = { ...this.#activity, ...changes };
    const now = this.#now();
    if (!phased && Math.abs(now - this.#toldAt) < TELL_APART_MS) return;
    this.#toldAt = now;
    this.#tell({ kind: "sync", activity: this.#activity });
  }

  get activity(): Activity {
    return this.#activity;
  }
}
