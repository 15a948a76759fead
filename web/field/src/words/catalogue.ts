import type { en } from "./en/index.ts";

/** A text, or one for each plural category of its language (CLDR; chosen by the parameter `n`). */
export type Entry = string | Readonly<Partial<Record<Intl.LDMLPluralRule, string>>>;
export type Catalogue = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

/** An area in another language: the English keys and no others. Which are still missing, the catalogues' test says. */
export type Translation<Area> = { readonly [Name in keyof Area]?: Area[Name] extends string ? string : Exclude<Entry, string> };

type Areas = typeof en;
/** `area.key` for every text of the English catalogue. */
export type Key = { [Area in keyof Areas]: `${Area}.${keyof Areas[Area] & string}` }[keyof Areas];

export type Params = Readonly<Record<string, string | number>>;
type EntryOf<Wanted extends Key> = Wanted extends `${infer Area extends keyof Areas}.${infer Name}` ? (Name extends keyof Areas[Area] ? Areas[Area][Name] : never) : never;
type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type Names<Value> = Value extends string ? NamesIn<Value> : NamesIn<Value[keyof Value]> | "n";

/** The parameters that a text names, and no others. */
export type ParamsOf<Wanted extends Key> = [Names<EntryOf<Wanted>>] extends [never] ? [] : [params: { readonly [Name in Names<EntryOf<Wanted>>]: Name extends "n" ? (EntryOf<Wanted> extends string ? string | number : number) : string | number }];
