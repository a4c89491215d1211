/** A finding as the guard makes them, to be changed in one member by a test. */
import type { Finding } from '../../../shared/findings/finding.ts';

/** Returns a finding of new access with `changes`. */
export function madeFinding(changes: Partial<Finding> = {}): Finding {
  return {
    schemaVersion: 2,
    id: '0123456789abcdef0123456789abcdef',
    target: {
      kind: 'bucket-policy',
      arn: 'arn:aws:s3:::reports',
      accountId: '111122223333',
      region: 'us-east-1',
    },
    check: 'no-new-access',
    result: 'FAIL',
    severity: 'HIGH',
    status: 'ACTIVE',
    title: 'new access: anyone can now call `s3:GetObject` on `arn:aws:s3:::reports/a`',
    message: 'The modified permissions grant new access compared to your existing policy.',
    witness: {
      principal: { type: 'Anonymous', value: '' },
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::reports/a',
      context: {},
    },
    statements: [
      {
        statementIndex: 0,
        description: 'New access in the statement with index: 0.',
        lines: [{ number: 4, text: '{ "Effect": "Allow" }' }],
      },
    ],
    removedDenies: [],
    notes: [],
    decidedBy: 'atoms',
    acceptedHash: 'a',
    liveHash: 'b',
    action: {
      kind: 'observed',
      why: 'the configuration says to observe this target',
      at: '2026-01-01T00:00:00.000Z',
    },
    acceptWith: 'ratchet approve 0123456789abcdef0123456789abcdef',
    undoWith: 'put the policy before',
    openedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    occurrences: 1,
    revision: 1,
    publishedRevision: 0,
    ...changes,
  };
}
