import type { MeterSyncClient } from "@metersync/api";

import { atomically, type FieldDatabase } from "../store/database.ts";
import { readFact, writeFact } from "../store/facts.ts";
import type { News, Newsroom } from "../store/news.ts";
import type { SyncTrouble } from "../store/records.ts";
import { drain } from "./drain.ts";
import type { Ground } from "./ground.ts";
import { isDue } from "./push.ts";
import { Halted } from "./server.ts";

const EVERY_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 15 * 60_000;
/** A photo that has to go anew from its start waits so long. */
const COMES_AGAIN_MS = 60_000;

export type DrainerGround = {
  userId: string;
  client: MeterSyncClient;
  database: FieldDatabase;
  news: Newsroom;
  device: { id: string; name: string };
  appVersion: string;
  /** Those of the browser where left out. */
  locks?: Pick<LockManager, "request">;
  now?: () => number;
  random?: () => number;
};

/** How long to wait after so many failures: anything up to a bound that doubles, so that phones do not come back all at once. */
export function pauseAfter(failures: number, random: number, retryAfterMs: number | null): number {
  const bound = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 20));
  return Math.max(Math.min(retryAfterMs ?? 0, LONGEST_PAUSE_MS), Math.round(bound * random), 500);
}

/** Why a run begins by itself. */
type Occasion = "start" | "online" | "visible" | "quarter" | "due";

/**
 * The one that sends and fetches. Pages and the service worker may each have one: the lock lets one work at a time, the others find
 * nothing left to do.
 */
export class Drainer {
  readonly #ground: DrainerGround;
  readonly #locks: Pick<LockManager, "request">;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #stop = new AbortController();
  #queued: Promise<void> | null = null;
  #runs = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Infinity;
  #leaves: (() => void)[] = [];

  constructor(ground: DrainerGround) {
    this.#ground = ground;
    this.#locks = ground.locks ?? navigator.locks;
    this.#now = ground.now ?? (() => Date.now());
    this.#random = ground.random ?? Math.random;
  }

  /** Listens for what may be a reason to sync, and begins. */
  start(): void {
    const onOnline = () => {
      this.#go("online");
    };
    const onVisible = () => {
      if (document.visibilityState === "visible") this.#go("visible");
    };
    const onOffline = () => {
      this.#noteTrouble(new Halted("offline", "The browser says so."), false).catch(this.#report);
    };
    addEventListener("online", onOnline);
    addEventListener("offline", onOffline);
    document.addEventListener("visibilitychange", onVisible);
    const each = setInterval(() => {
      this.#go("quarter");
    }, EVERY_MS);
    this.#leaves = [
      this.#ground.news.listen((news) => {
        this.#hear(news);
      }),
      () => {
        removeEventListener("online", onOnline);
        removeEventListener("offline", onOffline);
        document.removeEventListener("visibilitychange", onVisible);
        clearInterval(each);
      },
    ];
    this.#go("start");
  }

  stop(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    for (const leave of this.#leaves) leave();
    this.#leaves = [];
  }

  /** Syncs now, whatever the pause after a failure is. Resolves when a run that began after this call has ended, well or not. */
  async demand(): Promise<void> {
    const { database } = this.#ground;
    await writeFact(database, "failures", null);
    await this.#endUndo();
    await this.run();
  }

  /** Whoever says "now" gives up taking back. */
  async #endUndo(): Promise<void> {
    const now = this.#now();
    await atomically(this.#ground.database, ["outbox", "photos"], async (transaction) => {
      const [outbox, photos] = [transaction.objectStore("outbox"), transaction.objectStore("photos")];
      const [items, shots] = await Promise.all([outbox.index("state").getAll("waiting"), photos.index("state").getAll("waiting")]);
      await Promise.all([
        ...items.filter((item) => item.not_before > now).map((item) => outbox.put({ ...item, not_before: now })),
        ...shots.filter((photo) => photo.not_before > now).map((photo) => photos.put({ ...photo, not_before: now })),
      ]);
    });
  }

  /** A run waits for the one under way; more than one need not wait. */
  run(): Promise<void> {
    if (this.#queued !== null) return this.#queued;
    const leaveQueue = () => {
      if (this.#queued === queued) this.#queued = null;
    };
    const queued: Promise<void> = Promise.resolve(
      this.#locks.request(`metersync-drain-${this.#ground.userId}`, async () => {
        leaveQueue();
        await this.#runOnce();
      }),
    ).finally(leaveQueue);
    this.#queued = queued;
    return queued;
  }

  #go(occasion: Occasion): void {
    this.#mayGo(occasion)
      .then((may) => (may ? this.run() : undefined))
      .catch(this.#report);
  }

  async #mayGo(occasion: Occasion): Promise<boolean> {
    const { database } = this.#ground;
    if (occasion === "start") return true;
    if (occasion === "online") await writeFact(database, "failures", null);
    const [trouble, nextTry] = await Promise.all([readFact(database, "trouble"), readFact(database, "next_try_at")]);
    if (endsTrying(trouble)) return false;
    // A server that asked for time gets it; a network may be back without a word of the browser.
    return occasion === "online" || occasion === "due" || trouble !== "server" || this.#pauseEnd(nextTry) === 0;
  }

  async #runOnce(): Promise<void> {
    if (this.#isStopped()) return;
    const { database, news, client, userId, device, appVersion } = this.#ground;
    const tell = (one: News) => {
      news.tell(one);
    };
    const ground: Ground = { userId, client, database, device, appVersion, now: this.#now, signal: this.#stop.signal, tell };
    this.#runs = true;
    try {
      if (await drain(ground)) this.#wakeIn(COMES_AGAIN_MS);
    } catch (error) {
      if (this.#isStopped()) return;
      if (!(error instanceof Halted)) {
        await this.#noteTrouble(new Halted("server", error), true);
        throw error;
      }
      await this.#noteTrouble(error, true);
    } finally {
      this.#runs = false;
    }
    await this.#wakeForDue();
  }

  readonly #report = (error: unknown): void => {
    // What fails because its store was closed under it is no fault.
    if (!this.#isStopped()) reportError(error);
  };

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #noteTrouble(halted: Halted, isFailure: boolean): Promise<void> {
    const { database, news } = this.#ground;
    const failures = ((await readFact(database, "failures")) ?? 0) + (isFailure ? 1 : 0);
    const pause = pauseAfter(Math.max(0, failures - 1), this.#random(), halted.retryAfterMs);
    const before = await readFact(database, "trouble");
    const since = before === null ? null : await readFact(database, "offline_since");
    // A phone that was shut out has no session either; why it has none is what its holder has to know.
    const trouble = halted.trouble === "signed_out" && before === "revoked" ? before : halted.trouble;
    // Without a sign-in no try can succeed.
    const comesBack = !endsTrying(halted.trouble);
    await atomically(database, ["facts"], (transaction) => {
      const facts = transaction.objectStore("facts");
      return Promise.all([
        facts.put(trouble, "trouble"),
        facts.put(failures, "failures"),
        facts.put(since ?? this.#now(), "offline_since"),
        comesBack ? facts.put(this.#now() + pause, "next_try_at") : facts.delete("next_try_at"),
      ]);
    });
    news.tell({ kind: "facts" });
    if (comesBack) this.#wakeIn(pause);
  }

  #hear(news: News): void {
    // A run looks for what is due by itself, and again at its end.
    if (news.kind === "outbox" && !this.#runs) this.#wakeForDue().catch(this.#report);
  }

  /** Wakes when the undo time of the next item is over, unless a pause after a failure ends later. */
  async #wakeForDue(): Promise<void> {
    if (this.#isStopped()) return;
    const { database } = this.#ground;
    // The oldest are the first to be due.
    const [items, nextTry, trouble] = await Promise.all([database.getAllFromIndex("outbox", "state", "waiting", 20), readFact(database, "next_try_at"), readFact(database, "trouble")]);
    if (endsTrying(trouble) || items.length === 0) return;
    const now = this.#now();
    const soonest = Math.min(...items.map(({ not_before: at }) => (isDue(at, now) ? now : at)));
    this.#wakeIn(Math.max(soonest, this.#pauseEnd(nextTry)) - now + 50);
  }

  /** 0: no pause, or one that a clock wrote that was wrong then. */
  #pauseEnd(nextTry: number | null): number {
    const now = this.#now();
    return nextTry !== null && nextTry > now && nextTry - now <= LONGEST_PAUSE_MS ? nextTry : 0;
  }

  #wakeIn(ms: number): void {
    if (this.#isStopped()) return;
    const at = this.#now() + ms;
    if (at >= this.#timerAt && this.#timerAt > this.#now()) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      this.#go("due");
    }, ms);
  }
}

function endsTrying(trouble: SyncTrouble | null): boolean {
  return trouble === "signed_out" || trouble === "revoked" || trouble === "disabled";
}
