#!/usr/bin/env node
/**
 * Where the command starts. Plain JavaScript that every Node can read, and always there for npm to link: an old Node,
 * or a checkout that is not built, is told what it lacks. The rest is the built command.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const OLDEST = { major: 22, minor: 18 };
const MAIN = new URL('../dist/main.js', import.meta.url);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
  refuse(`needs Node ${OLDEST.major}.${OLDEST.minor} or newer; this is ${process.versions.node}`);
} else if (!existsSync(MAIN)) {
  refuse('is not built; run `npm ci` or `npm run build` first');
} else {
  // Compiled code is kept between runs; where that is not possible, nothing is lost but some milliseconds.
  module.enableCompileCache();
  import(MAIN.href).then(async ({ main }) => {
    if (await isStale()) warn('is built from other sources than these; run `npm run build`');
    return main(process);
  });
}

/** @param {string} why */
function refuse(why) {
  warn(why);
  process.exitCode = 2;
}

/** @param {string} what */
function warn(what) {
  process.stderr.write(`ratchet: ${what}\n`);
}

/** In a checkout: some source is newer than what is built, and the sources are not those that it was built from. */
async function isStale() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  // What npm installs holds no sources.
  if (!existsSync(`${root}cli/sources.js`)) return false;
  const { hashOf, sourcesOf } = await import('./sources.js');
  const builtMs = statSync(MAIN).mtimeMs;
  const files = sourcesOf(root);
  if (!files.some((file) => statSync(root + file).mtimeMs > builtMs)) return false;
  const record = new URL('../dist/sources.sha256', import.meta.url);
  return !existsSync(record) || readFileSync(record, 'utf8') !== hashOf(root, files);
}
