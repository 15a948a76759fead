import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "parts", environment: "node", include: ["test/**/*.test.{ts,tsx}"] },
});
