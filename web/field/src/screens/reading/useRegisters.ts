import { useState } from "react";

import { NOTHING, paste, press, remove, typingOf, valueOf, type Typing } from "../../metering/entry.ts";
import { explain, type Explanation } from "../../metering/explain.ts";
import { changeFirst, choose, enter, FIRST_ENTRY, typeAgain, type TwoEntries } from "../../metering/two-entries.ts";
import type { Register } from "../../store/records.ts";
import { shownUnit } from "../../words/units.ts";
import type { Words } from "../../words/useWords.ts";

/** What is typed of one register, and how far the two entries are. */
export type Entry = { typing: Typing; entries: TwoEntries };

export type Registers = {
  all: readonly Entry[];
  press: (index: number, key: string) => void;
  remove: (index: number) => void;
  clear: (index: number) => void;
  /** Text that came as a whole, from a clipboard or by dictation; what is no value of this counter changes nothing. */
  paste: (index: number, text: string) => void;
  /** Puts a value that comes from elsewhere. @returns whether it fits the counter */
  set: (index: number, value: string) => boolean;
  /** Save was pressed on a complete value. @returns the entry as it is then: `done`, or asked once more */
  enter: (index: number) => Entry | null;
  changeFirst: (index: number) => void;
  choose: (index: number, value: string) => void;
  typeAgain: (index: number) => void;
};

/** What is typed of every register of a meter, with a second entry where a value is out of limits. */
export function useRegisters(words: Words, registers: readonly Register[], zone: string | null, initial: readonly (string | null)[]): Registers {
  const [all, setAll] = useState<readonly Entry[]>(() =>
    registers.map((register, index) => ({ typing: (initial[index] == null ? null : typingOf(initial[index], register)) ?? NOTHING, entries: FIRST_ENTRY })),
  );
  const change = (index: number, next: (entry: Entry, register: Register) => Entry) => {
    setAll((before) => before.map((entry, place) => {
      const register = registers[place];
      return place === index && register !== undefined ? next(entry, register) : entry;
    }));
  };
  /** What is typed anew is judged anew. */
  const typed = (entry: Entry, typing: Typing): Entry => (typing === entry.typing ? entry : { typing, entries: entry.entries.step === "done" ? FIRST_ENTRY : entry.entries });

  return {
    all,
    press: (index, key) => {
      change(index, (entry, register) => typed(entry, press(entry.typing, key, register)));
    },
    remove: (index) => {
      change(index, (entry) => typed(entry, remove(entry.typing)));
    },
    clear: (index) => {
      change(index, (entry) => typed(entry, NOTHING));
    },
    paste: (index, text) => {
      change(index, (entry, register) => typed(entry, paste(text, register) ?? entry.typing));
    },
    set: (index, value) => {
      const register = registers[index];
      const typing = register === undefined ? null : typingOf(value, register);
      if (typing !== null) change(index, () => ({ typing, entries: FIRST_ENTRY }));
      return typing !== null;
    },
    enter: (index) => {
      const [entry, register] = [all[index], registers[index]];
      if (entry === undefined || register === undefined) return null;
      const value = valueOf(entry.typing, register);
      if (value === null) return entry;
      const entries = enter(entry.entries, value, explain(words, value, register, zone).weight === "ask");
      const now: Entry = { entries, typing: entries.step === "second" && entry.entries.step !== "second" ? NOTHING : entry.typing };
      change(index, () => now);
      return now;
    },
    changeFirst: (index) => {
      change(index, ({ entries }, register) => ({ entries: changeFirst(entries), typing: (entries.step === "second" ? typingOf(entries.earlier.at(-1) ?? "", register) : null) ?? NOTHING }));
    },
    choose: (index, value) => {
      change(index, ({ entries }, register) => ({ entries: choose(entries, value), typing: typingOf(value, register) ?? NOTHING }));
    },
    typeAgain: (index) => {
      change(index, ({ entries }) => ({ entries: typeAgain(entries), typing: NOTHING }));
    },
  };
}

/** The complete value of a register, or the hidden first one, with what is to be said of it; null while digits are missing. */
export function judged(words: Words, { typing, entries }: Entry, register: Register, zone: string | null): { value: string; explanation: Explanation } | null {
  const value = entries.step === "second" ? (entries.earlier.at(-1) ?? null) : valueOf(typing, register);
  return value === null ? null : { value, explanation: explain(words, value, { ...register, unit: shownUnit(register.unit) }, zone) };
}
