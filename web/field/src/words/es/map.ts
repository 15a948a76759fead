import type { Translation } from "../catalogue.ts";
import type { map as english } from "../en/map.ts";

export const map = {
  title: "Mapa",
  label: "Mapa del recorrido: {n} paradas. Las mismas paradas están en la lista.",
  as_list: "En lista",
  own_position: "Mostrar dónde estoy",
  read: "Leer",
  open: "Abrir",
  no_places_title: "No hay posiciones que dibujar",
  no_places_text: "La oficina no tiene posiciones de los contadores de este recorrido.",
  stop: "parada {stop}",
} as const satisfies Translation<typeof english>;
