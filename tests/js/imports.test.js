/** The rules of static/js, by its import statements and by what may not be written where. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/js", import.meta.url));
const NAMESPACES = ["http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"];
const IMPORT = /\bfrom\s*["']([^"']+)["']|(?:^\s*import\s*|\bimport\s*\(\s*)["']([^"']+)["']/gm;

/** @param {string} folder @returns {string[]} */
function scripts(folder) {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? scripts(path) : name.endsWith(".js") ? [path] : [];
  });
}

/** Source without comments; strings and templates stay. @param {string} source */
function code(source) {
  return source.replace(/("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (_, kept) => kept ?? "");
}

const files = scripts(ROOT).map((path) => {
  const source = code(readFileSync(path, "utf8"));
  const imports = [...source.matchAll(IMPORT)].map((match) => match[1] ?? match[2]);
  return { name: relative(ROOT, path), path, source, imports };
});

/** What a file imports, as paths from static/js. @param {typeof files[number]} file */
const targets = (file) => file.imports.map((name) => relative(ROOT, join(dirname(file.path), name)));

/** @param {string} folder */
const inside = (folder) => files.filter((file) => file.name.startsWith(`${folder}/`));

/** Files of `folder` may import from `allowed` only. @param {string} folder @param {string[]} allowed */
function importsOnly(folder, allowed) {
  for (const file of inside(folder)) {
    for (const target of targets(file)) {
      assert.ok(allowed.some((prefix) => target.startsWith(prefix)), `${file.name} imports ${target}; ${folder}/ may import ${allowed.join(", ")} only`);
    }
  }
}

test("there are scripts to look at", () => {
  assert.ok(files.some((file) => file.name === "main.js"), "no main.js under static/js");
  for (const folder of ["model", "geometry", "draw", "views"]) assert.ok(inside(folder).length > 0, `no scripts under static/js/${folder}`);
});

test("imports are relative, end in .js and lead to a file", () => {
  for (const file of files) {
    for (const name of file.imports) {
      assert.match(name, /^\.\.?\/.+\.js$/, `${file.name} imports ${name}`);
      assert.ok(existsSync(join(dirname(file.path), name)), `${file.name} imports ${name}, which is not there`);
    }
  }
});

test("geometry imports nothing of ours but geometry", () => importsOnly("geometry", ["geometry/"]));

test("the model knows neither views nor drawing", () => importsOnly("model", ["model/", "geometry/", "stream.js"]));

test("drawing knows neither model nor views", () => importsOnly("draw", ["draw/", "geometry/"]));

test("views never import each other", () => {
  for (const file of inside("views")) {
    for (const target of targets(file)) assert.ok(!target.startsWith("views/"), `${file.name} imports ${target}`);
  }
});

test("nothing imports main.js", () => {
  for (const file of files) assert.ok(!targets(file).includes("main.js"), `${file.name} imports main.js`);
});

test("only stream.js and training_stream.js talk to the server", () => {
  for (const file of files.filter(({ name }) => name !== "stream.js" && name !== "training_stream.js")) {
    assert.doesNotMatch(file.source, /\bfetch\s*\(|\bEventSource\b|\bXMLHttpRequest\b|\bWebSocket\b|\bsendBeacon\b/, file.name);
  }
});

test("views compute no maths and roll no dice", () => {
  for (const file of inside("views")) assert.doesNotMatch(file.source, /\bMath\s*\.\s*(random|exp)\b/, file.name);
});

test("no script names a network address", () => {
  for (const file of files) {
    const found = (file.source.match(/\b(?:https?|wss?):\/\/[^\s"'`)]*/g) ?? []).filter((address) => !NAMESPACES.includes(address));
    assert.deepEqual(found, [], file.name);
  }
});
