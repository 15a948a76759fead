import { formatCounter, formatDate, formatNumber, formatQuantity } from "../words/format.ts";
import type { Say } from "../words/index.ts";
import type { ExpectedLimits, Register } from "../store/records.ts";
import { decimal, formatDecimal, toNumber } from "./decimal.ts";
import { judge, type Judgement, type Limits, type RuleId } from "./limits.ts";

/**
 * refused: no meter shows this, and it is not saved. ask: out of limits, type it once more. remark: worth a look, nothing is asked.
 * usual: within the limits. unknown: nothing to judge by.
 */
export type Weight = "refused" | "ask" | "remark" | "usual" | "unknown";

export type Explanation = {
  weight: Weight;
  warnings: readonly RuleId[];
  /** "Four times the usual use"; "" where there is nothing to say. */
  title: string;
  /** The figures behind the title. */
  text: string;
  /** "+15.4, as usual"; null where there is no earlier value. */
  short: string | null;
  /** The value where the band draws it: past the highest that the meter shows, once it rolled over. */
  drawn: number;
};

/** Register values, for drawing. `value` null: nothing complete was typed yet. All of them go on past the highest that the meter shows. */
export type Band = { last: number; low: number; high: number; value: number | null };

// A value typed wrongly comes out lower, over the top, too high or too low; the one that repeats the last was read off a list, and
// typing it again finds nothing.
const ASKING: ReadonlySet<RuleId> = new Set(["VEE-103", "VEE-104", "VEE-105", "VEE-106"]);

/**
 * What the screen says of a complete value.
 * @param value With a decimal point. @param zone IANA time zone of the site. @throws RangeError when the value is no decimal.
 */
export function explain(words: Say, value: string, register: Register, zone: string | null = null, now = Date.now()): Explanation {
  const limits = limitsOf(register);
  const judgement = judge(value, limits);
  const weight = weightOf(judgement, limits);
  const said = sayFindings(words, judgement, limits, register, (at) => formatDate(at, zone, now));
  return { weight, warnings: judgement.warnings, ...said, short: sayShort(words, judgement, weight, register), drawn: toNumber(judgement.value) };
}

/**
 * Where the last value, the expected range and the typed value stand; null where the office has handed out no range, or the register runs
 * backwards.
 */
export function bandOf(limits: ExpectedLimits | null, explanation: Explanation | null = null): Band | null {
  const { last_value: last, low_value: low, high_value: high, runs_backwards } = limits ?? {};
  if (last === null || last === undefined || low === null || low === undefined || high === null || high === undefined) return null;
  if (runs_backwards === true || high < low) return null;
  return { last, low, high, value: explanation === null || explanation.weight === "refused" ? null : explanation.drawn };
}

/** Only what counts up has a use; of the others, and without limits, the phone knows just how many digits there are. */
function limitsOf({ limits, kind, digits, decimals, multiplier, runs_backwards }: Register): ExpectedLimits {
  return limits !== null && kind === "cumulative" ? limits : { at: "", digits, decimals, multiplier, runs_backwards: runs_backwards || kind === "instantaneous" };
}

function weightOf({ warnings, use }: Judgement, limits: ExpectedLimits): Weight {
  if (warnings.includes("VEE-101")) return isMasterDataWrong(limits) ? "remark" : "refused";
  if (warnings.some((rule) => ASKING.has(rule))) return "ask";
  if (warnings.length > 0) return "remark";
  return use === null || limits.runs_backwards || limits.high_value === null || limits.high_value === undefined ? "unknown" : "usual";
}

/** Not the reader's mistake, so that no entry could mend it. */
function isMasterDataWrong({ multiplier }: Limits): boolean {
  return decimal(multiplier).units <= 0n;
}

type Said = { title: string; text: string };

function sayFindings(words: Say, { warnings, use }: Judgement, limits: ExpectedLimits, register: Register, day: (at: string) => string): Said {
  if (warnings.includes("VEE-101")) return isMasterDataWrong(limits) ? { title: words("metering.master_data"), text: words("metering.master_data_text") } : sayImpossible(words, limits);
  const { last_value: last, last_at: lastAt } = limits;
  if (use === null || last === null || last === undefined || lastAt === null || lastAt === undefined) return { title: "", text: "" };
  const used = toNumber(use);
  const figures = { use: formatQuantity(used, register.unit, places(used)), since: day(lastAt) };
  if (warnings.includes("VEE-103")) {
    const counter = formatCounter(formatDecimal(decimal(last)), register.digits, register.decimals);
    return { title: words("metering.lower"), text: words("metering.lower_text", { last: register.unit === "" ? counter : `${counter} ${register.unit}`, since: figures.since }) };
  }
  if (warnings.includes("VEE-105")) return { title: sayTimes(words, used, last, limits), text: sayUse(words, figures, last, limits, register.unit) };
  if (warnings.includes("VEE-104")) return { title: words("metering.rolled_over"), text: sayUse(words, figures, last, limits, register.unit) };
  if (warnings.includes("VEE-106")) return { title: words("metering.low"), text: sayUse(words, figures, last, limits, register.unit) };
  if (warnings.includes("VEE-107")) return { title: words("metering.no_use", { since: figures.since }), text: words("metering.no_use_text") };
  return { title: "", text: "" };
}

function sayImpossible(words: Say, { digits, decimals }: ExpectedLimits): Said {
  const title = words("metering.impossible");
  if (digits === null || digits === undefined) return { title, text: words("metering.impossible_size_text") };
  if (decimals === null || decimals === undefined) return { title, text: words("metering.impossible_whole_text", { digits }) };
  return { title, text: words("metering.impossible_text", { digits, decimals }) };
}

/** How many times the usual use, in words up to nine. */
function sayTimes(words: Say, used: number, last: number, { expected_value: expected, multiplier }: ExpectedLimits): string {
  const usual = expected === null || expected === undefined ? 0 : (expected - last) * multiplier;
  const times = usual > 0 ? Math.round(used / usual) : 0;
  if (times < 2) return words("metering.high");
  if (times > 9) return words("metering.high_many", { n: times });
  return words(`metering.high_${times as 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}`);
}

function sayUse(words: Say, figures: { use: string; since: string }, last: number, { low_value: low, high_value: high, multiplier }: ExpectedLimits, unit: string): string {
  const again = words("metering.type_again");
  if (low === null || low === undefined || high === null || high === undefined) return `${words("metering.used", figures)} ${again}`;
  const [from, to] = [Math.max(0, (low - last) * multiplier), (high - last) * multiplier];
  return `${words("metering.used_usual", { ...figures, from: formatNumber(from, coarse(to)), to: formatQuantity(to, unit, coarse(to)) })} ${again}`;
}

function sayShort(words: Say, { use }: Judgement, weight: Weight, { unit }: Register): string | null {
  if (use === null || weight === "refused") return null;
  const used = toNumber(use);
  const [sign, size] = [used < 0 ? "−" : "+", Math.abs(used)];
  if (weight === "usual") return words("metering.short_usual", { figure: sign + formatNumber(size, places(size)) });
  return sign + formatQuantity(size, unit, places(size));
}

/** Decimals that say something of a use of this size: three digits or so. */
export function places(use: number): number {
  const size = Math.abs(use);
  return size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

/** A range needs no more than two digits: "11 to 23 m³". */
function coarse(use: number): number {
  return Math.max(0, places(use) - 1);
}
