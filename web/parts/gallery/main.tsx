import "../src/look.css";
import { StrictMode, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { ChipsAndBars, CountersAndBands, FieldsAndSwitches, Icons, NoticesAndRows } from "./pieces.tsx";
import { ReadingScreen, RouteScreen, SkipScreen } from "./screens.tsx";

// ?show=<name>&theme=light|dark|outdoor&text=200
const shows: Readonly<Record<string, () => ReactNode>> = {
  reading: () => <ReadingScreen />,
  second: () => <ReadingScreen second />,
  wide: () => <ReadingScreen digits={8} />,
  plain: () => <ReadingScreen digits={null} />,
  route: () => <RouteScreen />,
  skip: () => <SkipScreen />,
  bars: () => <ChipsAndBars />,
  counters: () => <CountersAndBands />,
  notices: () => <NoticesAndRows />,
  fields: () => <FieldsAndSwitches />,
  icons: () => <Icons />,
};

const asked = new URLSearchParams(location.search);
const root = document.documentElement;
const theme = asked.get("theme");
if (theme !== null) root.dataset["theme"] = theme;
const text = asked.get("text");
if (text !== null) root.style.fontSize = `${text}%`;
const lang = asked.get("lang");
if (lang !== null) root.lang = lang;

function Contents(): ReactNode {
  return (
    <ul>
      {Object.keys(shows).map((name) => (
        <li key={name}>
          {name}:{" "}
          {["light", "dark", "outdoor"].map((look) => (
            <a key={look} href={`?show=${name}&theme=${look}`}>
              {look}{" "}
            </a>
          ))}
        </li>
      ))}
    </ul>
  );
}

const place = document.getElementById("root");
if (place === null) throw new Error("The gallery's page has no #root.");
const show = shows[asked.get("show") ?? ""];
createRoot(place).render(<StrictMode>{show === undefined ? <Contents /> : show()}</StrictMode>);
