import { gs1Fields } from "./gs1.ts";

/**
 * A serial a code may mean, and its place in the list that was given. equal: the code is the serial. field: a part of the code, set
 * apart by a sign or by GS1, is. contained: it stands somewhere in the code's letters and digits.
 */
export type SerialMatch = { serial: string; index: number; how: "equal" | "field" | "contained" };

const RANKS: readonly SerialMatch["how"][] = ["equal", "field", "contained"];
/** Shorter ones stand in any long code by chance. */
const SHORTEST_CONTAINED = 5;
const SHORTEST_WITHOUT_ZEROS = 4;
// GS1's own signs for "serial number".
const SERIAL_FIELDS: ReadonlySet<string> = new Set(["21", "250", "8004"]);

/**
 * The meters a scanned code may mean, surest first: serials equal to it before those that are a field of it before those that it
 * contains, the longest of those first. Capitals, spaces, signs, full-width forms and leading zeros do not count.
 */
export function matchSerial(code: string, serials: readonly string[]): SerialMatch[] {
  const whole = normalised(code);
  if (whole === "") return [];
  const fields = fieldsOf(code);
  const matches = serials.flatMap((serial, index): SerialMatch[] => {
    const bare = normalised(serial);
    const how = bare === "" ? null : howOf(bare, whole, fields);
    return how === null ? [] : [{ serial, index, how }];
  });
  const away = ({ serial }: SerialMatch) => Math.abs(normalised(serial).length - whole.length);
  return matches
    .filter(({ serial, how }) => how !== "contained" || !isShadowed(serial, matches))
    .sort((one, other) => RANKS.indexOf(one.how) - RANKS.indexOf(other.how) || away(one) - away(other) || one.index - other.index);
}

function howOf(bare: string, whole: string, fields: ReadonlySet<string>): SerialMatch["how"] | null {
  if (withoutZeros(bare) === withoutZeros(whole)) return "equal";
  if (fields.has(withoutZeros(bare))) return "field";
  return bare.length >= SHORTEST_CONTAINED && whole.includes(bare) ? "contained" : null;
}

/** A serial inside another one that was found means nothing. */
function isShadowed(serial: string, matches: readonly SerialMatch[]): boolean {
  const bare = normalised(serial);
  return matches.some((other) => {
    const longer = normalised(other.serial);
    return longer.length > bare.length && longer.includes(bare);
  });
}

// Serials have points and dashes of their own, some spaces as well: each way to cut may be the right one.
const CUTS: readonly RegExp[] = [/[^\p{L}\p{N}\s._-]+/u, /[^\p{L}\p{N}._-]+/u, /[^\p{L}\p{N}]+/u];

function fieldsOf(code: string): ReadonlySet<string> {
  const parts = CUTS.flatMap((cut) => code.split(cut));
  const serials = gs1Fields(code).flatMap(({ sign, value }) => (SERIAL_FIELDS.has(sign) ? [value] : []));
  const fields = new Set([...parts, ...serials].map((part) => withoutZeros(normalised(part))));
  fields.delete("");
  return fields;
}

function normalised(text: string): string {
  return text.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Only where enough is left to tell one meter from another. */
function withoutZeros(bare: string): string {
  const rest = bare.replace(/^0+/, "");
  return rest.length >= SHORTEST_WITHOUT_ZEROS ? rest : bare;
}
