import { withoutParts, type CodeFormat, type ScannedCode } from "./codes.ts";

/** Without a check digit of their own, these are sometimes read where there are only stripes: two frames have to agree. */
const UNCHECKED: ReadonlySet<CodeFormat> = new Set(["code_39", "itf", "codabar"]);
/** After so many milliseconds out of sight a code counts as shown anew. */
const FORGET_MS = 1_500;

/** What is in view of the camera, so that a code is told once however long it is held there. */
export class Sightings {
  readonly #seen = new Map<string, { frames: number; at: number; told: boolean }>();

  /** The codes of a frame at `now` (milliseconds) that are to be told. */
  add(codes: readonly ScannedCode[], now: number): ScannedCode[] {
    for (const [key, { at }] of this.#seen) if (now - at > FORGET_MS) this.#seen.delete(key);
    const fresh: ScannedCode[] = [];
    const inFrame = new Set<string>();
    for (const code of withoutParts(codes)) {
      const key = `${code.format} ${code.text}`;
      if (inFrame.has(key)) continue;
      inFrame.add(key);
      const seen = this.#seen.get(key) ?? { frames: 0, at: now, told: false };
      seen.frames += 1;
      seen.at = now;
      this.#seen.set(key, seen);
      if (seen.told || seen.frames < (UNCHECKED.has(code.format) ? 2 : 1)) continue;
      seen.told = true;
      fresh.push(code);
    }
    return fresh;
  }
}
