/** Chromium's offer to install the app; it comes once, early, and has to be kept until somebody wants it. */
export type InstallOffer = Event & { prompt: () => Promise<{ outcome: "accepted" | "dismissed" }> };

let offer: InstallOffer | null = null;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

if (typeof addEventListener === "function") {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event as InstallOffer;
    tell();
  });
  addEventListener("appinstalled", () => {
    offer = null;
    tell();
  });
}

export function installOffer(): InstallOffer | null {
  return offer;
}

export function onInstallOffer(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
