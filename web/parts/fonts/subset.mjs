// Makes the subsets beside this file. Its two packages are needed for this alone, so they are not among the dependencies:
//   npm install --no-save inter-ui@4.1.1 subset-font@2.9.0 && node parts/fonts/subset.mjs
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import subsetFont from "subset-font";

const source = createRequire(import.meta.url).resolve("inter-ui/variable/InterVariable.woff2");
const { subsets } = JSON.parse(await readFile(new URL("subsets.json", import.meta.url), "utf8"));

function letters(ranges) {
  let all = "";
  for (const range of ranges) {
    const [from, to = from] = range.replace("U+", "").split("-").map((code) => Number.parseInt(code, 16));
    for (let code = from; code <= to; code++) all += String.fromCodePoint(code);
  }
  return all;
}

const inter = await readFile(source);
for (const [name, ranges] of Object.entries(subsets)) {
  const bytes = await subsetFont(inter, letters(ranges), {
    targetFormat: "woff2",
    // Tabular figures, slashed zero, tailed l. Without calt: it would turn an x between the digits of a serial number into a sign.
    keepFeatures: ["ccmp", "locl", "kern", "mark", "mkmk", "tnum", "zero", "ss02"],
    variationAxes: { wght: { min: 400, max: 800, default: 400 }, opsz: 14 },
  });
  await writeFile(new URL(`inter-${name}.woff2`, import.meta.url), bytes);
  console.log(name, bytes.length);
}
