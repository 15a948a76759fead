import type { Catalogue, Entry, Key, Params, ParamsOf } from "./catalogue.ts";
import { en } from "./en/index.ts";
import { gap } from "./gap.ts";

export type { Key, Params, ParamsOf } from "./catalogue.ts";

export type Language = "en" | "fr" | "es" | "ru" | "hi";

/** Named in their own words. */
export const LANGUAGES: readonly { code: Language; name: string }[] = [
  { code: "en", name: "English" },
  { code: "fr", name: "Français" },
  { code: "es", name: "Español" },
  { code: "ru", name: "Русский" },
  { code: "hi", name: "हिन्दी" },
];

// English is in the app itself; the others are files of their own, which the service worker keeps for when there is no network.
const LOADERS: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: () => Promise.resolve(en),
  fr: async () => (await import("./fr/index.ts")).fr,
  es: async () => (await import("./es/index.ts")).es,
  ru: async () => (await import("./ru/index.ts")).ru,
  hi: async () => (await import("./hi/index.ts")).hi,
};

const ENGLISH: Catalogue = en;

type Tongue = { code: Language; catalogue: Catalogue; plurals: Intl.PluralRules; numbers: Intl.NumberFormat };

const listeners = new Set<() => void>();
const english = tongue("en", ENGLISH);
let current = english;
let asked: Language = "en";

export function language(): Language {
  return current.code;
}

/**
 * Changes what every text is said in; of several at a time the last one asked for holds.
 * @throws when its catalogue cannot be loaded; the language stays as it was.
 */
export async function setLanguage(code: Language): Promise<void> {
  asked = code;
  const loaded = await LOADERS[code]();
  if (asked !== code || current.code === code) return;
  current = tongue(code, loaded);
  for (const listener of [...listeners]) listener();
}

/** Calls the listener after each change of language, until the function that it answers is called. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The first of the preferred languages (BCP 47, as `navigator.languages`) that there is a catalogue for; English where there is none. */
export function detectLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const wanted = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find(({ code }) => code === wanted);
    if (found !== undefined) return found.code;
  }
  return "en";
}

/**
 * The text of a key in the language of now. Numbers are set as the language sets them; a text in several plural forms is chosen by `n`.
 * What is missing in the language is said in English.
 * @throws in tests and development where a key or a parameter is missing; a build for users reports it and shows the name of what lacks.
 */
export function t<Wanted extends Key>(key: Wanted, ...[params]: ParamsOf<Wanted>): string {
  const given: Params = params ?? {};
  const entry = find(current.catalogue, key);
  if (entry !== undefined) return fill(key, entry, given, current);
  if (current.code !== "en") gap(`The text ${key} is missing in ${current.code}.`);
  const fallback = find(ENGLISH, key);
  if (fallback !== undefined) return fill(key, fallback, given, english);
  gap(`There is no text ${key}.`);
  return key;
}

export type Say = typeof t;

function tongue(code: Language, catalogue: Catalogue): Tongue {
  return { code, catalogue, plurals: new Intl.PluralRules(code), numbers: new Intl.NumberFormat(code) };
}

function find(catalogue: Catalogue, key: string): Entry | undefined {
  const dot = key.indexOf(".");
  return catalogue[key.slice(0, dot)]?.[key.slice(dot + 1)];
}

function fill(key: string, entry: Entry, params: Params, { plurals, numbers }: Tongue): string {
  const text = typeof entry === "string" ? entry : pluralOf(key, entry, params["n"], plurals);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    if (typeof value === "number") return numbers.format(value);
    if (value === undefined) gap(`The text ${key} lacks {${name}}.`);
    return value ?? name;
  });
}

function pluralOf(key: string, entry: Exclude<Entry, string>, n: string | number | undefined, plurals: Intl.PluralRules): string {
  if (typeof n !== "number") gap(`The text ${key} needs the number {n}.`);
  const text = entry[plurals.select(Number(n ?? 0))] ?? entry.other;
  if (text === undefined) gap(`The text ${key} has no form for ${n ?? "no number"}.`);
  return text ?? key;
}
