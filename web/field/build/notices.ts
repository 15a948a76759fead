import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

/** What is in a package and not said by its own licence file. */
const WITHIN: Readonly<Record<string, string>> = {
  "zxing-wasm": "Contains zxing-cpp, Copyright Axel Waggershauser and others, Apache License 2.0 (https://github.com/zxing-cpp/zxing-cpp/blob/master/LICENSE).",
};

const FONTS = [
  { name: "Inter", text: "Copyright The Inter Project Authors (https://github.com/rsms/inter). SIL Open Font License 1.1 (https://openfontlicense.org)." },
  { name: "Noto Sans Devanagari", text: "Copyright The Noto Project Authors (https://github.com/notofonts/devanagari). SIL Open Font License 1.1 (https://openfontlicense.org)." },
];

/** Writes `third-party-notices.txt`: the licences of all that went into the app's scripts. */
export function notices(): Plugin {
  const packages = new Set<string>();
  return {
    name: "metersync:notices",
    apply: "build",
    moduleParsed({ id }) {
      const folder = packageFolder(id);
      if (folder !== null) packages.add(folder);
    },
    generateBundle() {
      const parts = [...packages].sort().map(noticeOf);
      for (const { name, text } of FONTS) parts.push(`${name}\n\n${text}\n`);
      this.emitFile({ type: "asset", fileName: "third-party-notices.txt", source: parts.join(`\n${"-".repeat(72)}\n\n`) });
    },
  };
}

/** The folder of the package that a module is of; null for our own. */
function packageFolder(id: string): string | null {
  const at = id.lastIndexOf("/node_modules/");
  if (at < 0) return null;
  let folder = dirname(id.split("?")[0] ?? id);
  while (folder.length > at + "/node_modules/".length) {
    const description = join(folder, "package.json");
    if (existsSync(description) && (JSON.parse(readFileSync(description, "utf8")) as { name?: string }).name !== undefined) return folder;
    folder = dirname(folder);
  }
  return null;
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name: string; version: string; license?: string };
  const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)/i.test(one));
  const text = file === undefined ? `License: ${license ?? "not named"}.` : readFileSync(join(folder, file), "utf8").trim();
  const within = WITHIN[name];
  return `${name} ${version}\n\n${text}\n${within === undefined ? "" : `\n${within}\n`}`;
}
