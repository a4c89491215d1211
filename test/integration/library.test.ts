/** The built package as another project meets it: installed beside that project's own files, imported by its name. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { installedLibrary, root } from './installedLibrary.ts';

const ONE_CHECK = `
import { checkNoNewAccess, parsePolicy } from 'iam-ratchet';
const read = (action) => parsePolicy(
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }),
  { policyType: 'IDENTITY_POLICY' },
).policy;
const verdict = await checkNoNewAccess(read('s3:GetObject'), read('s3:*'));
console.log(verdict.result, verdict.decidedBy);
`;

describe('the installed package', () => {
  const { folder, run } = installedLibrary();

  it('is imported by its name from another folder', () => {
    expect(run('one.js', ONE_CHECK)).toBe('FAIL atoms\n');
  });

  it('gives nothing but its entry and its package.json', () => {
    const script = `for (const path of ['iam-ratchet/dist/main.js', 'iam-ratchet/package.json'])
      console.log(await import(path, { with: { type: 'json' } }).then(() => 'given', ({ code }) => code));`;

    expect(run('inside.js', script)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\ngiven\n');
  });

  it('is typed: a right call compiles, a wrong one does not, with declarations checked too', () => {
    const file = join(folder, 'typed.ts');
    const call = (third: string) => `import { checkNoPublicAccess, parsePolicy } from 'iam-ratchet';
      const parsed = parsePolicy('{}', { policyType: 'RESOURCE_POLICY' });
      if (parsed.ok) await checkNoPublicAccess(parsed.policy, ${third});\n`;
    const compile = (text: string) => {
      writeFileSync(file, text);
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
      const flags = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
      try {
        return execFileSync(process.execPath, [tsc, ...flags, ...types, file], {
          cwd: folder,
          encoding: 'utf8',
        });
      } catch (error) {
        return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error);
      }
    };

    expect(compile(call(`'AWS::S3::Bucket'`))).toBe('');
    expect(compile(call('3'))).toMatch(/typed\.ts.*TS2345/u);
  });
});

describe('one check in another project’s bundle', () => {
  it('starts without z3-solver and without any AWS SDK client', async () => {
    const bundled = await build({
      absWorkingDir: root,
      stdin: {
        contents: `export { checkNoNewAccess } from './shared/index.ts';`,
        resolveDir: root,
        sourcefile: 'entry.ts',
      },
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      outdir: 'out',
      external: ['z3-solver'],
      metafile: true,
      write: false,
    });
    const { outputs } = bundled.metafile;
    const loadedAtStart = (path: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(path)) return seen;
      seen.add(path);
      for (const { path: next, kind } of outputs[path]?.imports ?? [])
        if (kind === 'import-statement') loadedAtStart(next, seen);
      return seen;
    };
    const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint !== undefined) ?? '';
    const start = loadedAtStart(entry);
    const inputs = [...start].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    const named = (word: RegExp, list: Iterable<string>) => [...list].filter((path) => word.test(path));

    expect(named(/checks\/noNewAccess\.ts$/u, inputs)).toEqual(['shared/checks/noNewAccess.ts']);
    expect(named(/z3|@aws-sdk|@smithy/iu, [...inputs, ...start])).toEqual([]);
    // Z3 is there for the question that needs it, in a file of its own.
    expect(
      named(
        /z3Solver\.ts$/u,
        Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
      ),
    ).toEqual(['shared/solver/z3/z3Solver.ts']);
  });
});
