import type { PinState } from "./stops.ts";

export type MapTheme = "light" | "dark" | "outdoor";

/** Colours of the map; the roles of the look, in values: the map is drawn on a canvas, where style sheets do not reach. */
export type Palette = {
  ground: string;
  block: string;
  street: string;
  casing: string;
  label: string;
  walk: string;
  pin: Readonly<Record<PinState, string>>;
  onPin: string;
  hollow: string;
  cluster: string;
  onCluster: string;
  chosen: string;
  onChosen: string;
};

export const PALETTES: Readonly<Record<MapTheme, Palette>> = {
  light: {
    ground: "#EDF0EE",
    block: "#D9DFDD",
    street: "#FFFFFF",
    casing: "#D5DBD9",
    label: "#445054",
    walk: "#7FA9B5",
    pin: { todo: "#00566A", done: "#17683A", skipped: "#5B686C", problem: "#BF7600", syncing: "#17683A" },
    onPin: "#FFFFFF",
    hollow: "#FFFFFF",
    cluster: "#00566A",
    onCluster: "#FFFFFF",
    chosen: "#00566A",
    onChosen: "#FFFFFF",
  },
  dark: {
    ground: "#10181A",
    block: "#233134",
    street: "#2E3A3D",
    casing: "#0B1113",
    label: "#B4C1C4",
    walk: "#3F7E8E",
    pin: { todo: "#7FD4E9", done: "#84DBA0", skipped: "#87959A", problem: "#FFBC63", syncing: "#84DBA0" },
    onPin: "#0B1113",
    hollow: "#131B1D",
    cluster: "#4DB3CB",
    onCluster: "#001F27",
    chosen: "#C8EEF8",
    onChosen: "#001F27",
  },
  outdoor: {
    ground: "#FFFFFF",
    block: "#DADADA",
    street: "#FFFFFF",
    casing: "#000000",
    label: "#000000",
    walk: "#003B49",
    pin: { todo: "#003B49", done: "#004D1E", skipped: "#1A1A1A", problem: "#FFD60A", syncing: "#004D1E" },
    onPin: "#FFFFFF",
    hollow: "#FFFFFF",
    cluster: "#003B49",
    onCluster: "#FFFFFF",
    chosen: "#000000",
    onChosen: "#FFFFFF",
  },
};

/** One's own place, in every theme. */
export const OWN_PLACE = "#2F6FEB";
