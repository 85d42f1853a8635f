// Looks for what keeps people from reading a page: axe-core on each file, without a browser. Contrast needs one and is not looked at.
import { readFileSync } from "node:fs";
import axe from "axe-core";
import { JSDOM } from "jsdom";

const paths = process.argv.slice(2);
if (paths.length === 0) {
  console.error("axe: name the files to look at");
  process.exit(2);
}
let found = 0;
for (const path of paths) {
  const dom = new JSDOM(readFileSync(path, "utf8"), { runScripts: "outside-only", pretendToBeVisual: true });
  dom.window.eval(axe.source);
  const results = await dom.window.axe.run(dom.window.document.documentElement, { rules: { "color-contrast": { enabled: false } } });
  for (const violation of results.violations) {
    found += 1;
    console.log(`  FAIL  ${path}: ${violation.id}: ${violation.help}: ${violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
  }
  console.log(`  axe   ${path}: ${results.passes.length} rules hold, ${results.violations.length} do not`);
}
process.exit(found === 0 ? 0 : 1);
