import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@metersync/parts/look.css";

import "./app/install.ts";
import { Root } from "./app/Root.tsx";
import "./app/app.css";

const place = document.getElementById("app");
if (place === null) throw new Error("index.html has no #app.");
createRoot(place).render(
  <StrictMode>
    <Root />
  </StrictMode>,
);
