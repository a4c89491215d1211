import { describe, expect, it } from 'vitest';
import { visible } from '../../../../cli/output/console.ts';
import { renderVerdict } from '../../../../cli/output/renderVerdict.ts';
import type { Verdict } from '../../../../shared/checks/verdict.ts';
import { parsePolicy } from '../../../../shared/policy/parsePolicy.ts';

const page = { width: 80, paint: (_: unknown, text: string) => text };
const check = 'check-no-new-access';
const witnessTitle = 'A request that only the new document grants:';

function policyOf(text: string) {
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: 'new.json' });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.policy;
}

const TEXT = `{
  "Statement": [
    { "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" },
    {
      "Sid": "Wide",
      "Effect": "Allow",
      "Action": "s3:*",
      "Resource": "*"
    }
  ]
}`;

const FAIL: Verdict = {
  result: 'FAIL',
  possible: true,
  message: 'The modified permissions grant new access compared to your existing policy.',
  reasons: [
    { description: 'New access in the statement with sid: Wide.', statementIndex: 1, statementId: 'Wide' },
  ],
  witness: {
    principal: { type: 'Anonymous', value: '' },
    action: 's3:DeleteBucket',
    resource: 'arn:aws:s3:::a',
    context: { 'aws:SourceIp': ['10.0.0.1'], 'aws:UserAgent': [''] },
  },
  decidedBy: 'atoms',
};

describe('renderVerdict', () => {
  it('leads with the result, quotes the statement with its line numbers, then shows the request', () => {
    const text = renderVerdict({ verdict: FAIL, policy: policyOf(TEXT), witnessTitle, check }, page);

    expect(text).toBe(`FAIL  The modified permissions grant new access compared to your existing
      policy.

Everyone can now call, for example, \`s3:DeleteBucket\` on \`arn:aws:s3:::a\`, when
\`aws:SourceIp\` is \`10.0.0.1\` and \`aws:UserAgent\` is empty.

New access in the statement with sid: Wide.
  new.json:4
  4 | {
  5 |   "Sid": "Wide",
  6 |   "Effect": "Allow",
  7 |   "Action": "s3:*",
    |             ^^^^^^ this action
  8 |   "Resource": "*"
    |               ^^^ this resource
  9 | }

A request that only the new document grants:

  principal  everyone
  action     s3:DeleteBucket
  resource   arn:aws:s3:::a
  context    aws:SourceIp = 10.0.0.1
             aws:UserAgent = ""

To fix it: remove that access, or narrow it with a resource, a condition or a
           Deny.
To accept it: use the new document as the existing one in the next check.
`);
  });

  it('shows a removed deny with the lines of the existing document', () => {
    const existing = policyOf(TEXT.replace('"Allow", "Action"', '"Deny", "Action"'));
    const verdict: Verdict = {
      ...FAIL,
      removedDenies: [{ description: 'A Deny stood in the statement with index: 0.', statementIndex: 0 }],
    };

    const text = renderVerdict({ verdict, policy: policyOf(TEXT), existing, witnessTitle, check }, page);

    expect(text).toContain('3 | { "Effect": "Deny", "Action": "s3:GetObject"');
  });

  it('says why nothing is known', () => {
    const verdict: Verdict = {
      result: 'UNKNOWN',
      message: 'The check could not be decided.',
      reasons: [],
      decidedBy: 'z3',
      cause: 'no answer within 10 ms',
    };

    expect(renderVerdict({ verdict, policy: policyOf(TEXT), witnessTitle, check }, page)).toBe(
      'UNKNOWN  The check could not be decided.\n\nWhy: no answer within 10 ms\n\nWhat to do: raise --timeout-ms, or simplify the statement. UNKNOWN is not PASS.\n',
    );
  });

  it('lays out a statement anew when its line is no line that a person wrote', () => {
    const actions = Array.from({ length: 100 }, (_, index) => `s3:Action${index}`);
    const policy = policyOf(
      JSON.stringify({
        Statement: [
          { Effect: 'Allow', Action: actions, Resource: '*' },
          { Effect: 'Allow', Action: '*', Resource: '*' },
        ],
      }),
    );
    const verdict: Verdict = { ...FAIL, reasons: [{ description: 'First.', statementIndex: 0 }] };

    const text = renderVerdict({ verdict, policy, witnessTitle, check }, page);

    expect(text).toContain('   | {\n   |   "Effect": "Allow",\n');
    expect(text).toContain('| … 76 more lines');
  });

  it('passes 80 columns on no line', () => {
    const long = TEXT.replace('s3:GetObject', `s3:Get${'x'.repeat(200)}`);
    const verdict: Verdict = { ...FAIL, reasons: [{ description: 'First.', statementIndex: 0 }] };

    const text = renderVerdict({ verdict, policy: policyOf(long), witnessTitle, check }, page);

    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

describe('visible', () => {
  it('shows control characters instead of sending them to a terminal', () => {
    expect(visible('a\u001b[31mb\u009bc')).toBe('a\\u001b[31mb\\u009bc');
  });
});
