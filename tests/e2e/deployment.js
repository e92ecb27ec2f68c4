// Another deployment of the same page: what it does is the same, what its files are called is not, as when a few lines
// have changed.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeOffline } from "../../scripts/offline.mjs";

/** @param {string} dist the built page @param {number} n tells deployments apart @returns {string} a folder without the data sets */
export function otherDeployment(dist, n) {
  const folder = mkdtempSync(join(tmpdir(), "counterfeit-deployment-"));
  mkdirSync(join(folder, "assets"));
  const names = readdirSync(join(dist, "assets"));
  const renamed = new Map(names.map((name) => [name, name.replace(/..(\.\w+)$/, `_${n}$1`)]));
  for (const [from, to] of [
    ["index.html", "index.html"],
    ...[...renamed].map(([from, to]) => [`assets/${from}`, `assets/${to}`]),
  ]) {
    if (!/\.(html|js|css)$/.test(from)) cpSync(join(dist, from), join(folder, to));
    else {
      let text = readFileSync(join(dist, from), "utf8");
      for (const [old, now] of renamed) text = text.replaceAll(old, now);
      writeFileSync(join(folder, to), text);
    }
  }
  writeOffline(folder);
  return folder;
}
