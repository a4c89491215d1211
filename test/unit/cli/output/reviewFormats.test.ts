import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { annotationsOf, type CheckResult } from '../../../../cli/output/checkResult.ts';
import { renderGithub } from '../../../../cli/output/renderGithub.ts';
import { renderSarif } from '../../../../cli/output/renderSarif.ts';
import { policyOf } from './policyOf.ts';

const policy = policyOf(`{
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" },
    { "Sid": "Wide", "Effect": "Allow",
      "Action": ["s3:Get*", "s3:Delete*"],
      "Resource": "*" }
  ]
}`);

const failed: CheckResult = {
  check: 'check-no-new-access',
  policy,
  file: './policies/new role.json',
  verdict: {
    result: 'FAIL',
    possible: true,
    message: 'The modified permissions grant new access compared to your existing policy.',
    reasons: [
      { description: 'New access in the statement with sid: Wide.', statementIndex: 1, statementId: 'Wide' },
    ],
    witness: { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::a', context: {} },
    decidedBy: 'atoms',
  },
};
const undecided: CheckResult = {
  ...failed,
  check: 'check-no-public-access',
  file: undefined,
  verdict: {
    result: 'UNKNOWN',
    message: 'It could not be decided.',
    cause: 'time, 100 %',
    reasons: [],
    decidedBy: 'z3',
  },
};
const passed: CheckResult = {
  ...failed,
  verdict: { result: 'PASS', message: 'Nothing new.', reasons: [], decidedBy: 'atoms' },
};

/** What the published schema, carried in this folder, has against a text. */
function problems(text: string): string[] {
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  formats.default(ajv);
  const schema = readFileSync(new URL('./schemas/sarif.json', import.meta.url), 'utf8');
  const validate = ajv.compile(JSON.parse(schema) as object);
  validate(JSON.parse(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('a judged document in a review', () => {
  it('has an error at the action that matters, for each statement', () => {
    expect(annotationsOf(failed)).toMatchObject([
      {
        level: 'error',
        region: { startLine: 5, startColumn: 29, endLine: 5, endColumn: 41 },
        title: 'New access',
        message:
          'New access in the statement with sid: Wide. Whoever holds this policy can now call, for example, `s3:DeleteBucket` on `arn:aws:s3:::a`.',
      },
    ]);
  });

  it('has a warning when it was not decided, and nothing when it passed', () => {
    expect(annotationsOf(undecided)).toMatchObject([
      { level: 'warning', message: 'It could not be decided. time, 100 %' },
    ]);
    expect(annotationsOf(passed)).toEqual([]);
  });

  it('has an error for the whole file where no statement of it contributes', () => {
    const verdict = {
      ...failed.verdict,
      reasons: [],
      removedDenies: [
        { description: 'The request was denied before by the statement with index: 1.', statementIndex: 1 },
      ],
    };

    const [annotation, ...others] = annotationsOf({ ...failed, verdict });

    expect(others).toEqual([]);
    expect(annotation).toMatchObject({
      level: 'error',
      file: './policies/new role.json',
      message: expect.stringMatching(
        /^The modified permissions grant new access.*s3:DeleteBucket.*denied before/,
      ),
    });
    expect(annotation?.region).toBeUndefined();
  });

  it('keeps its fingerprint when lines move', () => {
    const moved = { ...failed, policy: policyOf(`\n\n${policy.source}`) };

    expect(annotationsOf(moved).map(({ fingerprint }) => fingerprint)).toEqual(
      annotationsOf(failed).map(({ fingerprint }) => fingerprint),
    );
    expect(annotationsOf(moved)[0]?.region?.startLine).toBe(7);
  });

  it('says which of a file’s policies it is', () => {
    expect(annotationsOf({ ...failed, subject: 'Resources.Role' })[0]).toMatchObject({
      title: 'New access (Resources.Role)',
      message: expect.stringMatching(/^Resources\.Role: New access/),
    });
  });
});

describe('SARIF', () => {
  it.each([
    ['a FAIL', [failed]],
    ['an UNKNOWN of no file', [undecided]],
    ['a PASS', [passed]],
    ['many', [failed, undecided, passed]],
  ])('of %s is as the schema wants it', (_, results) => {
    expect(problems(renderSarif(results.flatMap(annotationsOf), '0.1.0'))).toEqual([]);
  });

  it('is refused by the schema when it lacks what every log has', () => {
    expect(problems('{ "version": "2.1.0", "runs": [{ "results": [] }] }')).not.toEqual([]);
  });

  it('points at the file as a relative address', () => {
    const log = JSON.parse(renderSarif(annotationsOf(failed), '0.1.0')) as {
      runs: { results: { ruleId: string; ruleIndex: number; locations: unknown[] }[] }[];
    };

    expect(log.runs[0]?.results[0]).toMatchObject({
      ruleId: 'check-no-new-access',
      ruleIndex: 0,
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'policies/new%20role.json' },
            region: { startLine: 5 },
          },
        },
      ],
    });
  });
});

describe('annotations of a workflow', () => {
  it('are a line each, with what would end it escaped', () => {
    expect(renderGithub([{ ...failed, file: 'a,b:c.json' }, undecided, passed].flatMap(annotationsOf))).toBe(
      '::error file=a%2Cb%3Ac.json,line=5,endLine=5,col=29,endColumn=41,title=New access::' +
        'New access in the statement with sid: Wide. Whoever holds this policy can now call, for example, `s3:DeleteBucket` on `arn:aws:s3:::a`.\n' +
        '::warning title=Public access%3A not decided::It could not be decided. time, 100 %25\n',
    );
  });

  it('are nothing when all passed', () => {
    expect(renderGithub(annotationsOf(passed))).toBe('');
  });
});
