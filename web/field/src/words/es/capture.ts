import type { Translation } from "../catalogue.ts";
import type { capture as english } from "../en/capture.ts";

export const capture = {
  photo_not_an_image: "Este archivo no es una foto. Haga una foto o elija otro archivo.",
  photo_too_large: "Esta foto pasa de 60 megapíxeles o de 40 MB. Hágala otra vez con el ajuste normal de la cámara.",
  photo_decode_failed: "El archivo de la foto no se puede abrir. La lectura está a salvo. Haga la foto otra vez o envíela sin foto.",
  photo_no_memory: "El teléfono tiene poca memoria libre para esta foto. Cierre otras aplicaciones y hágala otra vez.",
  photo_not_here: "Esta parte de la aplicación aún no está en el teléfono. Vaya una vez a donde haya red y repita la foto. Las lecturas se pueden guardar.",
  photo_preparing: { one: "Preparando {n} foto", many: "Preparando {n} de fotos", other: "Preparando {n} fotos" },

  scan_no_camera: "Este teléfono no tiene una cámara que se pueda usar. Escriba el número de serie.",
  scan_refused: "Esta aplicación no tiene permiso para la cámara. Permítalo en los ajustes del navegador o haga una foto del código.",
  scan_in_use: "Otra aplicación usa la cámara. Ciérrela e inténtelo de nuevo.",
  scan_unsupported: "Aquí no se pueden leer códigos en vivo. Haga una foto del código o escriba el número de serie.",
  scan_unreadable: "La imagen no se puede abrir. Hágala otra vez.",
  scan_nothing_found: "No hay ningún código en la imagen. Acérquese o escriba el número de serie.",

  position_searching: "Buscando la posición",
  position_found: "± {n}\u202Fm",
  position_weak: "± {n}\u202Fm, amplia",
  position_denied: "Posición no permitida",
  position_unavailable: "Sin posición",
  position_off: "Aquí no hay posición",
  position_retry: "Buscar la posición otra vez",

  space_few: { one: "Espacio para {n} foto más, más o menos. Las lecturas siempre caben.", many: "Espacio para unos {n} de fotos más. Las lecturas siempre caben.", other: "Espacio para unas {n} fotos más. Las lecturas siempre caben." },
  space_none: "No hay espacio para más fotos. Las lecturas siempre caben. Envíe lo que espera o libere espacio en el teléfono.",
} as const satisfies Translation<typeof english>;
