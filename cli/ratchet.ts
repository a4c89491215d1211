#!/usr/bin/env node
/**
 * Where the command starts. Only what every Node can read and run stands here, so that an old one is told what it
 * lacks instead of failing on a word it does not know. The rest is loaded after that.
 */
import process from 'node:process';

const OLDEST = [22, 18];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const [oldestMajor = 0, oldestMinor = 0] = OLDEST;
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  process.stderr.write(
    `ratchet: needs Node ${oldestMajor}.${oldestMinor} or newer; this is ${process.versions.node}\n`,
  );
  process.exitCode = 2;
} else {
  start();
}

async function start(): Promise<void> {
  const { enableCompileCache } = await import('node:module');
  // Compiled code is kept between runs; where that is not possible, nothing is lost but some milliseconds.
  enableCompileCache();
  const { main } = await import('./main.ts');
  await main(process);
}
