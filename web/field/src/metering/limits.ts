import { add, compare, decimal, divide, isNegative, magnitude, multiply, placesOf, powerOfTen, subtract, type Decimal } from "./decimal.ts";

export type RuleId = "VEE-101" | "VEE-103" | "VEE-104" | "VEE-105" | "VEE-106" | "VEE-107";

type Given = number | string | null | undefined;

/** What the office hands out for a register (records.ts `ExpectedLimits`); the vectors write decimals as text. */
export type Limits = {
  at: string;
  last_value?: Given;
  last_at?: string | null;
  low_value?: Given;
  high_value?: Given;
  expected_value?: Given;
  digits?: number | null;
  decimals?: number | null;
  maximum_use_per_day?: Given;
  multiplier: number | string;
  runs_backwards: boolean;
};

/**
 * `warnings`: in order of rule. `value`: as judged, counted on past the highest the meter shows where it rolled over. `use`: since the last
 * value, in the register's unit, multiplied; null where there is none to count from.
 */
export type Judgement = { warnings: readonly RuleId[]; value: Decimal; use: Decimal | null };

const DAY_MS = 86_400_000n;
/** What the server's decimals hold: 96 bits. */
const LARGEST_DIGITS = 28;
const BOUND: Decimal = { units: 2n ** 96n, scale: 0 };

/**
 * Judges a value with nothing but what the phone was handed: the `device` rules of samples/vectors/README.md.
 * @param typed With a decimal point, as typed. @throws RangeError when it, or a limit, is no decimal.
 */
export function judge(typed: Decimal | string, limits: Limits): Judgement {
  const value = typeof typed === "string" ? decimal(typed) : typed;
  const multiplier = decimal(limits.multiplier);
  const last = known(limits.last_value);
  const isTooMuch = last !== null && compare(magnitude(multiply(subtract(value, last), multiplier)), BOUND) >= 0;
  const found: RuleId[] = isTooMuch || isImpossible(value, limits, multiplier) ? ["VEE-101"] : [];
  if (isTooMuch || last === null || !isKnown(limits.last_at) || multiplier.units <= 0n) return { warnings: found, value, use: null };
  const useOf = (judged: Decimal): Decimal => multiply(subtract(judged, last), multiplier);
  if (limits.runs_backwards) return { warnings: found, value, use: useOf(value) };

  const isLower = compare(value, last) < 0;
  const judged = isLower ? rolledOver(value, last, multiplier, limits) : value;
  if (judged === null) return { warnings: [...found, "VEE-103"], value, use: useOf(value) };
  const rollover: RuleId[] = isLower ? ["VEE-104"] : [];
  return { warnings: [...found, ...rollover, ...outOfLimits(judged, last, limits)], value: judged, use: useOf(judged) };
}

function isImpossible(value: Decimal, limits: Limits, multiplier: Decimal): boolean {
  if (multiplier.units <= 0n || (isNegative(value) && !limits.runs_backwards)) return true;
  const digits = digitsOf(limits);
  if (digits === null) return false;
  return compare(magnitude(value), powerOfTen(digits)) >= 0 || (isKnown(limits.decimals) && placesOf(value) > limits.decimals);
}

/** Digits beyond what the server computes with are master data gone wrong: as good as unknown. */
function digitsOf({ digits }: Limits): number | null {
  return isKnown(digits) && digits >= 0 && digits <= LARGEST_DIGITS ? digits : null;
}

function outOfLimits(value: Decimal, last: Decimal, limits: Limits): readonly RuleId[] {
  const [low, high, expected] = [known(limits.low_value), known(limits.high_value), known(limits.expected_value)];
  const isLast = compare(value, last) === 0;
  if (high !== null && compare(value, high) > 0) return ["VEE-105"];
  if (isLast) return expected !== null && compare(expected, value) > 0 ? ["VEE-107"] : [];
  return low !== null && compare(value, low) < 0 ? ["VEE-106"] : [];
}

/** The value counted on over the last drum, where a rollover is more likely than a wrong digit; else null. */
function rolledOver(value: Decimal, last: Decimal, multiplier: Decimal, limits: Limits): Decimal | null {
  const [rate, digits] = [known(limits.maximum_use_per_day), digitsOf(limits)];
  if (digits === null || rate === null || !isKnown(limits.last_at) || isNegative(value)) return null;
  const whole = powerOfTen(digits);
  const days = divide({ units: BigInt(Date.parse(limits.at) - Date.parse(limits.last_at)), scale: 0 }, { units: DAY_MS, scale: 0 }, 2);
  if (compare(last, whole) >= 0 || days.units <= 0n) return null;
  const after = add(value, whole);
  const use = multiply(subtract(after, last), multiplier);
  return compare(divide(use, days, 6), rate) < 0 ? after : null;
}

function known(given: Given): Decimal | null {
  return isKnown(given) ? decimal(given) : null;
}

function isKnown<Value>(given: Value | null | undefined): given is Value {
  return given !== null && given !== undefined;
}
