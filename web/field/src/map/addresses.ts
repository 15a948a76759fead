/** The street of an address, and the house's number in it; null where there is none. */
export type Parts = { street: string | null; number: number | null };

const SIGN = "(?:№|No\\.?|nr\\.?|n°|д\\.|буд\\.|дом)";
const NUMBER = "\\p{Nd}{1,5}\\s?(?:\\p{L}\\p{M}*)?(?:\\s?[-/]\\s?\\p{Nd}{1,4}\\s?(?:\\p{L}\\p{M}*)?)?";
const BEFORE = new RegExp(`^(?:${SIGN}\\s*)?${NUMBER}(?=\\s|$)\\s*`, "iu");
const BEHIND = new RegExp(`(?:^|\\s+)(?:${SIGN}\\s*)?${NUMBER}$`, "iu");

/**
 * Takes an address apart: "Storegade 12B, 2. tv", "12 Main Street", "ул. Ленина, д. 5", "गांधी मार्ग १२". Of several parts between commas
 * the first with a name in it is the street.
 */
export function partsOf(address: string): Parts {
  const texts = address.split(/[,;\n]/).map((part) => part.replace(/\s+/g, " ").trim());
  const at = texts.findIndex((text) => nameIn(text) !== "");
  const text = texts[at];
  if (text === undefined) return { street: null, number: numberIn(address) };
  const street = nameIn(text);
  // "Storegade 12B", "12, Main Street" or "ул. Ленина, 5".
  const own = numberIn(text.replace(street, ""));
  const next = texts[at + 1] ?? "";
  return { street, number: own ?? numberIn(texts.slice(0, at).join(" ")) ?? (nameIn(next) === "" ? numberIn(next) : null) };
}

function nameIn(text: string): string {
  const behind = text.replace(BEHIND, "");
  const name = (behind === text ? text.replace(BEFORE, "") : behind).trim();
  return /\p{L}{2}|\p{L}\p{M}/u.test(name) ? name : "";
}

function numberIn(text: string): number | null {
  const digits = /\p{Nd}+/u.exec(text)?.[0];
  if (digits === undefined) return null;
  let value = 0;
  for (const digit of digits) value = value * 10 + valueOf(digit);
  return value;
}

/** Decimal digits stand in tens in every script: १२ is 12. */
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  for (let zero = code; ; zero--) if (code - zero === 9 || !/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) return code - zero;
}
