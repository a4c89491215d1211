/**
 * Breaks every safety rule of `rules.ts` by itself, in a copy, and runs the test that has to notice. Some minutes in all.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, createCopy } from './copy.ts';
import { RULES, type Rule } from './rules.ts';

/** The tests that failed, by their names. */
type Outcome = { readonly failed: readonly string[]; readonly why?: string };

/** Returns the rules whose breach no test noticed, after printing one line each. `only`: a part of the rule's text or file. */
export async function mutateRules(concurrency: number, only = ''): Promise<readonly Rule[]> {
  const waiting = RULES.filter(({ rule, file }) => `${file} ${rule}`.includes(only));
  const survived: Rule[] = [];
  const work = async () => {
    const copy = createCopy();
    try {
      for (let rule = waiting.shift(); rule !== undefined; rule = waiting.shift()) {
        const { failed, why } = await tryRule(rule, copy);
        if (failed.length === 0) survived.push(rule);
        console.log(
          failed.length > 0
            ? `caught    ${rule.rule}\n            by: ${failed[0]}`
            : `SURVIVED  ${rule.rule} (${rule.file}, ${rule.test})${why === undefined ? '' : `: ${why}`}`,
        );
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return survived;
}

function tryRule({ file, from, to, test }: Rule, copy: Copy): Promise<Outcome> {
  return copy.changed({ file: join('shared/guard', file), from, to }, async (directory) => {
    const report = await runTest(join('test', test), directory);
    if (report === undefined || report.numTotalTests === 0) return { failed: [], why: 'no test ran' };
    const failed = report.testResults.flatMap(({ assertionResults }) =>
      assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
    );
    return { failed };
  });
}

type Report = {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

/** Undefined: vitest did not come to its end. */
async function runTest(file: string, directory: string): Promise<Report | undefined> {
  const [vitest, report] = [
    join(directory, 'node_modules/vitest/vitest.mjs'),
    join(directory, 'report.json'),
  ];
  const flags = ['--maxWorkers', '1', '--reporter', 'json', '--outputFile', report];
  rmSync(report, { force: true });
  await new Promise<void>((resolve) => {
    // A test that fails is a status other than 0, and what we are after.
    execFile(process.execPath, [vitest, 'run', file, ...flags], { cwd: directory }, () => resolve());
  });
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
}
