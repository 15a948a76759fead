/** What changed in the store, told to every page and to the service worker. */
export type News =
  | { kind: "meters" | "assignments" | "office_readings" | "visits" | "outbox" | "photos"; ids: readonly string[] }
  | { kind: "all" }
  | { kind: "sync"; activity: Activity }
  | { kind: "facts" };

/** What the one drainer is doing. */
export type Activity = { phase: "idle" | "sending" | "fetching"; done: number; total: number; photos: number; photo_bytes: number };

export const IDLE: Activity = { phase: "idle", done: 0, total: 0, photos: 0, photo_bytes: 0 };

type Listener = (news: News) => void;

/** Tells listeners of this page and, by a BroadcastChannel, of all others. */
export class Newsroom {
  readonly #listeners = new Set<Listener>();
  readonly #channel: BroadcastChannel;

  constructor(userId: string) {
    this.#channel = new BroadcastChannel(`metersync-field-${userId}`);
    this.#channel.onmessage = (event: MessageEvent<News>) => {
      this.#tellHere(event.data);
    };
  }

  tell(news: News): void {
    this.#tellHere(news);
    this.#channel.postMessage(news);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
    this.#channel.close();
  }

  #tellHere(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}
