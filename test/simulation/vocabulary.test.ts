/** The reference by which histories are judged agrees with the engine on every pair of the vocabulary. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/checks/index.ts';
import type { Snapshot, TargetKind } from '../../shared/targets/target.ts';
import {
  ACCOUNT,
  bucketDocument,
  identityDocument,
  newlyGranted,
  toSet,
  trustDocument,
} from './vocabulary.ts';

const engine = createEngine({ solver: 'atoms', linkPrincipal: true });

const CASES = [
  {
    kind: 'managed-policy',
    arn: `arn:aws:iam::${ACCOUNT}:policy/p`,
    role: 'grant',
    document: identityDocument,
  },
  {
    kind: 'role-trust',
    arn: `arn:aws:iam::${ACCOUNT}:role/r`,
    role: 'resource',
    document: trustDocument,
  },
  {
    kind: 'bucket-policy',
    arn: 'arn:aws:s3:::data',
    role: 'resource',
    document: bucketDocument('data'),
  },
] as const;

function content(kind: TargetKind, arn: string, role: 'grant' | 'resource', document: string) {
  const target = { kind, arn, accountId: ACCOUNT, region: 'us-east-1' };
  return { target, parts: [{ id: 'document', role, document }] } satisfies Pick<Snapshot, 'target' | 'parts'>;
}

describe('the requests of the vocabulary', () => {
  it.each(CASES)(
    'show new access of a $kind iff the engine proves it',
    async ({ kind, arn, role, document }) => {
      await fc.assert(
        fc.asyncProperty(document, document, async (before, after) => {
          const [was, is] = [content(kind, arn, role, before), content(kind, arn, role, after)];
          const { result } = await engine.checkNoNewAccess(toSet(was.parts), toSet(is.parts));

          expect(result).toBe(newlyGranted(was, is).length > 0 ? 'FAIL' : 'PASS');
        }),
        { numRuns: 400 },
      );
    },
  );
});
