import type { Translation } from "../catalogue.ts";
import type { common as english } from "../en/common.ts";

export const common = {
  save: "सहेजें",
  cancel: "रद्द करें",
  back: "वापस",
  close: "बंद करें",
  undo: "पहले जैसा करें",
  delete: "मिटाएँ",
  done: "हो गया",
} as const satisfies Translation<typeof english>;
