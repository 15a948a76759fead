/** Points in time that `bench/run.sh field-app` reads, and that cost nothing otherwise. */
export type Mark = "route-usable" | "reading-usable" | "save-begin" | "save-stored" | "search-begin" | "search-shown" | "photo-begin" | "photo-stored";

export function mark(name: Mark): void {
  performance.mark(`ms:${name}`);
}

/** Marks when what was drawn last is on the glass. */
export function markWhenShown(name: Mark): void {
  requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      mark(name);
      channel.port1.close();
    };
    channel.port2.postMessage(null);
  });
}
