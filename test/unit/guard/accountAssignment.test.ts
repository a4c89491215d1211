/** Who is assigned a permission set, as the guard judges it and how grave that is. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { NOTHING_KNOWN } from '../../../shared/consequences/holder.ts';
import { describeUndo } from '../../../shared/findings/describeUndo.ts';
import type { Severity } from '../../../shared/findings/finding.ts';
import { judgeStep } from '../../../shared/guard/judge/judgeStep.ts';
import { defaultConfig } from '../../../shared/runtime/loadConfig.ts';
import { ADAPTERS } from '../../../shared/services/index.ts';
import {
  type Assignment,
  accountAssignmentDocument,
} from '../../../shared/services/sso/accountAssignmentDocument.ts';
import { makeSnapshot } from '../../../shared/targets/snapshot.ts';
import type { Snapshot } from '../../../shared/targets/target.ts';

const adapter = ADAPTERS['account-assignment'];
const target = {
  kind: 'account-assignment',
  arn: 'arn:aws:sso:::account/111122223333',
  accountId: '111122223333',
  region: 'eu-west-1',
} as const;
const SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const instanceArn = 'arn:aws:sso:::instance/ssoins-1';
const engineers: Assignment = { account: '111122223333', principalType: 'GROUP', principalId: 'engineers' };
const mallory: Assignment = { account: '111122223333', principalType: 'USER', principalId: 'mallory' };

const assigned = (setName: string, ...assignments: readonly Assignment[]): Snapshot =>
  makeSnapshot({
    target,
    exists: true,
    parts: assignments.map((assignment) => ({
      id: `assignment:${SET}/${assignment.principalType}/${assignment.principalId}`,
      role: 'resource',
      document: accountAssignmentDocument(assignment, { instanceArn, setName }),
    })),
  });

/** What sets of administrators are called is each organization's own matter. */
const ADMINISTRATORS = {
  name: 'administrators',
  actions: ['sts:AssumeRoleWithSAML'],
  resources: ['arn:*:iam::*:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess'],
};

async function told(
  before: Snapshot,
  after: Snapshot,
  { criticalAccess = defaultConfig().criticalAccess, inSet = undefined as Severity | undefined } = {},
) {
  const answers = await judgeStep(
    { before, after },
    {
      engine: createEngine({ solver: 'atoms', linkPrincipal: true }),
      config: { ...defaultConfig(), criticalAccess },
      adapter,
      knowledge: async () => NOTHING_KNOWN,
      permissionSetGrade: async () => inSet,
      uniqueIdsOf: async () => [],
      isClosedBucket: async () => false,
    },
  );
  return answers.map((answer) => ({ ...answer, undoWith: describeUndo(after, before) }));
}

describe('an assignment of a permission set', () => {
  it('to somebody new is new access, and grave: all that the set grants is gained at once', async () => {
    const findings = await told(assigned('readers', engineers), assigned('readers', engineers, mallory));

    expect(findings).toMatchObject([
      {
        check: 'no-new-access',
        grade: 'HIGH',
        title: 'user `mallory` is assigned the permission set `readers` in account `111122223333`',
        undoWith: expect.stringContaining(
          'delete-account-assignment --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --target-type AWS_ACCOUNT --target-id 111122223333 --principal-type USER --principal-id mallory',
        ),
      },
    ]);
  });

  it.each([
    ['CRITICAL', 'HIGH'],
    ['HIGH', 'HIGH'],
    ['MEDIUM', 'MEDIUM'],
    ['LOW', 'LOW'],
    [undefined, 'HIGH'],
  ] as const)('of a set that gives what is %s is %s', async (inSet, grade) => {
    const findings = await told(assigned('readers'), assigned('readers', mallory), { inSet });

    expect(findings).toMatchObject([{ grade }]);
  });

  it('of a set that the configuration lists is critical, and of another is not', async () => {
    const gained = (setName: string) =>
      told(assigned(setName), assigned(setName, mallory), { criticalAccess: [ADMINISTRATORS] });

    expect(await gained('AdministratorAccess')).toMatchObject([
      { check: 'access-not-granted', listName: 'administrators', grade: 'CRITICAL' },
      { check: 'no-new-access', grade: 'HIGH' },
    ]);
    expect(await gained('readers')).toMatchObject([{ check: 'no-new-access' }]);
  });

  it('taken away is nothing new', async () => {
    expect(await told(assigned('readers', engineers, mallory), assigned('readers', engineers))).toEqual([]);
  });
});
