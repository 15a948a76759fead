import { describe, expect, it, vi } from "vitest";
import { askPersistence, isQuotaError, readSpace, roomForPhotos, type Space } from "../../src/capture/storage.ts";

const MB = 1_000_000;
const space = (freeMb: number, quotaMb: number): Space => ({ used: (quotaMb - freeMb) * MB, quota: quotaMb * MB, persisted: true });

describe("the room for photos", () => {
  it.each([
    // Free, quota, bytes of a photo in MB: state and how many more. Kept for readings: 5 MB, or 2% of the quota where that is more.
    { free: 200, quota: 250, photo: 0.5, state: "plenty", about: 390 },
    { free: 55, quota: 250, photo: 0.5, state: "plenty", about: 100 },
    { free: 54, quota: 250, photo: 0.5, state: "few", about: 98 },
    { free: 84, quota: 250, photo: 2, state: "few", about: 39 },
    { free: 85, quota: 250, photo: 2, state: "plenty", about: 40 },
    { free: 5.5, quota: 250, photo: 0.5, state: "few", about: 1 },
    { free: 5, quota: 250, photo: 0.5, state: "none", about: 0 },
    { free: 4, quota: 100, photo: 0.1, state: "none", about: 0 },
    { free: 19, quota: 1000, photo: 0.5, state: "none", about: 0 },
    { free: 21, quota: 1000, photo: 0.5, state: "few", about: 2 },
    { free: 0, quota: 0, photo: 0.5, state: "none", about: 0 },
    { free: -3, quota: 100, photo: 0.5, state: "none", about: 0 },
  ])("is $state with $free MB left of $quota MB, for photos of $photo MB", ({ free, quota, photo, state, about }) => {
    expect(roomForPhotos(space(free, quota), photo * MB)).toEqual({ state, about });
  });

  it("warns before it refuses, whatever the quota", () => {
    for (const quota of [60, 300, 2_000, 40_000]) {
      const states: string[] = [];
      for (let free = quota; free >= 0; free -= 0.25) {
        const { state } = roomForPhotos(space(free, quota), 0.4 * MB);
        if (states.at(-1) !== state) states.push(state);
      }
      expect(states, `${quota} MB`).toEqual(["plenty", "few", "none"]);
    }
  });

  it("is unknown where the browser tells no quota, and photos are taken", () => {
    expect(roomForPhotos({ used: 0, quota: null, persisted: false }, 0.5 * MB)).toEqual({ state: "plenty", about: null });
  });
});

describe("the storage of the phone", () => {
  it("is not asked for again when it is kept already", async () => {
    const persist = vi.fn(() => Promise.resolve(true));
    expect(await askPersistence({ persisted: () => Promise.resolve(true), persist })).toBe(true);
    expect(persist).not.toHaveBeenCalled();
    expect(await askPersistence({ persisted: () => Promise.resolve(false), persist })).toBe(true);
    expect(persist).toHaveBeenCalledOnce();
  });

  it("says what the browser says, and nothing it does not say", async () => {
    expect(await askPersistence({ persisted: () => Promise.resolve(false), persist: () => Promise.resolve(false) })).toBe(false);
    expect(await askPersistence({})).toBe(false);
    expect(await readSpace({ estimate: () => Promise.resolve({ usage: 3, quota: 10 }), persisted: () => Promise.resolve(true) })).toEqual({ used: 3, quota: 10, persisted: true });
    expect(await readSpace({})).toEqual({ used: 0, quota: null, persisted: false });
  });
});

describe("an error of a full phone", () => {
  it.each([
    ["by its name", new DOMException("", "QuotaExceededError")],
    ["by Firefox's name", Object.assign(new Error(""), { name: "NS_ERROR_DOM_QUOTA_REACHED" })],
    ["as the cause of another", new Error("The visit could not be stored.", { cause: new DOMException("", "QuotaExceededError") })],
    ["inside what a database wraps", Object.assign(new Error("aborted"), { name: "AbortError", inner: new DOMException("", "QuotaExceededError") })],
    ["in Chromium's words for a full disk", new DOMException("Encountered full disk while opening backing store for indexedDB.open.", "UnknownError")],
  ])("is known %s", (_, error) => {
    expect(isQuotaError(error)).toBe(true);
  });

  it.each([
    ["an aborted transaction", new DOMException("The transaction was aborted.", "AbortError")],
    ["an unknown failure", new DOMException("Internal error.", "UnknownError")],
    ["nothing", undefined],
    ["words", "QuotaExceededError"],
  ])("is not %s", (_, error) => {
    expect(isQuotaError(error)).toBe(false);
  });
});
