import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin, ResolvedConfig } from "vite";

/** What gains nothing is packed already: fonts, pictures. */
const GAINS = /\.(js|css|html|json|svg|txt|wasm|webmanifest)$/;
const SMALLEST_BYTES = 1_000;
const SMALLEST_GAIN = 0.95;

/** Writes `x.br` and `x.gz` beside every file that gets smaller by it: the server sends those, and packs nothing on the way. Comes after all that writes files. */
export function packed(): Plugin {
  let config: ResolvedConfig;
  return {
    name: "metersync:packed",
    apply: "build",
    configResolved(resolved) {
      config = resolved;
    },
    closeBundle: {
      order: "post",
      sequential: true,
      handler() {
        const folder = resolve(config.root, config.build.outDir);
        if (!existsSync(join(folder, "sw.js"))) this.error("There is no service worker yet: what is written after the packing would be sent unpacked.");
        pack(folder);
      },
    },
  };
}

function pack(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      pack(path);
      continue;
    }
    if (!GAINS.test(name)) continue;
    const bytes = readFileSync(path);
    if (bytes.byteLength < SMALLEST_BYTES) continue;
    const results = { ".br": brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength } }), ".gz": gzipSync(bytes, { level: 9 }) };
    for (const [ending, result] of Object.entries(results)) {
      if (result.byteLength < bytes.byteLength * SMALLEST_GAIN) writeFileSync(path + ending, result);
    }
  }
}
