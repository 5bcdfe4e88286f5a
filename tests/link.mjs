// Link ES modules without running them, and print what does not parse or is not exported: node link.mjs FILE…
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const modules = new Map();

function parse(url) {
  if (!modules.has(url)) {
    modules.set(url, new vm.SourceTextModule(readFileSync(new URL(url), "utf8"), { identifier: url }));
  }
  return modules.get(url);
}

const problems = [];
for (const file of process.argv.slice(2)) {
  try {
    const module = parse(pathToFileURL(file).href);
    if (module.status === "unlinked") {
      await module.link((specifier, parent) => parse(new URL(specifier, parent.identifier).href));
    }
  } catch (error) {
    problems.push(`${file}: ${error.message}\n${error.stack.split("\n", 3).join("\n")}`);
  }
}
if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exitCode = 1;
}
