import type { Translation } from "../catalogue.ts";
import type { common as english } from "../en/common.ts";

export const common = {
  save: "Сохранить",
  cancel: "Отмена",
  back: "Назад",
  close: "Закрыть",
  undo: "Отменить",
  delete: "Удалить",
  done: "Готово",
} as const satisfies Translation<typeof english>;
