import { describe, expect, it } from 'vitest';
import { createApprove } from '../../../functions/approve/approve.ts';
import type { ApproveOutcome, ApproveRequest } from '../../../shared/guard/contract.ts';
import { silentLogger } from '../../../shared/runtime/logger.ts';
import { madeFinding } from '../cli/finding.ts';

const ID = '0123456789abcdef0123456789abcdef';
const REQUEST = { findingId: ID, who: 'Ada', why: 'reviewed' };

function approving(outcome: ApproveOutcome) {
  const asked: ApproveRequest[] = [];
  const approve = createApprove({
    guard: {
      async approve(request) {
        asked.push(request);
        return outcome;
      },
    },
    logger: silentLogger,
  });
  return { approve, asked };
}

describe('an approval', () => {
  it('is handed to the guard with who and why, and answered with what it ended', async () => {
    const { approve, asked } = approving({ kind: 'approved', findings: [madeFinding({ id: ID })] });

    expect(await approve(REQUEST)).toEqual({ kind: 'approved', findings: [ID] });
    expect(asked).toEqual([REQUEST]);
  });

  it.each([
    [undefined, 'the request must be an object with findingId, who and why'],
    [{ ...REQUEST, findingId: '0123' }, 'findingId must be the 32 hex digits of a finding'],
    [{ ...REQUEST, who: ' ' }, 'who must not be empty'],
    [{ findingId: ID, who: 'Ada' }, 'why is needed, as text'],
    [
      { ...REQUEST, force: true },
      'force is not known; the request takes findingId, who, why and expectedHash',
    ],
  ])('is refused when something is missing: %j', async (request, why) => {
    const { approve, asked } = approving({ kind: 'approved', findings: [] });

    expect(await approve(request)).toMatchObject({ kind: 'bad-request', why: expect.stringContaining(why) });
    expect(asked).toEqual([]);
  });

  it('is refused when the document changed since, with the newer findings', async () => {
    const target = madeFinding().target;
    const { approve } = approving({
      kind: 'changed-since',
      why: 'it is another',
      examined: {
        target,
        kind: 'findings',
        unpublished: 0,
        findings: [madeFinding({ id: 'b'.repeat(32), status: 'RESOLVED' })],
      },
      newer: [madeFinding({ id: 'a'.repeat(32) })],
    });

    expect(await approve(REQUEST)).toEqual({
      kind: 'changed-since',
      why: 'it is another',
      newer: ['a'.repeat(32)],
    });
  });

  it.each<ApproveOutcome>([
    { kind: 'not-found', why: 'there is none' },
    { kind: 'busy', why: 'a rollback is at work' },
  ])('says why it could not be done: $kind', async (outcome) => {
    expect(await approving(outcome).approve(REQUEST)).toEqual(outcome);
  });

  it('says so when the finding is closed already', async () => {
    const { approve } = approving({ kind: 'already-closed', finding: madeFinding({ status: 'RESOLVED' }) });

    expect(await approve(REQUEST)).toEqual({
      kind: 'already-closed',
      why: 'the finding is already closed: RESOLVED',
    });
  });
});
