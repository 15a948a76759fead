import type { Translation } from "../catalogue.ts";
import type { map as english } from "../en/map.ts";

export const map = {
  title: "नक्शा",
  label: "रूट का नक्शा: {n} पड़ाव। यही पड़ाव सूची में हैं।",
  as_list: "सूची में",
  own_position: "मैं कहाँ हूँ, दिखाएँ",
  read: "पढ़ें",
  open: "खोलें",
  no_places_title: "दिखाने को कोई जगह नहीं",
  no_places_text: "दफ़्तर के पास इस रूट के मीटरों की जगह नहीं है।",
  stop: "पड़ाव {stop}",
} as const satisfies Translation<typeof english>;
