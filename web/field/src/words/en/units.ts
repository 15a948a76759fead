/** Distances, sizes and times; numbers are set by the language before they come here. */
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
} as const;
