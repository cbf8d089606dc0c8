// Builds static/build/ from front/ and node_modules/: one stylesheet, two
// scripts, fonts, pictures and an icon sprite.
// Run by `npm run build`; `--watch` rebuilds while you edit.
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, watch, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const FRONT = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(FRONT);
const OUT = join(ROOT, "static", "build");
const USWDS = join(ROOT, "node_modules", "@uswds", "uswds");

// USWDS computes with colours while it compiles, so it is given fixed blues; here they become the state's own.
const STATE_COLOURS = {
  "#005ea2": "var(--state-primary)",
  "#1a4480": "var(--state-primary-dark)",
  "#162e51": "var(--state-primary-darker)",
  "#73b3e7": "var(--state-primary-light)",
  "#d9e8f6": "var(--state-primary-lighter)",
  "#2672de": "var(--state-primary-vivid)",
};

function buildStyles() {
  const { css } = sass.compile(join(FRONT, "styles", "app.scss"), {
    loadPaths: [join(USWDS, "packages")],
    quietDeps: true,
    silenceDeprecations: ["import", "if-function"],
    logger: sass.Logger.silent,
  });
  const themed = css.replace(/#[0-9a-f]{6}\b/gi, (hex) => STATE_COLOURS[hex.toLowerCase()] ?? hex);
  const { code } = esbuild.transformSync(themed, { loader: "css", minify: true, target: ["chrome111", "firefox113", "safari16.4"] });
  writeFileSync(join(OUT, "app.css"), code);
  return code;
}

// Only the fonts and pictures the stylesheet names are copied.
function copyAssets(css) {
  const names = new Set([...css.matchAll(/url\(["']?((?:img|fonts)\/[^"')]+)["']?\)/g)].map((match) => match[1]));
  for (const name of names) {
    const target = join(OUT, name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(USWDS, "dist", name), target);
  }
}

function symbol(name, svg) {
  const viewBox = svg.match(/viewBox="([^"]+)"/)?.[1] ?? "0 0 24 24";
  const inner = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
  return `<symbol id="${name}" viewBox="${viewBox}">${inner}</symbol>`;
}

function buildIcons() {
  const names = JSON.parse(readFileSync(join(FRONT, "icons.json"), "utf8"));
  const symbols = names.map((name) => symbol(name, readFileSync(join(USWDS, "dist", "img", "usa-icons", `${name}.svg`), "utf8")));
  for (const file of readdirSync(join(FRONT, "icons")).filter((file) => file.endsWith(".svg"))) {
    symbols.push(symbol(file.replace(".svg", ""), readFileSync(join(FRONT, "icons", file), "utf8")));
  }
  writeFileSync(join(OUT, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function buildScripts() {
  esbuild.buildSync({
    entryPoints: { app: join(FRONT, "scripts", "app.js"), charts: join(FRONT, "scripts", "charts.js") },
    outdir: OUT,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome111", "firefox113", "safari16.4"],
    define: { "process.env.NODE_ENV": '"production"' },
    legalComments: "none",
  });
}

function report() {
  for (const name of ["app.css", "app.js", "charts.js", "icons.svg"]) {
    const bytes = readFileSync(join(OUT, name));
    console.log(`${name.padEnd(10)} ${kilobytes(bytes.length)} (${kilobytes(gzipSync(bytes).length)} gzipped)`);
  }
}

const kilobytes = (bytes) => `${(bytes / 1024).toFixed(0)} kB`;

function build() {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  copyAssets(buildStyles());
  buildIcons();
  buildScripts();
  report();
}

build();
if (process.argv.includes("--watch")) {
  let timer;
  watch(FRONT, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(build, 100);
  });
}
