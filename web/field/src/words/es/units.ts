import type { Translation } from "../catalogue.ts";
import type { units as english } from "../en/units.ts";

export const units = {
  metres: "{n}\u202Fm",
  kilometres: "{n}\u202Fkm",
  minutes: "{n}\u202Fmin",
  hours: "{h}\u202Fh",
  hours_minutes: "{h}\u202Fh {m}\u202Fmin",
  bytes: "{n}\u202FB",
  kilobytes: "{n}\u202FkB",
  megabytes: "{n}\u202FMB",
  gigabytes: "{n}\u202FGB",
} as const satisfies Translation<typeof english>;
