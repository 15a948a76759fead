import type { ReactNode } from "react";

/** Outlines on a 24 grid, drawn with a 2 px stroke. */
const OUTLINES = {
  "cloud-up": "M7 18.5a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 18 10a4.3 4.3 0 0 1-.5 8.5zM12 16v-4.8M9.9 13l2.1-2.1 2.1 2.1",
  "cloud-check": "M7 18.5a4.5 4.5 0 0 1-.6-8.96A6 6 0 0 1 18 10a4.3 4.3 0 0 1-.5 8.5zM9.3 13.6l2 2 3.6-3.8",
  "cloud-off": "M9 5.3A6 6 0 0 1 18 10a4.3 4.3 0 0 1 2 7M16.5 18.5H7a4.5 4.5 0 0 1-.6-8.96M4 4l16 16",
  warning: "M12 4.2l8.6 15.3H3.4zM12 10v4.3M12 16.9v.01",
  search: "M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0M16 16l4.5 4.5",
  sun: "M8 12a4 4 0 1 0 8 0a4 4 0 1 0-8 0M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4",
  moon: "M20 14.2A8.3 8.3 0 0 1 9.8 4a8.3 8.3 0 1 0 10.2 10.2z",
  back: "M19 12H5.5M11 6l-6 6 6 6",
  "menu-dots": "M12 5.5v.01M12 12v.01M12 18.5v.01",
  water: "M12 3.5s6 6.4 6 10.7a6 6 0 0 1-12 0C6 9.9 12 3.5 12 3.5z",
  electric: "M13 3L5.5 13.5H11L10 21l8-11h-5.5z",
  gas: "M12.3 3c.2 3.8 5.2 5.7 5.2 11a5.5 5.5 0 0 1-11 0c0-2 .9-3.5 2.1-4.7.2 1.5.8 2.4 1.7 2.7C10 9 10.8 5.5 12.3 3z",
  heat: "M10 13.3V5.5a2 2 0 0 1 4 0v7.8a4 4 0 1 1-4 0zM12 10.5v6",
  navigate: "M12 3.5l7 16.5-7-4-7 4z",
  scan:
    "M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8M16 4h2.5A1.5 1.5 0 0 1 20 5.5V8M20 16v2.5a1.5 1.5 0 0 1-1.5 1.5H16M8 20H5.5A1.5 1.5 0 0 1 4 18.5V16" +
    "M8.5 8.5v7M12 8.5v7M15.5 8.5v7",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01",
  map: "M9 4.5L3.5 6.5v13L9 17.5l6 2 5.5-2v-13L15 6.5zM9 4.5v13M15 6.5v13",
  inbox:
    "M4 13.5l2.2-7.2A1.8 1.8 0 0 1 7.9 5h8.2a1.8 1.8 0 0 1 1.7 1.3L20 13.5V18a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18z" +
    "M4 13.5h4.5l1 2.5h5l1-2.5H20",
  menu: "M4 7h16M4 12h16M4 17h16",
  camera:
    "M4 8.5A1.5 1.5 0 0 1 5.5 7h2.3l1.4-2.2h5.6L16.2 7h2.3A1.5 1.5 0 0 1 20 8.5v9a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5z" +
    "M8.5 13a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
  locate: "M6 12a6 6 0 1 0 12 0a6 6 0 1 0-12 0M12 2.5V6M12 18v3.5M2.5 12H6M18 12h3.5M11.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0",
  note: "M5 4.5h14v10l-5 5H5zM14 19.5v-5h5M8.5 9h7M8.5 12.5h4",
  backspace: "M8.5 5.5H19a1.5 1.5 0 0 1 1.5 1.5v10a1.5 1.5 0 0 1-1.5 1.5H8.5L3 12zM11 9.5l5 5M16 9.5l-5 5",
  skip: "M5 6l8 6-8 6zM18 6v12",
  check: "M5 12.5l4.5 4.5L19 7.5",
  cross: "M6 6l12 12M18 6L6 18",
  clock: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 7.5V12l3 2",
  swap: "M4 8.5h14M14.5 5L18 8.5 14.5 12M20 16H6M9.5 12.5L6 16l3.5 3.5",
  photo:
    "M6 4.5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM4 16l4.5-4.5L12 15l3-3 5 5" +
    "M7.8 9a1.2 1.2 0 1 0 2.4 0a1.2 1.2 0 1 0-2.4 0",
  paw:
    "M5.5 9.5a1.5 2 0 1 0 3 0a1.5 2 0 1 0-3 0M10.5 6.5a1.5 2 0 1 0 3 0a1.5 2 0 1 0-3 0M15.5 9.5a1.5 2 0 1 0 3 0a1.5 2 0 1 0-3 0" +
    "M12 12c2.7 0 5 2.9 5 5.2 0 1.7-1.5 2.3-2.7 2.3-.9 0-1.5-.5-2.3-.5s-1.4.5-2.3.5c-1.2 0-2.7-.6-2.7-2.3C7 14.9 9.3 12 12 12z",
  door: "M6.5 20.5V4.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v16M4 20.5h16M14 12v.01",
  "question-box":
    "M4.5 8V7.5a3 3 0 0 1 3-3H8M11 4.5h2M16 4.5h.5a3 3 0 0 1 3 3V8M19.5 11v2M19.5 16v.5a3 3 0 0 1-3 3H16M13 19.5h-2M8 19.5h-.5a3 3 0 0 1-3-3V16" +
    "M4.5 13v-2M10 10a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3M12 16v.01",
  broken: "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12.5 3.5L10 9l4.5 3-4 3.5 2 5",
  "eye-off":
    "M4 4l16 16M9.5 6.2A9 9 0 0 1 12 5.9c4.5 0 7.7 3.5 9 6.1-.5 1-1.3 2.2-2.4 3.2" +
    "M6.3 8.2A11.5 11.5 0 0 0 3 12c1.3 2.6 4.5 6.1 9 6.1 1.3 0 2.5-.3 3.5-.7M10 10.2a2.7 2.7 0 0 0 3.8 3.8",
  shield: "M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM12 8.5v4M12 15.5v.01",
  hand:
    "M7.5 12.5V6.7a1.4 1.4 0 0 1 2.8 0v4.8M10.3 11V5a1.4 1.4 0 0 1 2.8 0v6M13.1 11V6a1.4 1.4 0 0 1 2.8 0v6" +
    "M15.9 9.5a1.4 1.4 0 0 1 2.7 0v5c0 3.5-2.5 6-6 6-3 0-4.5-1.5-5.7-3.7L4.7 13c-.7-1.3 1-2.3 1.9-1.2l.9 1",
  house: "M4 11l8-7 8 7v8a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 19zM9.5 20.5v-6h5v6",
  dots: "M5.5 12v.01M12 12v.01M18.5 12v.01",
  lock: "M7 10.5h10a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-6a2 2 0 0 1 2-2zM8 10.5V8a4 4 0 0 1 8 0v2.5",
  download: "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
  upload: "M12 16V5M7.5 9L12 4.5 16.5 9M5 20h14",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 4v4h-4",
  layers: "M12 4l8.5 4.5L12 13 3.5 8.5zM3.5 13l8.5 4.5 8.5-4.5",
  key: "M3.5 15.5a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0M11.2 12.3L20 3.5M16 7.5l3 3M13.5 10l1.5 1.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  chevron: "M9.5 6l6 6-6 6",
  "chevron-down": "M6 9.5l6 6 6-6",
  gallery:
    "M8.5 4h10A1.5 1.5 0 0 1 20 5.5v8a1.5 1.5 0 0 1-1.5 1.5h-10A1.5 1.5 0 0 1 7 13.5v-8A1.5 1.5 0 0 1 8.5 4z" +
    "M7 12.5l3.5-3.5 3 3 2-2 4.5 4.5M16 19.5H5A1.5 1.5 0 0 1 3.5 18V8",
  settings: "M4 8h9M17 8h3M4 16h3M11 16h9M13 8a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 16a2 2 0 1 0 4 0a2 2 0 1 0-4 0",
  flash: "M8 3h8v4l-2 3v10.5h-4V10L8 7zM8 6.5h8M12 13v1.5",
  phone: "M9 3h6a2.5 2.5 0 0 1 2.5 2.5v13A2.5 2.5 0 0 1 15 21H9a2.5 2.5 0 0 1-2.5-2.5v-13A2.5 2.5 0 0 1 9 3zM11 18h2",
  trash: "M4.5 6.5h15M9.5 6.5V4.5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1v2M6.5 6.5l.8 12.6a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4l.8-12.6M10 10.5v6M14 10.5v6",
  globe:
    "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M3.5 12h17M12 3.5c2.5 2.5 3.5 5.5 3.5 8.5s-1 6-3.5 8.5" +
    "c-2.5-2.5-3.5-5.5-3.5-8.5s1-6 3.5-8.5z",
  keyboard: "M5 6.5h14a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2zM7 10v.01M10.5 10v.01M14 10v.01M17 10v.01M8 14h8",
  edit: "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5",
  pin: "M12 21s-6.5-5.8-6.5-11a6.5 6.5 0 0 1 13 0c0 5.2-6.5 11-6.5 11zM9.7 10a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0",
  person: "M8.5 8.5a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0M5 20c.7-3.7 3.3-5.5 7-5.5s6.3 1.8 7 5.5",
  calendar: "M6 5.5h12a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2zM4 10h16M8.5 3.5v4M15.5 3.5v4",
} as const;

/** Every icon there is. `menu-dots` stands upright, `dots` lies; `chevron` points to what comes next. */
export type IconName = keyof typeof OUTLINES;

/** All names, for the gallery and tests. */
export const ICON_NAMES = Object.keys(OUTLINES) as readonly IconName[];

const DOTS: readonly IconName[] = ["menu-dots", "dots"];

/** `size` in px at normal text; it grows with the text. Without `label` the icon is hidden from screen readers, so a word has to stand beside it. */
export type IconProps = { name: IconName; size?: number | undefined; label?: string | undefined };

export function Icon({ name, size = 24, label }: IconProps): ReactNode {
  const side = `${size / 16}rem`;
  return (
    <svg
      className="ms-icon"
      style={{ width: side, height: side }}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={DOTS.includes(name) ? 3 : size < 20 ? 2.3 : 2}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    >
      <path d={OUTLINES[name]} />
    </svg>
  );
}
