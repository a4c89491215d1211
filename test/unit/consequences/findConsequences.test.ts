import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { type Consequences, findConsequences } from '../../../shared/consequences/findConsequences.ts';
import { NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';
import { loadReference } from '../../../shared/reference/reference.ts';

const engine = createEngine({ solver: 'atoms' });
const holder = { arn: 'arn:aws:iam::111122223333:role/dev', policyArns: [], groupArns: [] };

function setOf(statements: readonly object[]): PolicySet {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const result = parsePolicy(text, { policyType: 'IDENTITY_POLICY', sourceName: 'inline' });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return { policies: [{ name: 'inline', policy: result.policy }] };
}

const allow = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
});

const READS = allow('s3:ListAllMyBuckets');

async function consequencesOf(after: object[], before: object[] = [READS]): Promise<Consequences> {
  const [now, then] = [setOf(after), setOf(before)];
  const newAccess = await engine.listNewAccess(then, now);
  return findConsequences(
    { after: now, before: then, holder, knowledge: NOTHING_KNOWN, newAccess },
    engine,
    await loadReference(),
  );
}

describe('grades of what a step adds', () => {
  const rows: readonly [string, object[], string, string | undefined][] = [
    ['everything on everything', [allow('*')], 'CRITICAL', 'administrator'],
    ['writing policies of any role', [allow('iam:PutRolePolicy')], 'CRITICAL', 'iam-put-role-policy'],
    [
      'a way to another principal',
      [allow(['iam:PassRole', 'ec2:RunInstances'])],
      'HIGH',
      'ec2-run-instances',
    ],
    ['every secret', [allow('secretsmanager:GetSecretValue')], 'HIGH', 'secrets'],
    [
      'one secret',
      [
        allow(
          'secretsmanager:GetSecretValue',
          'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf',
        ),
      ],
      'LOW',
      undefined,
    ],
    ['every object', [allow('s3:GetObject')], 'HIGH', 'data-of-everything'],
    ['objects of one bucket', [allow('s3:GetObject', 'arn:aws:s3:::reports/*')], 'LOW', undefined],
    ['policies of every bucket', [allow('s3:PutBucketPolicy')], 'HIGH', 'permissions-management'],
    ['the policy of one bucket', [allow('s3:PutBucketPolicy', 'arn:aws:s3:::reports')], 'MEDIUM', undefined],
    ['stopping trails', [allow('cloudtrail:StopLogging')], 'HIGH', 'logging-and-detection'],
    ['writes on everything', [allow('sqs:SendMessage')], 'MEDIUM', undefined],
    [
      'writes on one resource',
      [allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:jobs')],
      'LOW',
      undefined,
    ],
    ['lists of everything', [allow('ec2:DescribeInstances')], 'LOW', undefined],
    [
      'new log streams',
      [allow('logs:CreateLogStream', 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/app:*')],
      'LOW',
      undefined,
    ],
  ];
  for (const [what, after, grade, first] of rows) {
    it(`grades ${what} ${grade}`, async () => {
      const { grade: found, consequences } = await consequencesOf([READS, ...after]);

      expect({ grade: found, first: consequences[0]?.id }).toEqual({ grade, first });
    });
  }

  it('names nothing that was there before', async () => {
    const before = [allow('iam:PutRolePolicy'), READS];

    const { grade, consequences } = await consequencesOf([...before, allow('sqs:SendMessage')], before);

    expect({ grade, consequences }).toEqual({ grade: 'MEDIUM', consequences: [] });
  });

  it('names no way to become administrator where the step made one', async () => {
    const { consequences } = await consequencesOf([allow('*')]);

    expect(consequences.map(({ id }) => id)).toEqual(['administrator']);
  });

  it('sums up what was added by service, level and breadth, with a request for each', async () => {
    const { added } = await consequencesOf([
      READS,
      allow(['sqs:SendMessage', 'sqs:DeleteMessage']),
      allow('s3:PutObject', 'arn:aws:s3:::reports/*'),
    ]);

    expect(added).toMatchObject([
      {
        service: 'sqs',
        level: 'Write',
        isOnEverything: true,
        actions: ['sqs:SendMessage', 'sqs:DeleteMessage'],
      },
      { service: 's3', level: 'Write', isOnEverything: false, resources: ['arn:aws:s3:::reports/*'] },
    ]);
  });
});
