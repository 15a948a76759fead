import type { Translation } from "../catalogue.ts";
import type { units as english } from "../en/units.ts";

export const units = {
  metres: "{n}\u202Fм",
  kilometres: "{n}\u202Fкм",
  minutes: "{n}\u202Fмин",
  hours: "{h}\u202Fч",
  hours_minutes: "{h}\u202Fч {m}\u202Fмин",
  bytes: "{n}\u202FБ",
  kilobytes: "{n}\u202FкБ",
  megabytes: "{n}\u202FМБ",
  gigabytes: "{n}\u202FГБ",
} as const satisfies Translation<typeof english>;
