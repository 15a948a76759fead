/** What an item says of the phone's clock, so that the server can mend it (docs/sync.md, Clocks). */
export type ClockFacts = { wall: string; monotonic_ms: number; boot_id: string; server_offset_ms?: number };

// A counter of this page: it stands for a run of the phone, and ends with the page.
const bootId = crypto.randomUUID();

/** The server's time as it was heard last, and the page's counter then. */
let heard: { server: number; counter: number } | null = null;
/** Less than this, the two ways to know the server's time agree. */
const AGREES_MS = 60_000;

/** The server has said what time it is; `at` on the page's counter. */
export function hearServerTime(server: number, at = performance.now()): void {
  heard = { server, counter: at };
}

/**
 * The offset for this instant. A counter may stand still while the phone sleeps, and never runs ahead: where it says that it is later than
 * clock and offset do, the clock was set back since the offset was learnt.
 */
function offsetNow(learnt: number, wall: number): number {
  if (heard === null) return learnt;
  const atLeast = heard.server + performance.now() - heard.counter;
  return atLeast - (wall + learnt) > AGREES_MS ? Math.round(atLeast - wall) : learnt;
}

export function clockNow(serverOffsetMs: number | null, wall = Date.now()): ClockFacts {
  return {
    wall: new Date(wall).toISOString(),
    monotonic_ms: Math.round(performance.now()),
    boot_id: bootId,
    ...(serverOffsetMs === null ? {} : { server_offset_ms: offsetNow(serverOffsetMs, wall) }),
  };
}
