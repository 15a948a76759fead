import { defineProject } from "vitest/config";

export default defineProject({
  test: { name: "field", environment: "node", include: ["test/**/*.test.{ts,tsx}"] },
});
