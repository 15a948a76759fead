/** A drum of the counter. `digit` is null while nothing was typed for it; `over`: a digit more than the register has drums. */
export type CounterCell = { digit: string | null; decimal: boolean; cursor: boolean; over: boolean };

function split(text: string): { before: string; after: string | null } {
  const [before = "", after] = text.split(".", 2);
  return { before: before.replace(/\D/g, ""), after: after === undefined ? null : after.replace(/\D/g, "") };
}

/**
 * What `text` shows on a register of `digits` whole drums and `decimals` after the point. Digits fill the drums from the left, as they
 * are read off the meter. A "." says that the whole part is finished: it moves to the right behind leading zeros, and the decimals
 * fill from the left. Digits that have no drum are shown all the same, as cells with `over`. The cursor is on the first empty drum.
 */
export function fillCounter(text: string, digits: number, decimals: number): readonly CounterCell[] {
  const { before, after } = split(text);
  const whole = after === null ? before.slice(0, digits) : before.padStart(digits, "0");
  const part = after ?? before.slice(digits);
  const cells: CounterCell[] = [];
  for (let i = 0; i < Math.max(digits, whole.length); i++) {
    cells.push({ digit: whole[i] ?? null, decimal: false, cursor: false, over: i < whole.length - digits });
  }
  for (let i = 0; i < Math.max(decimals, part.length); i++) {
    cells.push({ digit: part[i] ?? null, decimal: decimals > 0 || after !== null, cursor: false, over: i >= decimals });
  }
  const next = cells.findIndex((cell) => cell.digit === null);
  return cells.map((cell, i) => (i === next ? { ...cell, cursor: true } : cell));
}

/** How many digits are still to be typed until every drum is filled. */
export function missingDigits(text: string, digits: number, decimals: number): number {
  return fillCounter(text, digits, decimals).filter((cell) => cell.digit === null).length;
}

/**
 * The value that the drums show, as decimal text without leading zeros ("831.742"); null while a drum is empty, or where there are
 * more digits than drums.
 */
export function counterText(text: string, digits: number, decimals: number): string | null {
  const cells = fillCounter(text, digits, decimals);
  if (cells.length === 0 || cells.some((cell) => cell.digit === null || cell.over)) return null;
  const shown = (decimal: boolean) =>
    cells
      .filter((cell) => cell.decimal === decimal)
      .map((cell) => cell.digit)
      .join("");
  const whole = shown(false).replace(/^0+(?=\d)/, "");
  return decimals === 0 ? whole : `${whole === "" ? "0" : whole}.${shown(true)}`;
}
