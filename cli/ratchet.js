#!/usr/bin/env node
/**
 * Where the command starts. Plain JavaScript that every Node can read, and always there for npm to link: an old Node,
 * or a checkout that is not built, is told what it lacks. The rest is the built command.
 */
import { existsSync } from 'node:fs';
import module from 'node:module';
import process from 'node:process';

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
  import(MAIN.href).then(({ main }) => main(process));
}

/** @param {string} why */
function refuse(why) {
  process.stderr.write(`ratchet: ${why}\n`);
  process.exitCode = 2;
}
