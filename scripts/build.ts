/**
 * Bundles the command into dist/: small files that are loaded when a command needs them, so that a check of two files
 * starts fast. Run by `npm run build`, which `npm ci` runs as well; `node scripts/build.ts FOLDER` builds elsewhere.
 */
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tests build elsewhere, so that they leave a running command alone. */
const dist = process.argv[2] ?? `${root}dist`;

await rm(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { ratchet: 'cli/ratchet.ts' },
  outdir: dist,
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  // The ESM builds of the AWS SDK: the CommonJS ones `require` what an ES module cannot.
  mainFields: ['module', 'main'],
  // Finds its WebAssembly and its worker beside its own file, so it stays where npm put it.
  external: ['z3-solver'],
  banner: {
    js: "import { createRequire as bundledCreateRequire } from 'node:module'; const require = bundledCreateRequire(import.meta.url);",
  },
  legalComments: 'linked',
  logLevel: 'warning',
});
await chmod(`${dist}/ratchet.js`, 0o755);
