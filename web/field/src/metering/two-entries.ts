import { compare, decimal } from "./decimal.ts";

/**
 * Whether one register's value has to be typed again, and whether the entries agree.
 * first: type it. second: it was out of limits, type it once more; `earlier` stays hidden. differ: both are shown, the newest last, and a
 * person chooses. done: the value holds; `doubleEntered` where it was typed twice the same.
 */
export type TwoEntries =
  | { readonly step: "first" }
  | { readonly step: "second"; readonly earlier: readonly string[] }
  | { readonly step: "differ"; readonly first: string; readonly second: string; readonly earlier: readonly string[] }
  | { readonly step: "done"; readonly value: string; readonly doubleEntered: boolean };

export const FIRST_ENTRY: TwoEntries = { step: "first" };

/**
 * A complete value was typed and Save pressed. In the steps `differ` and `done` it changes nothing.
 * @param value With a decimal point. @param isAsked Whether its judgement asks for a second entry (`weight` "ask").
 */
export function enter(entries: TwoEntries, value: string, isAsked: boolean): TwoEntries {
  if (entries.step === "first") return isAsked ? { step: "second", earlier: [value] } : { step: "done", value, doubleEntered: false };
  if (entries.step !== "second") return entries;
  const { earlier } = entries;
  if (earlier.some((before) => isSame(before, value))) return { step: "done", value, doubleEntered: true };
  return { step: "differ", first: earlier.at(-1) ?? value, second: value, earlier: [...earlier, value] };
}

/** One of two entries that differ, chosen by a person: it holds, as typed once. Another value than these changes nothing. */
export function choose(entries: TwoEntries, value: string): TwoEntries {
  if (entries.step !== "differ" || ![entries.first, entries.second].some((one) => isSame(one, value))) return entries;
  return { step: "done", value, doubleEntered: false };
}

/** Neither: it is typed once more, and agrees when it is one of those typed before. */
export function typeAgain(entries: TwoEntries): TwoEntries {
  return entries.step === "differ" ? { step: "second", earlier: entries.earlier } : entries;
}

/** Back to the first entry, which is judged anew when it is entered. Only in the step `second`; what was typed is the last of `earlier`. */
export function changeFirst(entries: TwoEntries): TwoEntries {
  return entries.step === "second" ? FIRST_ENTRY : entries;
}

function isSame(one: string, other: string): boolean {
  return compare(decimal(one), decimal(other)) === 0;
}
