import { createHash, randomUUID } from "node:crypto";

import type { Receipt } from "../../src/store/records.ts";
import { takeUpload, type Upload } from "./uploads.ts";

export type Item = { client_id: string; entity: string; payload: Record<string, unknown> };
export type Held = { body: string; server_id: string; receipt: Receipt };
export type HeldPhoto = { id: string; sha256: string; size: number; of: string | null; upload: Upload; isComplete: boolean };
export type Asked = { method: string; path: string; query: URLSearchParams; headers: Headers; body: Uint8Array };
export type Change = { entity: string; id: string; version: number | null; deleted: boolean; data: unknown };

/** What goes wrong with one request: before the office hears of it, after it did, in its middle, or by its own word. */
export type Fault =
  | { kind: "lost_request" | "lost_answer" | "cut" }
  | { kind: "answer"; status: number; code: string | null; headers?: Record<string, string> };

/** An office as docs/sync.md promises it, in memory, to be put in the place of `fetch`. */
export class Office {
  epoch: string = randomUUID();
  session: "lives" | "ended" | "withdrawn" = "lives";
  token = "t1";
  readonly asked: Asked[] = [];
  /** Held items by client_id, and how often each was applied. */
  held = new Map<string, Held>();
  readonly applied = new Map<string, number>();
  photos = new Map<string, HeldPhoto>();
  changes: Change[] = [];
  /** Forgotten before this place: an older cursor is answered with a reset. */
  oldest = 0;
  most = 1000;
  mostBytes = Infinity;
  fault: (asked: Asked) => Fault | null = () => null;
  /** What becomes of an item that is not held yet; null: it is taken. */
  refuse: (item: Item) => string | null = () => null;
  #seq = 0;
  #chain = "0".repeat(64);

  readonly fetch = async (input: URL | string | Request, init: RequestInit = {}): Promise<Response> => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const asked: Asked = { method: request.method, path: url.pathname, query: url.searchParams, headers: request.headers, body: new Uint8Array(await request.arrayBuffer()) };
    await new Promise((resolve) => setImmediate(resolve));
    if (init.signal?.aborted === true) throw new DOMException("gone", "AbortError");
    this.asked.push(asked);
    const fault = this.fault(asked);
    if (fault?.kind === "lost_request") throw new TypeError("Failed to fetch");
    if (fault?.kind === "answer") return fault.code === null ? new Response("<html>Sign in to the Wi-Fi</html>", { status: fault.status, ...(fault.headers === undefined ? {} : { headers: fault.headers }) }) : refusal(fault.status, fault.code, fault.headers);
    const answer = this.#answer(fault?.kind === "cut" ? { ...asked, body: asked.body.subarray(0, asked.body.length / 2) } : asked, fault?.kind === "cut");
    if (fault !== null) throw new TypeError("Failed to fetch");
    return answer;
  };

  /** Puts the data back as they were, which begins another life of them. */
  restore(held: ReadonlyMap<string, Held>): void {
    this.held = new Map(held);
    this.photos = new Map();
    this.epoch = randomUUID();
  }

  of(path: string): readonly Asked[] {
    return this.asked.filter((asked) => asked.path === path);
  }

  #answer(asked: Asked, isCut: boolean): Response {
    const { method, path, headers } = asked;
    if (path === "/api/v1/auth/refresh") return this.#refresh(headers);
    if (headers.get("authorization") !== `Bearer ${this.token}`) return refusal(401, "auth.required");
    // Half of a document is none.
    if (isCut && method !== "PATCH") return refusal(400, "request.malformed");
    if (path === "/api/v1/readings/sync") return this.#push(asked);
    if (path === "/api/v1/sync/changes") return this.#tell(asked.query);
    if (path === "/api/v1/sync/receipts") return this.#receipts(asked.query);
    if (path === "/api/v1/photos/presigned-url") return this.#announce(json(asked));
    if (path === "/api/v1/photos/complete") return this.#complete(json(asked));
    const photo = this.photos.get(path.replace("/api/v1/uploads/", ""));
    return photo === undefined ? refusal(404, "upload.not_found") : takeUpload(photo.upload, asked);
  }

  #refresh(headers: Headers): Response {
    if (!headers.has("x-requested-with")) return refusal(403, "auth.foreign_cookie");
    if (this.session === "withdrawn") return refusal(401, "auth.session_withdrawn");
    return this.session === "lives" ? data({ access_token: this.token, refresh_token: null }) : refusal(401, "auth.refresh_refused");
  }

  #push({ body }: Asked): Response {
    if (body.length > this.mostBytes) return refusal(413, "request.too_large");
    const text = Buffer.from(body).toString();
    const batch = JSON.parse(text) as { device_id: string; epoch?: string; last_receipt?: Receipt; items: Item[] };
    if (batch.items.length > this.most) return refusal(413, "sync.too_many_items");
    const { last_receipt: shown } = batch;
    // A genuine receipt of this life that nobody knows here says that the end of the data is lost.
    if (shown !== undefined && batch.epoch === this.epoch && ![...this.held.values()].some(({ receipt }) => receipt.chain === shown.chain)) this.epoch = randomUUID();
    const results = batch.items.map((item, index) => ({ index, client_id: item.client_id, server_id: null, receipt: null, problem: null, ...this.#take(item) }));
    return data({ epoch: this.epoch, server_time: new Date().toISOString(), results });
  }

  #take(item: Item): Record<string, unknown> {
    const body = JSON.stringify(item);
    const before = this.held.get(item.client_id);
    if (before !== undefined) {
      const { server_id, receipt } = before;
      return before.body === body ? { status: "duplicate", server_id, receipt } : { status: "conflict", problem: { code: "sync.client_id_conflict", message: "It came before.", details: null } };
    }
    const code = this.refuse(item);
    if (code !== null) return { status: "rejected", problem: { code, message: `Refused: ${code}`, details: null } };
    this.#seq++;
    this.#chain = createHash("sha256").update(this.#chain + item.client_id + body + String(this.#seq)).digest("hex");
    const held: Held = { body, server_id: randomUUID(), receipt: { server_seq: this.#seq, chain: this.#chain, mac: createHash("sha256").update(`key${this.#chain}`).digest("hex") } };
    this.held.set(item.client_id, held);
    this.applied.set(item.client_id, (this.applied.get(item.client_id) ?? 0) + 1);
    return { status: "applied", server_id: held.server_id, receipt: held.receipt };
  }

  #tell(query: URLSearchParams): Response {
    const cursor = query.get("cursor");
    const [epoch, place] = cursor?.split("!") ?? [];
    if (cursor !== null && place === undefined) return refusal(400, "sync.cursor_invalid");
    const reset = epoch !== this.epoch || Number(place) < this.oldest;
    const from = reset ? 0 : Number(place);
    const page = this.changes.slice(from, from + Number(query.get("limit")));
    const next = from + page.length;
    return data({ epoch: this.epoch, reset, server_time: new Date().toISOString(), changes: page, cursor: `${this.epoch}!${next}`, has_more: next < this.changes.length });
  }

  #receipts(query: URLSearchParams): Response {
    const all = [...this.held.values()].map(({ receipt }) => receipt).filter(({ server_seq }) => server_seq > Number(query.get("after")));
    const items = all.slice(0, Number(query.get("limit")));
    return data({ items, next: items.length < all.length ? (items.at(-1)?.server_seq ?? 0) : null });
  }

  #announce(body: Record<string, unknown>): Response {
    const of = (body["reading_client_id"] ?? body["skip_client_id"] ?? null) as string | null;
    const known = [...this.photos.values()].find((photo) => photo.sha256 === body["sha256"] && photo.of === of);
    const photo = known ?? { id: randomUUID(), sha256: body["sha256"] as string, size: body["size"] as number, of, upload: { bytes: new Uint8Array(), length: body["size"] as number, sha256: body["sha256"] as string }, isComplete: false };
    this.photos.set(photo.id, photo);
    return data({ photo_id: photo.id, upload_url: `http://office.test/api/v1/photos/${photo.id}/content`, headers: {}, resumable_url: `http://inside.test/api/v1/uploads/${photo.id}` });
  }

  #complete(body: Record<string, unknown>): Response {
    const photo = this.photos.get(body["photo_id"] as string);
    if (photo === undefined) return refusal(404, "photo.not_found");
    if (photo.upload.bytes.length < photo.size) return refusal(409, "photo.not_uploaded");
    photo.isComplete = true;
    return data({});
  }
}

function json({ body }: Asked): Record<string, unknown> {
  return JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
}

export function data(value: unknown): Response {
  return Response.json({ success: true, data: value, message: null });
}

export function refusal(status: number, code: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ success: false, error: { code, message: `Refused: ${code}`, details: {} } }), { status, headers: { "content-type": "application/json", ...headers } });
}
