/**
 * `npm run mutate -- AREA...`: changes the code of an area in one place after another and runs the area's tests each time;
 * a change that no test notices survives, and is named. By hand and nightly: it takes minutes to hours. Stryker holds all
 * changes in one copy of the code and runs only the tests that reach the one it tries.
 * Flags: `--out FOLDER` (`dist/mutation`), `--concurrency N`, `--mutate PATTERN` (a part of one area, `FILE:FROM-TO`).
 * `npm run mutate -- rules` breaks the guard's safety rules instead (`rules.ts`), and `npm run mutate -- laws` the laws of
 * the simulation (`laws.ts`), in minutes; `--only WORDS` some of them.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { breakLaws } from './breakLaws.ts';
import { mutateRules } from './mutateRules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is changed, and the tests that should notice. */
const AREAS: {
  readonly [name: string]: { readonly mutate: readonly string[]; readonly tests: readonly string[] };
} = {
  tighten: { mutate: ['shared/checks/tighten.ts'], tests: ['test/unit/checks/tighten.test.ts'] },
  checks: {
    mutate: ['shared/checks/*.ts'],
    // Without those that hold the engine's patience: under a change they only take long.
    tests: [
      'test/unit/checks/!(budget|hostile|manyDenies).test.ts',
      'test/vectors/checks.test.ts',
      'test/vectors/language.test.ts',
    ],
  },
  // Of the unit tests those that are quick: a change that survives runs all that reach it.
  derive: {
    mutate: ['shared/guard/derive/*.ts'],
    tests: [
      'test/unit/guard/{bounds,burst,carriedOver,change,derive,plan,planRestore}.test.ts',
      'test/unit/guard/{publishGroups,reconcile,rollback,sweep,timeline,triage}.test.ts',
    ],
  },
  restore: {
    mutate: ['shared/guard/restore/*.ts'],
    tests: ['test/unit/guard/{restore*,judgeRemains,plan,planRestore,rollback}.test.ts'],
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'dist/mutation' },
    concurrency: { type: 'string', default: String(availableParallelism()) },
    mutate: { type: 'string' },
    only: { type: 'string' },
  },
});
const BY_HAND = { rules: mutateRules, laws: breakLaws };
const [first = ''] = positionals;
if (first === 'rules' || first === 'laws') {
  const survived = await BY_HAND[first](Number(values.concurrency), values.only);
  console.log(`${survived.length} changes were not noticed`);
  process.exit(survived.length > 0 ? 1 : 0);
}
const names = positionals.length > 0 ? positionals : Object.keys(AREAS);
const unknown = names.filter((name) => AREAS[name] === undefined);
if (unknown.length > 0)
  throw new Error(`no area ${unknown.join(', ')}; there are ${Object.keys(AREAS).join(', ')}`);

type Report = {
  readonly files: {
    readonly [file: string]: {
      readonly mutants: readonly {
        readonly status: string;
        readonly mutatorName: string;
        readonly replacement?: string;
        readonly location: { readonly start: { readonly line: number; readonly column: number } };
      }[];
    };
  };
};

mkdirSync(join(root, values.out), { recursive: true });
for (const name of names) {
  const { mutate, tests } = AREAS[name] as (typeof AREAS)[string]; // Checked above.
  const report = join(root, values.out, `${name}.json`);
  const config = join(root, values.out, `${name}.config.json`);
  writeFileSync(
    config,
    JSON.stringify({
      mutate: values.mutate === undefined ? mutate : [values.mutate],
      plugins: ['@stryker-mutator/vitest-runner'],
      testRunner: 'vitest',
      testFiles: tests,
      // The tests above, not those that import what is changed.
      vitest: { related: false },
      coverageAnalysis: 'perTest',
      // What runs once, when a module loads, is loaded before a change of it is there.
      ignoreStatic: true,
      concurrency: Number(values.concurrency),
      ignorePatterns: ['dist', '.package', '.stryker-tmp', 'docs'],
      tempDirName: '.stryker-tmp',
      // The tests need none, and Stryker reads it with a TypeScript that is not there.
      tsconfigFile: 'none',
      reporters: ['json', 'progress-append-only'],
      jsonReporter: { fileName: report },
      // Words of messages are tests' matter elsewhere.
      mutator: { excludedMutations: ['StringLiteral'] },
    }),
  );
  const { status } = spawnSync('npx', ['stryker', 'run', config], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name}: the run of Stryker ended with status ${status}`);
  const { files }: Report = JSON.parse(readFileSync(report, 'utf8'));
  const all = Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants.map((mutant) => ({ file, ...mutant })),
  );
  const counted = all.filter(({ status: end }) => end !== 'Ignored' && end !== 'CompileError');
  const alive = counted.filter(({ status: end }) => end === 'Survived' || end === 'NoCoverage');
  const score = (100 * (counted.length - alive.length)) / Math.max(1, counted.length);
  console.log(`${name}: ${score.toFixed(1)} % of ${counted.length} changes noticed; these were not:`);
  for (const { file, location, mutatorName, replacement } of alive)
    console.log(
      `  ${file}:${location.start.line}:${location.start.column} ${mutatorName}: ${replacement ?? ''}`,
    );
}
