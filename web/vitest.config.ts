import { defineConfig } from "vitest/config";

// Each workspace package that has tests brings its own vitest.config.ts.
export default defineConfig({
  test: { projects: ["*/vitest.config.ts"] },
});
