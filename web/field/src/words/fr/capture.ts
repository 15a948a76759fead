import type { Translation } from "../catalogue.ts";
import type { capture as english } from "../en/capture.ts";

export const capture = {
  photo_not_an_image: "Ce fichier n'est pas une photo. Prenez une photo ou choisissez un autre fichier.",
  photo_too_large: "Cette photo dépasse 60 mégapixels ou 40 Mo. Reprenez-la avec le réglage normal de l'appareil.",
  photo_decode_failed: "Le fichier de la photo ne s'ouvre pas. Le relevé, lui, est en sécurité. Reprenez la photo, ou envoyez sans elle.",
  photo_no_memory: "Le téléphone n'a pas assez de mémoire libre pour cette photo. Fermez d'autres applications et reprenez-la.",
  photo_not_here: "Cette partie de l'application n'est pas encore sur le téléphone. Allez une fois là où il y a du réseau, puis reprenez la photo. Les relevés s'enregistrent.",
  photo_preparing: { one: "Préparation de {n} photo", many: "Préparation de {n} de photos", other: "Préparation de {n} photos" },

  scan_no_camera: "Ce téléphone n'a pas d'appareil photo utilisable. Tapez le numéro de série.",
  scan_refused: "L'appareil photo n'est pas autorisé pour cette application. Autorisez-le dans les réglages du navigateur, ou prenez une photo du code.",
  scan_in_use: "Une autre application utilise l'appareil photo. Fermez-la et réessayez.",
  scan_unsupported: "Ici les codes ne peuvent pas être lus en direct. Prenez une photo du code, ou tapez le numéro de série.",
  scan_unreadable: "L'image ne s'ouvre pas. Reprenez-la.",
  scan_nothing_found: "Aucun code dans l'image. Approchez-vous, ou tapez le numéro de série.",

  position_searching: "Recherche de la position",
  position_found: "± {n}\u202Fm",
  position_weak: "± {n}\u202Fm, large",
  position_denied: "Position non autorisée",
  position_unavailable: "Pas de position",
  position_off: "Pas de position ici",
  position_retry: "Chercher la position à nouveau",

  space_few: { one: "Place pour environ {n} photo de plus. Les relevés tiennent toujours.", many: "Place pour environ {n} de photos de plus. Les relevés tiennent toujours.", other: "Place pour environ {n} photos de plus. Les relevés tiennent toujours." },
  space_none: "Plus de place pour des photos. Les relevés tiennent toujours. Envoyez ce qui attend, ou libérez de la place sur le téléphone.",
} as const satisfies Translation<typeof english>;
