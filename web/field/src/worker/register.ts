import { DRAIN_TAG, type PageMessage } from "./messages.ts";

const CHECK_APART_MS = 3_600_000;

/**
 * Installs the service worker, where the browser has such.
 * @param onUpdate a new version is on the phone and waits; `takeOver` makes it the one, and loads this page again.
 */
export async function registerWorker({ onUpdate }: { onUpdate: (takeOver: () => void) => void }): Promise<void> {
  // Absent in private windows of some browsers, and on pages without TLS.
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const registration = await navigator.serviceWorker.register(`${import.meta.env.BASE_URL}sw.js`, { scope: import.meta.env.BASE_URL });
  let reloading = false;
  const offer = (worker: ServiceWorker) => {
    onUpdate(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => {
        if (reloading) return;
        reloading = true;
        location.reload();
      });
      worker.postMessage({ kind: "take-over" } satisfies PageMessage);
    });
  };
  // The first worker of all waits for nobody.
  if (registration.waiting !== null && navigator.serviceWorker.controller !== null) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller !== null) offer(worker);
    });
  });

  let checkedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || !navigator.onLine || Date.now() - checkedAt < CHECK_APART_MS) return;
    checkedAt = Date.now();
    // Without network there is nothing new to hear of; the next time will do.
    registration.update().catch(() => undefined);
  });
}

type SyncRegistration = ServiceWorkerRegistration & { sync?: { register: (tag: string) => Promise<void> } };

/** Asks the browser to wake the service worker when there is network, with the app closed. Where it cannot, nothing happens. */
export async function askBackgroundSync(): Promise<void> {
  if (!("serviceWorker" in navigator) || navigator.serviceWorker.controller === null) return;
  const { sync } = (await navigator.serviceWorker.ready) as SyncRegistration;
  try {
    await sync?.register(DRAIN_TAG);
  } catch (error) {
    // Refused by the person's settings: the app drains by itself while it is open.
    if (!(error instanceof DOMException)) throw error;
  }
}
