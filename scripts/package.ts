/**
 * `npm run package`: each function as a zip of its own, then the CloudFormation template, all offline.
 * Z3 stays two files beside the bundle: it starts its threads from its own file and finds the WebAssembly next to it.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { ZipFile } from 'yazl';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.package');
const FUNCTIONS = ['detect', 'rollback', 'sweep', 'approve'] as const;
const CONFIG = 'ratchet.config.jsonc';
/** One date for every file, so that equal code gives equal zips. */
const MODIFIED = new Date('2000-01-01T00:00:00Z');

/** `z3-built.js` is CommonJS and must stay a file; under `.cjs` Node takes it as such beside an ES module. */
const z3Beside: Plugin = {
  name: 'z3-beside-the-bundle',
  setup({ onResolve }) {
    onResolve({ filter: /z3-built(\.js)?$/ }, () => ({ path: './z3-built.cjs', external: true }));
  },
};

async function bundle(name: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'functions', name, 'handler.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The SDK's ES modules: its CommonJS builds, which `platform: node` prefers, need `require` at start.
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    banner: {
      js: "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);",
    },
    plugins: [z3Beside],
    logLevel: 'warning',
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild gave no bundle for \`${name}\``);
  return Buffer.from(file.contents);
}

async function zip(name: string): Promise<number> {
  const z3 = dirname(createRequire(import.meta.url).resolve('z3-solver/build/z3-built.js'));
  const archive = new ZipFile();
  const options = { mtime: MODIFIED, mode: 0o100644 };
  archive.addBuffer(await bundle(name), 'index.mjs', options);
  archive.addBuffer(readFileSync(join(z3, 'z3-built.js')), 'z3-built.cjs', options);
  archive.addBuffer(readFileSync(join(z3, 'z3-built.wasm')), 'z3-built.wasm', options);
  if (existsSync(join(root, CONFIG))) archive.addBuffer(readFileSync(join(root, CONFIG)), CONFIG, options);
  archive.end();
  const path = join(folder, `${name}.zip`);
  await pipeline(archive.outputStream, createWriteStream(path));
  return readFileSync(path).byteLength;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const sizes: { function: string; 'zip MB': string }[] = [];
for (const name of FUNCTIONS)
  sizes.push({ function: name, 'zip MB': ((await zip(name)) / 2 ** 20).toFixed(2) });
console.table(sizes);
const osls = spawnSync(
  process.execPath,
  [join(root, 'node_modules/osls/bin/serverless.js'), 'package', '--package', join(folder, 'stack')],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
  },
);
process.exitCode = osls.status ?? 1;
