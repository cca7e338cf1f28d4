// SPDX-License-Identifier: Apache-2.0
// node build.mjs FOLDER: bundles src/ with the packages in FOLDER/node_modules, and writes FOLDER/page_files.cpp, in
// which the bundle stands as bytes. Names of scripts and styles hold the digest of their content.
import { createRequire } from "node:module";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const from = dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];
const { buildSync } = createRequire(join(folder, "package.json"))("esbuild");

// Packages are looked for beside the sources, which have to be seen where the packages are.
function linkSources() {
  const link = join(folder, "src");
  rmSync(link, { force: true });
  symlinkSync(join(from, "src"), link);
  return link;
}

function bundle(sources) {
  return buildSync({
    entryPoints: { page: join(sources, "main.tsx") },
    outdir: join(folder, "assets"),
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    write: false,
    preserveSymlinks: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "eof",
  }).outputFiles.map(({ path, contents }) => ({ name: basename(path), contents: Buffer.from(contents) }));
}

const types = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

function asset({ name, contents }) {
  return {
    path: `/assets/${name}`,
    type: types[name.split(".").pop()],
    encoding: "gzip",
    bytes: gzipSync(contents, { level: 9 }),
    lasting: true,
  };
}

function index(assets) {
  const path = (suffix) => assets.find((each) => each.path.endsWith(suffix)).path;
  const text = readFileSync(join(from, "src/index.html"), "utf8")
    .replace("page.css", path(".css"))
    .replace("page.js", path(".js"));
  return { path: "/", type: "text/html; charset=utf-8", encoding: "", bytes: Buffer.from(text), lasting: false };
}

function source(files) {
  const arrays = files.map(({ bytes }, i) => `const unsigned char kBytes${i}[] = {${[...bytes].join(",")}};`);
  const entries = files.map(
    ({ path, type, encoding, lasting }, i) =>
      `    {"${path}", "${type}", "${encoding}", ` +
      `{reinterpret_cast<const char*>(kBytes${i}), sizeof(kBytes${i})}, ${lasting}},`,
  );
  return `// SPDX-License-Identifier: Apache-2.0
// Written by build.mjs.
#include "daemon/page/internal/page_file.hpp"

namespace tinyhil::daemon {

namespace {

${arrays.join("\n")}
const PageFile kPageFiles[] = {
${entries.join("\n")}
};

}  // namespace

std::span<const PageFile> page_files() { return kPageFiles; }

}  // namespace tinyhil::daemon
`;
}

mkdirSync(folder, { recursive: true });
const assets = bundle(linkSources()).map(asset);
const files = [index(assets), ...assets];
writeFileSync(join(folder, "page_files.cpp"), source(files));
for (const { path, bytes } of files) console.log(`${path}: ${bytes.length} bytes`);
