/// <reference lib="webworker" />
import { drainInBackground } from "../sync/background.ts";
import { DRAIN_TAG, type PageMessage } from "./messages.ts";
import { answerOf, planPrecache, type PrecachedFile } from "./precache.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: readonly PrecachedFile[];
declare const __VERSION__: string;

const BASE = import.meta.env.BASE_URL;
const PREFIX = "field-";
const CACHE = PREFIX + __VERSION__;
/** Holds what is no part of a version: the office's settings. */
const KEPT = "metersync-kept";
/** The list of a cache's files lies in it, under a path that no file has. */
const LIST = `${BASE}__precached`;
const FILES: ReadonlySet<string> = new Set(__PRECACHE__.map(({ path }) => path));

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("message", (event) => {
  const message = event.data as PageMessage;
  if (message.kind === "take-over") event.waitUntil(self.skipWaiting());
  if (message.kind === "version") event.ports[0]?.postMessage(__VERSION__);
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const answer = answerOf(new URL(request.url), { origin: self.location.origin, base: BASE, method: request.method, mode: request.mode }, FILES);
  if (answer === "page") event.respondWith(fromCache(BASE, request));
  else if (answer === "file") event.respondWith(fromCache(request.url, request));
  else if (answer === "settings") event.respondWith(settings(request, (refresh) => { event.waitUntil(refresh); }));
});

self.addEventListener("sync", ((event: ExtendableEvent & { tag: string }) => {
  if (event.tag === DRAIN_TAG) event.waitUntil(drainInBackground());
}) as EventListener);

/** All files or none: a version that lacks one would break where there is no network. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  const kept = new Map<string, string>();
  const holders = new Map<string, Cache>();
  for (const name of older) {
    const from = await caches.open(name);
    const list = await from.match(LIST);
    if (list === undefined) continue;
    for (const { path, hash } of (await list.json()) as readonly PrecachedFile[]) {
      kept.set(path, hash);
      holders.set(path, from);
    }
  }
  const plan = planPrecache(__PRECACHE__, kept);
  await Promise.all([
    ...plan.copy.map(async (file) => {
      const held = await holders.get(file.path)?.match(BASE + file.path);
      await (held === undefined ? load(cache, file) : cache.put(BASE + file.path, held));
    }),
    ...plan.fetch.map((file) => load(cache, file)),
  ]);
  await keepSettings();
  await cache.put(LIST, new Response(JSON.stringify(__PRECACHE__), { headers: { "content-type": "application/json" } }));
}

/** The page asked for them before this worker was there. Without them the app has its defaults. */
async function keepSettings(): Promise<void> {
  const url = new URL(`${BASE}settings.json`, self.location.origin).href;
  await freshSettings(new Request(url));
}

async function load(cache: Cache, { path }: PrecachedFile): Promise<void> {
  const response = await fetch(BASE + path, { cache: path.startsWith("assets/") ? "default" : "reload" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await cache.put(BASE + path, response);
}

/** The version before stays until the next one comes: pages of it that are open may still load parts. */
async function activate(): Promise<void> {
  const versions = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(versions.slice(0, -1).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromCache(url: string, request: Request): Promise<Response> {
  const own = await (await caches.open(CACHE)).match(url);
  if (own !== undefined) return own;
  const older = await caches.match(url);
  return older ?? fetch(request);
}

/** Those that are kept, at once: a network that is there and does not answer must not keep anybody from opening the app. Fresh ones are there the next time. */
async function settings(request: Request, later: (refresh: Promise<unknown>) => void): Promise<Response> {
  const kept = await (await caches.open(KEPT)).match(request.url);
  const fresh = freshSettings(request);
  if (kept === undefined) return fresh;
  later(fresh);
  return kept;
}

async function freshSettings(request: Request): Promise<Response> {
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await (await caches.open(KEPT)).put(request.url, fresh.clone());
    return fresh;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return Response.error();
  }
}
