/**
 * What is typed of one register's counter, key by key. With drums: the digits of the cells from the left, without a point, as the counter
 * draws them. Without: free text with at most one point.
 */
export type Typing = { readonly text: string };

/**
 * How the counter looks. `digits` null: nobody knows, and the value is typed freely. `decimals` null: nobody knows; with drums only the
 * whole ones are asked.
 */
export type Face = { readonly digits: number | null; readonly decimals: number | null };

export const NOTHING: Typing = { text: "" };

/** Without known drums: more than any counter has. */
const LONGEST_FREE = 15;

/**
 * @param key A digit, "." or ",". With drums a point says that the whole part is finished: it moves right, behind leading zeros. What does
 * not fit changes nothing.
 */
export function press(typing: Typing, key: string, face: Face): Typing {
  const { text } = typing;
  if (/^\d$/.test(key)) return canTake(text, face) ? { text: text + key } : typing;
  if (key !== "." && key !== ",") return typing;
  const drums = drumsOf(face);
  if (drums !== null) return text !== "" && text.length < drums.whole && drums.part > 0 ? { text: text.padStart(drums.whole, "0") } : typing;
  return face.decimals === 0 || text.includes(".") ? typing : { text: text === "" ? "0." : `${text}.` };
}

/** Takes back the last key. */
export function remove({ text }: Typing): Typing {
  return { text: text.slice(0, -1) };
}

export function clear(): Typing {
  return NOTHING;
}

/**
 * Text that comes as a whole, pasted or dictated: "831,742", "00 831.742", "00831742". Decimals that were not given stay missing.
 * null: it is no value, or this counter cannot show it; what was typed before then stands.
 */
export function paste(text: string, face: Face): Typing | null {
  const parts = /^(\d+)(?:[.,](\d*))?$/.exec(text.replace(/[\s'’]/g, ""));
  if (parts === null) return null;
  const [, written = "", fraction = ""] = parts;
  const whole = written.replace(/^0+(?=\d)/, "");
  const drums = drumsOf(face);
  if (drums === null) {
    const isTooLong = whole.length + fraction.length > LONGEST_FREE || (face.decimals !== null && fraction.length > face.decimals);
    return isTooLong ? null : { text: fraction === "" ? whole : `${whole}.${fraction}` };
  }
  if (fraction === "" && written.length === drums.whole + drums.part) return { text: written };
  return fits(whole, fraction, drums) ? { text: fill(whole, drums) + fraction } : null;
}

/** How many drums are still empty; 1 where any digit at all is missing of a free text. */
export function missing({ text }: Typing, face: Face): number {
  const drums = drumsOf(face);
  if (drums !== null) return Math.max(0, drums.whole + drums.part - text.length);
  return /^\d+(\.\d+)?$/.test(text) ? 0 : 1;
}

export function isComplete(typing: Typing, face: Face): boolean {
  return missing(typing, face) === 0;
}

/** The value with a decimal point and without leading zeros ("831.742"); null while it is not complete. */
export function valueOf(typing: Typing, face: Face): string | null {
  if (!isComplete(typing, face)) return null;
  const shown = displayText(typing, face);
  return shown.startsWith(".") ? `0${shown}` : shown.replace(/^0+(?=\d)/, "");
}

/** What stands in the cells so far, with its point: "008", "00831.7", "12."; for who cannot see the drums. */
export function displayText({ text }: Typing, face: Face): string {
  const drums = drumsOf(face);
  return drums === null || text.length <= drums.whole ? text : `${text.slice(0, drums.whole)}.${text.slice(drums.whole)}`;
}

/**
 * What the drums show of a whole value that is known from elsewhere: a photo, or a reading to correct. The server leaves zeros at the end
 * out, so that they are filled up here. null: the counter cannot show it.
 */
export function typingOf(value: string, face: Face): Typing | null {
  const parts = /^(\d+)(?:[.,](\d+))?$/.exec(value.trim());
  if (parts === null) return null;
  const [, written = "", fraction = ""] = parts;
  const whole = written.replace(/^0+(?=\d)/, "");
  const kept = fraction.replace(/0+$/, "");
  const drums = drumsOf(face);
  if (drums !== null) return fits(whole, kept, drums) ? { text: fill(whole, drums) + kept.padEnd(drums.part, "0") } : null;
  const filled = kept.padEnd(face.decimals ?? 0, "0");
  if (filled.length > (face.decimals ?? filled.length) || whole.length + filled.length > LONGEST_FREE) return null;
  return { text: filled === "" ? whole : `${whole}.${filled}` };
}

type Drums = { whole: number; part: number };

function drumsOf({ digits, decimals }: Face): Drums | null {
  return digits === null || digits + (decimals ?? 0) <= 0 ? null : { whole: digits, part: decimals ?? 0 };
}

function canTake(text: string, face: Face): boolean {
  const drums = drumsOf(face);
  if (drums !== null) return text.length < drums.whole + drums.part;
  const [whole = "", fraction] = text.split(".");
  if (fraction !== undefined && face.decimals !== null && fraction.length >= face.decimals) return false;
  return whole.length + (fraction ?? "").length < LONGEST_FREE;
}

function fits(whole: string, fraction: string, drums: Drums): boolean {
  return bare(whole).length <= drums.whole && fraction.length <= drums.part;
}

function fill(whole: string, drums: Drums): string {
  return bare(whole).padStart(drums.whole, "0");
}

/** A counter may have no whole drum at all; its zero then stands nowhere. */
function bare(whole: string): string {
  return whole === "0" ? "" : whole;
}
