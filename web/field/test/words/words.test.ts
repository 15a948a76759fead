import { afterEach, describe, expect, it } from "vitest";

import { gap } from "../../src/words/gap.ts";
import { detectLanguage, language, onLanguage, setLanguage, t, type Key } from "../../src/words/index.ts";

/** As a key comes from elsewhere than the compiler saw. */
const say = t as (key: string, params?: Readonly<Record<string, string | number>>) => string;

afterEach(async () => {
  await setLanguage("en");
});

describe("words", () => {
  it("says a text with its parameters", () => {
    expect(t("metering.band", { value: "831.7", low: "827.1", high: "839.4" })).toBe("831.7, between 827.1 and 839.4 is usual");
  });

  it("chooses the plural form by n, and sets numbers as the language does", async () => {
    expect(t("capture.photo_preparing", { n: 1 })).toBe("Preparing 1 photo");
    expect(t("capture.photo_preparing", { n: 1234 })).toBe("Preparing 1,234 photos");
    await setLanguage("ru");
    expect([1, 3, 5, 11, 21, 22].map((n) => t("capture.photo_preparing", { n }))).toEqual([
      "Готовится 1 снимок", "Готовятся 3 снимка", "Готовятся 5 снимков", "Готовятся 11 снимков", "Готовится 21 снимок", "Готовятся 22 снимка",
    ]);
  });

  it("says millions as the language does", async () => {
    await setLanguage("fr");
    expect(t("capture.photo_preparing", { n: 1_000_000 })).toBe("Préparation de 1\u202F000\u202F000 de photos");
  });

  it("leaves a text that looks like a parameter as it was given", () => {
    expect(t("metering.short_usual", { figure: "{figure} $& $1" })).toBe("{figure} $& $1, as usual");
  });

  it("throws where a key, a parameter or a number is missing", () => {
    expect(() => say("metering.nothing")).toThrow("no text metering.nothing");
    expect(() => say("nowhere.nothing")).toThrow("no text");
    expect(() => say("metering.short_usual")).toThrow("lacks {figure}");
    expect(() => say("capture.photo_preparing", { n: "3" })).toThrow("needs the number {n}");
  });

  it("says in every language what it says in English", async () => {
    const english = t("common.save");
    const said = new Set([english]);
    for (const code of ["fr", "es", "ru", "hi"] as const) {
      await setLanguage(code);
      said.add(t("common.save"));
    }
    expect(said.size).toBe(5);
  });
});

describe("the language", () => {
  it("tells its listeners of a change, once, and not of the same again", async () => {
    const heard: string[] = [];
    const stop = onLanguage(() => heard.push(language()));
    await setLanguage("fr");
    await setLanguage("fr");
    stop();
    await setLanguage("es");
    expect(heard).toEqual(["fr"]);
  });

  it("is the one asked for last, whichever file comes first", async () => {
    await Promise.all([setLanguage("hi"), setLanguage("ru"), setLanguage("en")]);
    expect(language()).toBe("en");
    await Promise.all([setLanguage("hi"), setLanguage("ru")]);
    expect(language()).toBe("ru");
  });

  it.each([
    [["de-DE", "fr-CA", "en"], "fr"],
    [["RU"], "ru"],
    [["hi-IN"], "hi"],
    [["es-419", "en"], "es"],
    [["tlh", ""], "en"],
    [[], "en"],
  ])("of the preferred %j is %s", (preferred, expected) => {
    expect(detectLanguage(preferred)).toBe(expected);
  });
});

describe("what lacks", () => {
  it("stops who writes the app", () => {
    expect(() => { gap("stops", false); }).toThrow("stops");
  });

  it("is reported once to who works with it, and does not stop them", () => {
    const reports: string[] = [];
    const report = (error: Error): void => { reports.push(error.message); };
    gap("reported", true, report);
    gap("reported", true, report);
    gap("another", true, report);
    expect(reports).toEqual(["reported", "another"]);
  });
});

// A key that does not exist, a parameter too few and one too many are refused by the compiler.
export const refused = (): void => {
  // @ts-expect-error There is no such text.
  t("metering.nothing" satisfies Key);
  // @ts-expect-error It lacks its figure.
  t("metering.short_usual");
  // @ts-expect-error A count is a number.
  t("capture.photo_preparing", { n: "3" });
  // @ts-expect-error It takes nothing.
  t("common.save", { n: 3 });
};
