import { defineProject } from "vitest/config";

export default defineProject({
  // Long enough for a busy machine of two cores: a limit here finds what hangs, it measures nothing.
  test: { testTimeout: 60_000, hookTimeout: 60_000, name: "api", environment: "node", include: ["test/**/*.test.ts"] },
});
