import type { Translation } from "../catalogue.ts";
import type { map as english } from "../en/map.ts";

export const map = {
  title: "Carte",
  label: "Carte de la tournée\u00A0: {n} arrêts. Les mêmes arrêts sont dans la liste.",
  as_list: "En liste",
  own_position: "Montrer où je suis",
  read: "Relever",
  open: "Ouvrir",
  no_places_title: "Aucune position à dessiner",
  no_places_text: "Le bureau n'a pas de position pour les compteurs de cette tournée.",
  stop: "arrêt {stop}",
} as const satisfies Translation<typeof english>;
