/** One finding that every test of this room starts from. */
import { FINDING_SCHEMA_VERSION, type Finding } from '../../../shared/findings/finding.ts';
import type { TargetRef } from '../../../shared/targets/target.ts';

export const bucket: TargetRef = {
  kind: 'bucket-policy',
  arn: 'arn:aws:s3:::reports',
  accountId: '111122223333',
  region: 'eu-west-1',
};

/** Returns a finding about a bucket that became public, with `more` of it changed. */
export function aFinding(more: Partial<Finding> = {}): Finding {
  return {
    schemaVersion: FINDING_SCHEMA_VERSION,
    id: 'a'.repeat(32),
    target: bucket,
    check: 'no-public-access',
    result: 'FAIL',
    severity: 'CRITICAL',
    status: 'ACTIVE',
    title: 'public access: anyone, without signing in, can call `s3:GetObject` on `arn:aws:s3:::reports/x`',
    message: 'The resource policy grants public access for the given resource type.',
    witness: {
      principal: { type: 'Anonymous', value: '' },
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::reports/x',
      context: {},
    },
    statements: [
      {
        statementIndex: 0,
        description: 'Public access granted in the following statement with index: 0.',
        lines: [{ number: 3, text: '{ "Effect": "Allow" }' }],
      },
    ],
    removedDenies: [],
    notes: [],
    decidedBy: 'atoms',
    acceptedHash: 'b',
    liveHash: 'c',
    change: {
      eventId: 'e',
      eventName: 'PutBucketPolicy',
      eventSource: 's3.amazonaws.com',
      eventTime: '2026-03-01T12:00:00Z',
      actorArn: 'arn:aws:iam::111122223333:user/Mallory',
      actorId: 'AIDA',
    },
    action: { kind: 'planned', why: 'the accepted version will be restored', at: '2026-03-01T12:00:01.000Z' },
    acceptWith: `ratchet approve ${'a'.repeat(32)}`,
    undoWith: 'aws s3api put-bucket-policy with the policy before',
    openedAt: '2026-03-01T12:00:01.000Z',
    updatedAt: '2026-03-01T12:00:01.000Z',
    occurrences: 1,
    revision: 1,
    publishedRevision: 0,
    ...more,
  };
}
