import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCommand } from './command.ts';

const { folder, run } = builtCommand();

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
const allow = (Action: string | string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

const tighten = (...more: string[]) =>
  run([
    'tighten',
    '--existing-policy-document',
    'earlier.json',
    '--new-policy-document',
    'wider.json',
    '--policy-type',
    'IDENTITY_POLICY',
    ...more,
  ]);

beforeAll(() => {
  writeFileSync(join(folder, 'earlier.json'), policy(allow(['s3:GetObject', 'sqs:*'])));
  writeFileSync(join(folder, 'wider.json'), policy(allow(['s3:*', 'iam:PassRole'])));
});

describe('tighten', () => {
  it('prints the text, what was taken out, and that it passes', async () => {
    const { status, stdout, stderr } = await tighten();

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`${policy(allow('s3:GetObject'))}

statement 0: narrows the actions s3:*, iam:PassRole to s3:GetObject
It grants everything that both documents grant.
check-no-new-access: PASS
`);
  });

  it('says that a control policy lets pass, since it grants nothing', async () => {
    const { stdout } = await tighten('--policy-type', 'SERVICE_CONTROL_POLICY');

    expect(stdout).toContain('It lets pass everything that both documents let pass.');
  });

  it('gives programs one object', async () => {
    const { status, stdout } = await tighten('--output', 'json');

    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'tightened',
      policy: { Statement: [{ Action: 's3:GetObject' }] },
      isExisting: false,
      losesOld: false,
      changes: [{ statementIndex: 0 }],
      verdict: { result: 'PASS' },
    });
  });
});
