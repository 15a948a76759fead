import type { Translation } from "../catalogue.ts";
import type { common as english } from "../en/common.ts";

export const common = {
  save: "Guardar",
  cancel: "Cancelar",
  back: "Atrás",
  close: "Cerrar",
  undo: "Deshacer",
  delete: "Borrar",
  done: "Listo",
} as const satisfies Translation<typeof english>;
