/** One element of a GS1 code: its application identifier and value. */
export type Gs1Field = { sign: string; value: string };

const SEPARATOR = "\u001d";
/** Those of fixed length, by identifier; what is not here ends with a separator. */
const FIXED: Readonly<Record<string, number>> = {
  "00": 18,
  "01": 14,
  "02": 14,
  "11": 6,
  "12": 6,
  "13": 6,
  "15": 6,
  "16": 6,
  "17": 6,
  "20": 2,
};
/** Those of varying length that stand on devices. */
const VARYING = ["10", "21", "22", "240", "241", "250", "251", "30", "37", "91", "92", "93", "94", "95", "96", "97", "98", "99", "8003", "8004"] as const;

/** The elements of a code, written with brackets or as scanners give it; none where it is no GS1 code from begin to end. */
export function gs1Fields(code: string): Gs1Field[] {
  const text = code.trim().replace(/^\][A-Za-z]\d/, "");
  if (/^\(\d{2,4}\)/.test(text)) return Array.from(text.matchAll(/\((\d{2,4})\)([^(]*)/g), ([, sign = "", value = ""]) => ({ sign, value }));
  const fields: Gs1Field[] = [];
  let rest = text;
  while (rest !== "") {
    rest = rest.startsWith(SEPARATOR) ? rest.slice(1) : rest;
    const field = firstField(rest);
    if (field === null) return [];
    fields.push(field);
    rest = rest.slice(field.sign.length + field.value.length);
  }
  return fields;
}

function firstField(text: string): Gs1Field | null {
  const length = FIXED[text.slice(0, 2)];
  if (length !== undefined) {
    const value = text.slice(2, 2 + length);
    return value.length === length && /^\d+$/.test(value) ? { sign: text.slice(0, 2), value } : null;
  }
  const sign = VARYING.find((known) => text.startsWith(known));
  if (sign === undefined) return null;
  const value = text.slice(sign.length).split(SEPARATOR, 1)[0] ?? "";
  return value === "" || value.length > 30 ? null : { sign, value };
}
