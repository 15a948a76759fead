/** A file of the app: its path under /field/ ("" is the page itself) and a hash of its bytes. */
export type PrecachedFile = { path: string; hash: string };

export type Plan = {
  /** Same bytes as in an older cache: taken over. */
  copy: readonly PrecachedFile[];
  fetch: readonly PrecachedFile[];
};

/** What a new version has to load, and what it has already. @param kept path to hash, of what an older version holds. */
export function planPrecache(wanted: readonly PrecachedFile[], kept: ReadonlyMap<string, string>): Plan {
  const copy = wanted.filter(({ path, hash }) => kept.get(path) === hash);
  const taken = new Set(copy);
  return { copy, fetch: wanted.filter((file) => !taken.has(file)) };
}

export type Answer = "page" | "file" | "settings" | "network";

/**
 * Who answers a request of the app.
 * @param url Absolute. @param base "/field/".
 */
export function answerOf(url: URL, facts: { origin: string; base: string; method: string; mode: string }, files: ReadonlySet<string>): Answer {
  if (facts.method !== "GET" || url.origin !== facts.origin || !url.pathname.startsWith(facts.base)) return "network";
  const path = url.pathname.slice(facts.base.length);
  if (path === "settings.json") return "settings";
  if (files.has(path) && path !== "") return "file";
  // A path without an extension is a screen of the app.
  if (facts.mode === "navigate" && !/\.[a-z0-9]+$/i.test(path)) return "page";
  return path.startsWith("assets/") ? "file" : "network";
}
