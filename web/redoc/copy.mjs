// Puts ReDoc's stand-alone bundle where the server serves it from, so that /redoc loads nothing from another origin.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

// The bundle shows its maker's logo from a content delivery network. An installation may have no way out, and its
// visitors are nobody else's business: an empty picture stands in, and the line "API docs by Redocly" stays.
const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const EMPTY_PICTURE = "data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27/%3E";

const bundles = join(dirname(createRequire(import.meta.url).resolve("redoc/package.json")), "bundles");
const target = fileURLToPath(new URL("../../src/MeterSync.Server/wwwroot/redoc/", import.meta.url));

const [before, after, ...more] = readFileSync(join(bundles, "redoc.standalone.js"), "utf8").split(LOGO);
if (after === undefined || more.length > 0) {
  throw new Error(`Expected exactly one ${LOGO} in ReDoc's bundle: look at what this version loads and adapt web/redoc/copy.mjs.`);
}

mkdirSync(target, { recursive: true });
writeFileSync(join(target, "redoc.standalone.js"), before + EMPTY_PICTURE + after);
copyFileSync(join(bundles, "redoc.standalone.js.LICENSE.txt"), join(target, "redoc.standalone.js.LICENSE.txt"));
copyFileSync(join(bundles, "..", "LICENSE"), join(target, "LICENSE"));
