import type { Translation } from "../catalogue.ts";
import type { common as english } from "../en/common.ts";

export const common = {
  save: "Enregistrer",
  cancel: "Annuler",
  back: "Retour",
  close: "Fermer",
  undo: "Annuler",
  delete: "Supprimer",
  done: "Terminé",
} as const satisfies Translation<typeof english>;
