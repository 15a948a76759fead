/** An exact decimal: `units` × 10^-`scale`. Binary floats cannot hold 0.1, and a counter's last digit decides. */
export type Decimal = { readonly units: bigint; readonly scale: number };

const WRITTEN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Longer ones are no meter's: a text of a million digits would stop the page. */
const LONGEST = 100;

/** Reads "831.742", "-5", "1e-7"; numbers as JavaScript writes them, which is what the server sent. null: no decimal. */
export function parseDecimal(text: string | number): Decimal | null {
  const written = String(text);
  const parts = written.length > LONGEST ? null : WRITTEN.exec(written);
  if (parts === null) return null;
  const [, sign = "", whole = "", fraction = "", power = "0"] = parts;
  if (whole === "" && fraction === "") return null;
  const units = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = fraction.length - Number(power);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** As `parseDecimal`, of what is known to be one. @throws RangeError */
export function decimal(text: string | number): Decimal {
  const parsed = parseDecimal(text);
  if (parsed === null) throw new RangeError(`"${text}" is no decimal.`);
  return parsed;
}

export function powerOfTen(exponent: number): Decimal {
  return { units: 10n ** BigInt(exponent), scale: 0 };
}

export function add(one: Decimal, other: Decimal): Decimal {
  const scale = Math.max(one.scale, other.scale);
  return { units: unitsAt(one, scale) + unitsAt(other, scale), scale };
}

export function subtract(one: Decimal, other: Decimal): Decimal {
  return add(one, { units: -other.units, scale: other.scale });
}

export function multiply(one: Decimal, other: Decimal): Decimal {
  return { units: one.units * other.units, scale: one.scale + other.scale };
}

/** Rounded half-even to `places`. @throws RangeError when divided by zero. */
export function divide(one: Decimal, other: Decimal, places: number): Decimal {
  const top = one.units * 10n ** BigInt(places + other.scale);
  const bottom = other.units * 10n ** BigInt(one.scale);
  return { units: halfEven(top, bottom), scale: places };
}

/** Negative, zero or positive, as `one` is below, equal to or above `other`. */
export function compare(one: Decimal, other: Decimal): number {
  const scale = Math.max(one.scale, other.scale);
  const difference = unitsAt(one, scale) - unitsAt(other, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isNegative(value: Decimal): boolean {
  return value.units < 0n;
}

export function magnitude(value: Decimal): Decimal {
  return value.units < 0n ? { units: -value.units, scale: value.scale } : value;
}

/** Digits after the point that say something: 2 of 12.50 is 1. */
export function placesOf(value: Decimal): number {
  let { units, scale } = value;
  while (scale > 0 && units % 10n === 0n) [units, scale] = [units / 10n, scale - 1];
  return scale;
}

/** "831.742", "-5": no trailing zeros, no exponent; what `parseDecimal` reads back. */
export function formatDecimal(value: Decimal): string {
  const places = placesOf(value);
  const digits = String(magnitude(value).units / 10n ** BigInt(value.scale - places)).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return (value.units < 0n ? "-" : "") + whole + (places === 0 ? "" : `.${digits.slice(-places)}`);
}

/** For drawing and for words, never for judging. */
export function toNumber(value: Decimal): number {
  return Number(formatDecimal(value));
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function halfEven(top: bigint, bottom: bigint): bigint {
  if (bottom === 0n) throw new RangeError("Divided by zero.");
  const negative = top < 0n !== bottom < 0n;
  const [over, under] = [top < 0n ? -top : top, bottom < 0n ? -bottom : bottom];
  const whole = over / under;
  const twice = (over % under) * 2n;
  const rounded = twice > under || (twice === under && whole % 2n === 1n) ? whole + 1n : whole;
  return negative ? -rounded : rounded;
}
