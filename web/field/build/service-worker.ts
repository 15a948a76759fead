import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build, type Plugin, type ResolvedConfig } from "vite";

/**
 * Builds the service worker as one script beside the app, with the list of all files of this build and what they hold: a phone that
 * installed the app has every one of them, also those that are loaded later.
 */
export function serviceWorker({ entry }: { entry: string }): Plugin {
  let config: ResolvedConfig;
  return {
    name: "metersync:service-worker",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      sequential: true,
      async handler() {
        const folder = resolve(config.root, config.build.outDir);
        if (!existsSync(join(folder, "index.html"))) return;
        const files = listFiles(folder).filter((name) => name !== "sw.js" && !name.endsWith(".map"));
        const precache = files.map((name) => ({ path: name === "index.html" ? "" : name, hash: hashOf(join(folder, name)) }));
        const version = createHash("sha256").update(JSON.stringify(precache)).digest("hex").slice(0, 16);
        await build({
          configFile: false,
          root: config.root,
          publicDir: false,
          logLevel: "warn",
          define: { __PRECACHE__: JSON.stringify(precache), __VERSION__: JSON.stringify(version), "import.meta.env.BASE_URL": JSON.stringify(config.base) },
          build: {
            outDir: folder,
            emptyOutDir: false,
            target: config.build.target,
            lib: { entry: resolve(config.root, entry), formats: ["iife"], name: "worker", fileName: () => "sw.js" },
          },
        });
        if (!existsSync(join(folder, "sw.js"))) this.error("The service worker was not written.");
      },
    },
  };
}

function listFiles(folder: string, from = folder): readonly string[] {
  return readdirSync(from)
    .flatMap((name) => {
      const path = join(from, name);
      return statSync(path).isDirectory() ? listFiles(folder, path) : [relative(folder, path).replaceAll("\\", "/")];
    })
    .sort();
}

function hashOf(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
}
