// SPDX-License-Identifier: Apache-2.0
// node run_tests.mjs FOLDER: bundles src/*.test.mjs with what they test, and runs them by Node's own test runner.
// FOLDER is where build.mjs has put the packages and the link to the sources.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const folder = process.argv[2];
const { buildSync } = createRequire(join(folder, "package.json"))("esbuild");
const sources = join(folder, "src");
const tests = readdirSync(sources).filter((name) => name.endsWith(".test.mjs"));
buildSync({
  entryPoints: tests.map((name) => join(sources, name)),
  outdir: join(folder, "tests"),
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  preserveSymlinks: true,
  jsx: "automatic",
  jsxImportSource: "preact",
});
const files = tests.map((name) => join(folder, "tests", name));
process.exit(spawnSync(process.execPath, ["--test", ...files], { stdio: "inherit" }).status ?? 1);
