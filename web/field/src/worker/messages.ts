/** What a page tells the service worker. */
export type PageMessage = { kind: "take-over" } | { kind: "version" };

export const DRAIN_TAG = "metersync-drain";
