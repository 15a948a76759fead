import type { Translation } from "../catalogue.ts";
import type { map as english } from "../en/map.ts";

export const map = {
  title: "Карта",
  label: "Карта обхода, точек: {n}. Те же точки есть в списке.",
  as_list: "Списком",
  own_position: "Показать, где я",
  read: "Снять",
  open: "Открыть",
  no_places_title: "Рисовать нечего: мест нет",
  no_places_text: "У конторы нет координат счётчиков этого обхода.",
  stop: "точка {stop}",
} as const satisfies Translation<typeof english>;
