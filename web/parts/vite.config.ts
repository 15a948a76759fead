import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// For the gallery alone; the apps build the parts with their own.
export default defineConfig({ root: "gallery", plugins: [react()], server: { port: 5181, strictPort: true } });
