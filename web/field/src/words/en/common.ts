/** Words that stand on many screens. */
export const common = {
  save: "Save",
  cancel: "Cancel",
  back: "Back",
  close: "Close",
  undo: "Undo",
  delete: "Delete",
  done: "Done",
} as const;
