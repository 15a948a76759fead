import type { Translation } from "../catalogue.ts";
import type { units as english } from "../en/units.ts";

export const units = {
  metres: "{n}\u202Fमी",
  kilometres: "{n}\u202Fकिमी",
  minutes: "{n}\u202Fमिनट",
  hours: "{h}\u202Fघंटे",
  hours_minutes: "{h}\u202Fघंटे {m}\u202Fमिनट",
  bytes: "{n}\u202FB",
  kilobytes: "{n}\u202FkB",
  megabytes: "{n}\u202FMB",
  gigabytes: "{n}\u202FGB",
} as const satisfies Translation<typeof english>;
