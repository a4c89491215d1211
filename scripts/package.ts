/**
 * `npm run package`: each function as a zip of its own, then the CloudFormation template, that of member accounts and
 * that which takes up a kept bucket, all offline.
 * Z3 stays two files beside the bundle: it starts its threads from its own file and finds the WebAssembly next to it.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { ZipFile } from 'yazl';
import { keptBucketTemplate } from './keptBucketTemplate.ts';
import { lateBuiltins } from './lateBuiltins.ts';
import { leanSchemas } from './leanSchemas.ts';
import { memberTemplate } from './memberTemplate.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.package');
/** The functions, and whether they judge what only Z3 may decide. */
const FUNCTIONS = [
  { name: 'detect', z3: true },
  { name: 'rollback', z3: false },
  { name: 'sweep', z3: true },
  { name: 'approve', z3: false },
] as const;
type Function = (typeof FUNCTIONS)[number];
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

/** Functions whose handler chooses `atoms` never load Z3; what is left of it says so if they did. */
const withoutZ3: Plugin = {
  name: 'without-z3',
  setup({ onLoad }) {
    onLoad({ filter: /\/z3Solver\.ts$/ }, () => ({
      contents: "export function createZ3Solver() { throw new Error('this function carries no Z3'); }",
    }));
  },
};

/**
 * `import('@aws-sdk/client-x')` is asked for the client's class alone, and commands are imported where they are sent;
 * so of a package only what is used is packed. Without this a dynamic import keeps every operation of the service.
 */
const clientsAlone: Plugin = {
  name: 'clients-alone',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/client-/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'client' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'client' }, async ({ path }) => {
      const exported: object = await import(path);
      const names = Object.keys(exported).filter((name) => /^[A-Z]\w*Client$/.test(name));
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir: root };
    });
  },
};

const OPTIONS = {
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // The SDK's ES modules: its CommonJS builds, which `platform: node` prefers, need `require` at start.
  mainFields: ['module', 'main'],
  minify: true,
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
} as const satisfies BuildOptions;

const BANNER =
  "import{createRequire as __require}from'node:module';const require=__require(import.meta.url);";

type Bundle = { readonly files: readonly File[]; readonly metafile: Metafile };
type File = { readonly name: string; readonly text: string };

/** The handler and what every call needs as `index.mjs`; what is imported later as files beside it. */
async function bundle({ name, z3 }: Function): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    entryPoints: { index: join(root, 'functions', name, 'handler.ts') },
    chunkNames: '[name]-[hash]',
    splitting: true,
    metafile: true,
    plugins: [clientsAlone, leanSchemas, lateBuiltins, z3 ? z3Beside : withoutZ3],
  });
  const files = await joinStart(outputFiles.map(toFile), metafile);
  if (!z3) return { files, metafile };
  // A thread of its own: nothing of the handler may be in it.
  const worker = await build({
    ...OPTIONS,
    entryPoints: { z3Worker: join(root, 'shared/solver/z3/z3Worker.ts') },
    banner: { js: BANNER },
    plugins: [z3Beside],
  });
  return { files: [...files, ...worker.outputFiles.map(toFile)], metafile };
}

function toFile({ path, text }: OutputFile): File {
  return { name: basename(path), text };
}

/**
 * Returns the files with whatever a start loads in `index.mjs`. Splitting leaves it in fifty files, since each lazy part
 * shares something else of it, and every file takes half a millisecond to find, read and link. What the lazy parts
 * import of them they import from `index.mjs`.
 */
async function joinStart(files: readonly File[], metafile: Metafile): Promise<readonly File[]> {
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]));
  const started = new Set<string>();
  const start = (file: string) => {
    if (started.has(file)) return;
    started.add(file);
    for (const { kind, path } of outputs.get(file)?.imports ?? [])
      if (kind === 'import-statement' && outputs.has(basename(path))) start(basename(path));
  };
  start('index.mjs');
  /** Each export of a file that is joined, and its name in `index.mjs`. */
  const handedOn = new Map(
    [...started].map((file, index) => [
      file,
      file === 'index.mjs'
        ? []
        : (outputs.get(file)?.exports ?? []).map((name) => ({ name, joined: `_${index}_${name}` })),
    ]),
  );
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const fromMemory: Plugin = {
    name: 'what-a-start-loads',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/[^/]+\.mjs$/ }, ({ path, kind }) =>
        kind !== 'dynamic-import' && started.has(basename(path))
          ? { path: basename(path), namespace: 'start' }
          : { path, external: true },
      );
      onLoad({ filter: /.*/, namespace: 'start' }, ({ path }) => ({ contents: texts.get(path) ?? '' }));
    },
  };
  const entry = [...handedOn].map(([file, names]) =>
    file === 'index.mjs'
      ? `export * from './index.mjs';`
      : `export { ${names.map(({ name, joined }) => `${name} as ${joined}`).join(', ')} } from './${file}';`,
  );
  const { outputFiles } = await build({
    ...OPTIONS,
    stdin: { contents: entry.join('\n'), resolveDir: root },
    plugins: [z3Beside, fromMemory],
  });
  const joined = outputFiles.map(({ text }) => text).join('');
  const lazy = files
    .filter(({ name }) => !started.has(name))
    .map(({ name, text }) => ({ name, text: fromIndex(text, handedOn) }));
  return [{ name: 'index.mjs', text: joined }, ...lazy];
}

type HandedOn = ReadonlyMap<string, readonly { readonly name: string; readonly joined: string }[]>;

/** Returns the text of a lazy part with what it imports of joined files imported from `index.mjs`. */
function fromIndex(text: string, handedOn: HandedOn): string {
  const moved = text.replace(IMPORT, (statement, list: string | undefined, file: string) => {
    const names = handedOn.get(file);
    if (names === undefined) return statement;
    if (list === undefined) return '';
    const joined = new Map(names.map((one) => [one.name, one.joined]));
    const taken = list.split(',').map((item) => {
      const [name = '', as = name] = item.trim().split(/\s+as\s+/);
      const from = joined.get(name);
      if (from === undefined) throw new Error(`\`${file}\` exports no \`${name}\``);
      return `${from} as ${as}`;
    });
    return `import{${taken.join(',')}}from"./index.mjs";`;
  });
  const left = [...handedOn.keys()].find((file) => file !== 'index.mjs' && moved.includes(`"./${file}"`));
  if (left !== undefined) throw new Error(`a lazy part still asks for \`${left}\`, which is joined`);
  return moved;
}

/** As esbuild writes them: `import{a as b}from"./file.mjs";` and `import"./file.mjs";`. */
const IMPORT = /import\s*(?:\{([^}]*)\}\s*from\s*)?"\.\/([^"]+)";/g;

/** Returns how many bytes of the bundle come from each folder of the services, and from each client of AWS. */
function bytesBySource({ outputs }: Metafile): { readonly [source: string]: number } {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const bytes: { [source: string]: number } = {};
  for (const [path, { bytesInOutput }] of inputs) {
    const [source] = /shared\/services\/[a-z0-9]+(?=\/)|@aws-sdk\/client-[a-z0-9-]+/.exec(path) ?? [];
    if (source !== undefined) bytes[source] = (bytes[source] ?? 0) + bytesInOutput;
  }
  return bytes;
}

async function zip(packed: Function): Promise<{ readonly packedBytes: number; readonly bytes: number }> {
  const archive = new ZipFile();
  let bytes = 0;
  const add = (content: Buffer, name: string) => {
    bytes += content.length;
    archive.addBuffer(content, name, { mtime: MODIFIED, mode: 0o100644 });
  };
  const { files, metafile } = await bundle(packed);
  for (const { name, text } of files) add(Buffer.from(text), name);
  writeFileSync(join(folder, `${packed.name}.json`), JSON.stringify(bytesBySource(metafile)));
  if (packed.z3) {
    const z3 = dirname(createRequire(import.meta.url).resolve('z3-solver/build/z3-built.js'));
    add(readFileSync(join(z3, 'z3-built.js')), 'z3-built.cjs');
    add(readFileSync(join(z3, 'z3-built.wasm')), 'z3-built.wasm');
  }
  if (existsSync(join(root, CONFIG))) add(readFileSync(join(root, CONFIG)), CONFIG);
  archive.end();
  const path = join(folder, `${packed.name}.zip`);
  await pipeline(archive.outputStream, createWriteStream(path));
  return { packedBytes: readFileSync(path).byteLength, bytes };
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const inMegabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(2);
const sizes: { function: string; 'zip MB': string; 'unpacked MB': string }[] = [];
for (const packed of FUNCTIONS) {
  const { packedBytes, bytes } = await zip(packed);
  sizes.push({
    function: packed.name,
    'zip MB': inMegabytes(packedBytes),
    'unpacked MB': inMegabytes(bytes),
  });
}
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
if (osls.status === 0) {
  const stack = JSON.parse(
    readFileSync(join(folder, 'stack/cloudformation-template-update-stack.json'), 'utf8'),
  );
  writeFileSync(join(folder, 'organization.json'), JSON.stringify(memberTemplate(stack)));
  writeFileSync(join(folder, 'kept-bucket.json'), JSON.stringify(keptBucketTemplate(stack), undefined, 2));
}
process.exitCode = osls.status ?? 1;
