import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

import { notices } from "./build/notices.ts";
import { packed } from "./build/packed.ts";
import { scriptBudget } from "./build/script-budget.ts";
import { serviceWorker } from "./build/service-worker.ts";

export default defineConfig({
  base: "/field/",
  plugins: [react(), scriptBudget({ kilobytes: 250 }), notices(), serviceWorker({ entry: "src/worker/sw.ts" }), packed()],
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("../../src/MeterSync.Server/wwwroot/field", import.meta.url)),
    emptyOutDir: true,
    target: ["chrome100", "safari16", "firefox110"],
    modulePreload: { polyfill: false },
    // Small files as data URLs in scripts would be loaded by everybody, used or not.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
});
