import { useSyncExternalStore } from "react";

import { readPhone, writePhone, type PhoneDatabase, type PhoneFacts } from "../store/phone.ts";
import { detectLanguage, setLanguage, type Language } from "../words/index.ts";

export type Theme = PhoneFacts["theme"];
export type Values = { theme: Theme; language: Language; haptics: boolean };

/** How the app looks, speaks and feels on this phone, whoever holds it. */
export class Preferences {
  readonly #phone: PhoneDatabase;
  readonly #listeners = new Set<() => void>();
  #values: Values;

  private constructor(phone: PhoneDatabase, values: Values) {
    this.#phone = phone;
    this.#values = values;
  }

  static async load(phone: PhoneDatabase): Promise<Preferences> {
    const [theme, language, haptics] = await Promise.all([readPhone(phone, "theme"), readPhone(phone, "language"), readPhone(phone, "haptics")]);
    const values: Values = { theme: theme ?? "system", language: detectLanguage(language === null ? navigator.languages : [language]), haptics: haptics ?? true };
    const made = new Preferences(phone, values);
    await setLanguage(values.language);
    showTheme(values);
    return made;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  values = (): Values => this.#values;

  async choose(changes: Partial<Values>): Promise<void> {
    // A language that cannot be loaded leaves the old one standing.
    if (changes.language !== undefined) await setLanguage(changes.language);
    this.#values = { ...this.#values, ...changes };
    showTheme(this.#values);
    for (const listener of this.#listeners) listener();
    if (changes.theme !== undefined) await writePhone(this.#phone, "theme", changes.theme);
    if (changes.language !== undefined) await writePhone(this.#phone, "language", changes.language);
    if (changes.haptics !== undefined) await writePhone(this.#phone, "haptics", changes.haptics);
  }
}

export function usePreferences(preferences: Preferences): Values {
  return useSyncExternalStore(preferences.subscribe, preferences.values);
}

/** The theme as it looks now: the system's where nobody chose. */
export function shownTheme(theme: Theme): "light" | "dark" | "outdoor" {
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function showTheme({ theme, language }: Values): void {
  const { documentElement } = document;
  documentElement.lang = language;
  if (theme === "system") delete documentElement.dataset["theme"];
  else documentElement.dataset["theme"] = theme;
}
