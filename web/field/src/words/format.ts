import { language, t } from "./index.ts";

/** U+202F between groups of digits, so that a number never breaks over two lines. */
const NARROW = "\u202F";
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();

/**
 * A counter's value as the meter shows it: with its leading zeros, in groups of three ("00 831.742"; the point as the language sets it).
 * @param text Digits with a decimal point, as typed or as the server sent it. @param digits null: nobody knows.
 * @param decimals So many are shown even where they are zeros; null: those of the text.
 */
export function formatCounter(text: string, digits: number | null, decimals: number | null): string {
  const [whole = "", part = ""] = text.replace(/^[-+]/, "").split(".");
  const shown = whole.replace(/^0+(?=\d)/, "").padStart(digits ?? 0, "0");
  const grouped = shown.replace(/\B(?=(\d{3})+$)/g, NARROW);
  const fraction = decimals === null ? part : part.padEnd(decimals, "0").slice(0, Math.max(decimals, part.replace(/0+$/, "").length));
  return (text.startsWith("-") ? "−" : "") + grouped + (fraction === "" ? "" : decimalSign() + fraction);
}

/** A number as the language writes it, with its unit ("15.4 m³"). @param decimals At most so many. */
export function formatQuantity(value: number, unit: string, decimals = 3): string {
  const text = formatNumber(value, decimals);
  return unit === "" ? text : `${text}${NARROW}${unit}`;
}

/** A number as the language writes it. @param decimals At most so many. */
export function formatNumber(value: number, decimals = 3): string {
  return numberFormat({ maximumFractionDigits: decimals }).format(value).replace("-", "−");
}

/**
 * Today "10:42", this year "17 Nov 11:26", before that with the year.
 * @param at Milliseconds, or RFC 3339. @param zone IANA time zone of the site; null or unknown to the phone: the phone's own.
 */
export function formatInstant(at: number | string, zone: string | null = null, now = Date.now()): string {
  const clock = formatClock(at, zone);
  return dayOf(at, zone) === dayOf(now, zone) ? clock : `${formatDate(at, zone, now)} ${clock}`;
}

/** "18 Oct", of another year with the year. Zone as for `formatInstant`. */
export function formatDate(at: number | string, zone: string | null = null, now = Date.now()): string {
  const isThisYear = dayOf(at, zone).slice(0, 4) === dayOf(now, zone).slice(0, 4);
  return dateFormat(isThisYear ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", year: "numeric" }, zone).format(new Date(at));
}

/** "Thursday 19 November". Zone as for `formatInstant`. */
export function formatDay(at: number | string, zone: string | null = null): string {
  return dateFormat({ weekday: "long", day: "numeric", month: "long" }, zone).format(new Date(at));
}

/** "10:42". Zone as for `formatInstant`. */
export function formatClock(at: number | string, zone: string | null = null): string {
  return dateFormat({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, zone).format(new Date(at));
}

/** "60 m", "1.4 km": no finer than a walk needs. */
export function formatDistance(metres: number): string {
  if (metres < 995) return t("units.metres", { n: metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10 });
  return t("units.kilometres", { n: formatNumber(metres / 1000, metres < 9950 ? 1 : 0) });
}

/** "14.2 MB", in powers of 1000 as phones show space. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return t("units.bytes", { n: bytes });
  if (bytes < 999_500) return t("units.kilobytes", { n: Math.round(bytes / 1000) });
  if (bytes < 999_500_000) return t("units.megabytes", { n: formatNumber(bytes / 1_000_000, bytes < 99_950_000 ? 1 : 0) });
  return t("units.gigabytes", { n: formatNumber(bytes / 1_000_000_000, 1) });
}

/** "3 h 10 min"; to five minutes from an hour on. */
export function formatDuration(minutes: number): string {
  const rounded = minutes < 59.5 ? Math.max(1, Math.round(minutes)) : Math.round(minutes / 5) * 5;
  const [h, m] = [Math.floor(rounded / 60), rounded % 60];
  if (h === 0) return t("units.minutes", { n: m });
  return m === 0 ? t("units.hours", { h }) : t("units.hours_minutes", { h, m });
}

/** "2026-11-23": equal for instants of one day of the zone. */
function dayOf(at: number | string, zone: string | null): string {
  const format = cached(`day${zone ?? ""}`, () => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zoneOption(zone) })) as Intl.DateTimeFormat;
  return format.format(new Date(at));
}

function decimalSign(): string {
  return numberFormat({ minimumFractionDigits: 1 }).format(0.5).charAt(1);
}

// Making one takes a hundred times as long as using it.
function dateFormat(options: Intl.DateTimeFormatOptions, zone: string | null): Intl.DateTimeFormat {
  const locale = language() === "en" ? "en-GB" : language();
  return cached(`${locale}${zone ?? ""}${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(locale, { ...options, ...zoneOption(zone) })) as Intl.DateTimeFormat;
}

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  return cached(`n${language()}${JSON.stringify(options)}`, () => new Intl.NumberFormat(language(), options)) as Intl.NumberFormat;
}

/** Phones that were never updated do not know the zones that were named since. */
function zoneOption(zone: string | null): { timeZone?: string } {
  if (zone === null) return {};
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return { timeZone: zone };
  } catch (error) {
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function cached<Value extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => Value): Intl.DateTimeFormat | Intl.NumberFormat {
  let value = made.get(key);
  if (value === undefined) {
    value = make();
    made.set(key, value);
  }
  return value;
}
