import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** Fails the build when the scripts that every start loads exceed the budget, compressed: phones in the field have slow networks and slow chips. */
export function scriptBudget({ kilobytes }: { kilobytes: number }): Plugin {
  return {
    name: "metersync:script-budget",
    apply: "build",
    generateBundle(_options, bundle) {
      const entry = Object.values(bundle).find((file) => file.type === "chunk" && file.isEntry && file.facadeModuleId?.endsWith("index.html"));
      if (entry?.type !== "chunk") return;
      const names = new Set<string>();
      const walk = (name: string) => {
        const chunk = bundle[name];
        if (chunk?.type !== "chunk" || names.has(name)) return;
        names.add(name);
        chunk.imports.forEach(walk);
      };
      walk(entry.fileName);
      let bytes = 0;
      for (const name of names) {
        const chunk = bundle[name];
        if (chunk?.type === "chunk") bytes += gzipSync(chunk.code, { level: 9 }).byteLength;
      }
      this.info(`the reading path is ${Math.round(bytes / 1000)} kB of compressed scripts`);
      if (bytes > kilobytes * 1000) this.error(`The reading path is ${bytes} bytes of compressed scripts; ${kilobytes} kB are allowed. Load more of it lazily.`);
    },
  };
}
