import type { Stop } from "./stop.ts";

/** What can be found by: serial number, address, owner, key; without case, accents, and with serial numbers also without their gaps. */
export class StopIndex {
  readonly #rows: readonly { stop: Stop; words: string; serial: string }[];

  /** As they were given. */
  readonly all: readonly Stop[];

  constructor(stops: readonly Stop[]) {
    this.all = stops;
    this.#rows = stops.map((stop) => {
      const { serial_number: serial, address, owner, key_number: key } = stop.meter;
      return { stop, words: plain([serial, address, owner, key].filter((part) => part != null && part !== "").join("\n")), serial: withoutGaps(plain(serial)) };
    });
  }

  /** Every word must be found somewhere; those whose serial number begins or ends so come first, then in the order given. */
  find(asked: string): readonly Stop[] {
    const words = plain(asked).split(/\s+/).filter((word) => word !== "");
    if (words.length === 0) return [];
    const whole = withoutGaps(plain(asked));
    const first: Stop[] = [];
    const then: Stop[] = [];
    for (const row of this.#rows) {
      if (whole.length >= 3 && (row.serial.startsWith(whole) || row.serial.endsWith(whole))) first.push(row.stop);
      else if (words.every((word) => row.words.includes(word)) || (whole.length >= 3 && row.serial.includes(whole))) then.push(row.stop);
    }
    return [...first, ...then];
  }
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

function withoutGaps(text: string): string {
  return text.replace(/[\s\-./]+/g, "");
}
