import { describe, expect, it } from "vitest";

import type { Catalogue, Entry } from "../../src/words/catalogue.ts";
import { en } from "../../src/words/en/index.ts";
import { es } from "../../src/words/es/index.ts";
import { fr } from "../../src/words/fr/index.ts";
import { hi } from "../../src/words/hi/index.ts";
import { ru } from "../../src/words/ru/index.ts";

const ENGLISH: Catalogue = en;
const OTHERS: readonly (readonly [string, Catalogue])[] = [["fr", fr], ["es", es], ["ru", ru], ["hi", hi]];

function keysOf(catalogue: Catalogue): string[] {
  return Object.entries(catalogue).flatMap(([area, entries]) => Object.keys(entries).map((name) => `${area}.${name}`));
}

function entryOf(catalogue: Catalogue, key: string): Entry | undefined {
  const [area = "", name = ""] = key.split(".");
  return catalogue[area]?.[name];
}

function textsOf(entry: Entry): readonly string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function namesIn(entry: Entry): string {
  return [...new Set(textsOf(entry).flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort().join(" ");
}

/** Whole numbers, decimals and millions: all that the language tells apart. */
function formsOf(code: string): string[] {
  return [...new Intl.PluralRules(code).resolvedOptions().pluralCategories].sort();
}

function missingForms(code: string, catalogue: Catalogue): string[] {
  const wanted = formsOf(code);
  return keysOf(catalogue).flatMap((key) => {
    const entry = entryOf(catalogue, key) ?? "";
    return typeof entry === "string" ? [] : wanted.filter((form) => !(form in entry)).map((form) => `${key} (${form})`);
  });
}

/** An area a line, so that a translator sees at once what to do. */
function missingKeys(catalogue: Catalogue): string[] {
  return Object.entries(ENGLISH).flatMap(([area, entries]) => {
    const names = Object.keys(entries).filter((name) => catalogue[area]?.[name] === undefined);
    return names.length === 0 ? [] : [`${area}: ${names.length} of ${Object.keys(entries).length}: ${names.join(" ")}`];
  });
}

function badTexts(catalogue: Catalogue): string[] {
  return keysOf(catalogue).filter((key) => textsOf(entryOf(catalogue, key) ?? "").some((text) => text.trim() !== text || text === "" || /\{\W|\{\}|\{[^}]*$/.test(text)));
}

/** What is spelled alike in both languages, or is a name or a sign of a unit. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  fr: ["app.name", "more.version", "queue.photo_n", "queue.photos", "reading.note", "reading.photo", "reading.photo_n", "found.note"],
  es: ["app.name", "route.type_gas"],
  ru: ["app.name"],
  hi: ["app.name"],
};

function hasWords(text: string): boolean {
  return /\p{L}/u.test(text.replace(/\{\w+\}/g, ""));
}

/** Texts of the language that are letter for letter the English ones; of plurals, where any form is. */
function saidInEnglish(catalogue: Catalogue): string[] {
  return keysOf(catalogue).filter((key) => {
    const english = textsOf(entryOf(ENGLISH, key) ?? "").filter(hasWords);
    return !key.startsWith("units.") && textsOf(entryOf(catalogue, key) ?? "").some((text) => english.includes(text));
  });
}

const graphemes = new Intl.Segmenter("en");

/** In characters as people count them: a sign of Devanagari with its vowel is one. */
function lengthOf(entry: Entry | undefined): number {
  return Math.max(0, ...textsOf(entry ?? "").map((text) => [...graphemes.segment(text)].length));
}

/** Screens leave 40% more room than English takes, and two lines; what is longer than this is cut somewhere. */
function tooLong(catalogue: Catalogue): string[] {
  return keysOf(catalogue).filter((key) => lengthOf(entryOf(catalogue, key)) > 2 * lengthOf(entryOf(ENGLISH, key)) + 10);
}

describe("the catalogues", () => {
  it("English has the plural forms that English asks for", () => {
    expect(missingForms("en", ENGLISH)).toEqual([]);
  });

  it("English has no empty text, no stray space and no broken parameter", () => {
    expect(badTexts(ENGLISH)).toEqual([]);
  });

  it("English texts do not shout, beg or say Oops", () => {
    const texts = keysOf(ENGLISH).flatMap((key) => textsOf(entryOf(ENGLISH, key) ?? "").map((text) => `${key}: ${text}`));
    expect(texts.filter((text) => /!|\bplease\b|\boops\b/i.test(text))).toEqual([]);
  });

  describe.each(OTHERS)("%s", (code, catalogue) => {
    it("has every text that English has", () => {
      expect(missingKeys(catalogue), `not said in ${code} yet`).toEqual([]);
    });

    it("has no text that English has not", () => {
      const there = new Set(keysOf(ENGLISH));
      expect(keysOf(catalogue).filter((key) => !there.has(key))).toEqual([]);
    });

    it("names the parameters that English names", () => {
      const differ = keysOf(catalogue).filter((key) => {
        const [english, other] = [entryOf(ENGLISH, key), entryOf(catalogue, key)];
        return english !== undefined && other !== undefined && namesIn(english) !== namesIn(other);
      });
      expect(differ).toEqual([]);
    });

    it("has plural forms where English has them, all that its counts ask for", () => {
      const isPlural = (entry: Entry | undefined): boolean => typeof entry === "object";
      const unlike = keysOf(catalogue).filter((key) => entryOf(ENGLISH, key) !== undefined && isPlural(entryOf(ENGLISH, key)) !== isPlural(entryOf(catalogue, key)));
      expect([...unlike, ...missingForms(code, catalogue)]).toEqual([]);
    });

    it("has no empty text, no stray space and no broken parameter", () => {
      expect(badTexts(catalogue)).toEqual([]);
    });

    it("says nothing in English but names and what is spelled alike", () => {
      expect(saidInEnglish(catalogue).sort()).toEqual([...(ALIKE[code] ?? [])].sort());
    });

    it("has no text over twice as long as the English one", () => {
      expect(tooLong(catalogue)).toEqual([]);
    });

    it("does not shout", () => {
      const texts = keysOf(catalogue).flatMap((key) => textsOf(entryOf(catalogue, key) ?? "").map((text) => `${key}: ${text}`));
      expect(texts.filter((text) => /[!¡]|s'il vous plaît|por favor|пожалуйста|कृपया/i.test(text))).toEqual([]);
    });
  });

  it("Russian asks for four forms, French and Spanish for one of millions", () => {
    expect([formsOf("ru"), formsOf("fr"), formsOf("es"), formsOf("hi")]).toEqual([["few", "many", "one", "other"], ["many", "one", "other"], ["many", "one", "other"], ["one", "other"]]);
  });
});
