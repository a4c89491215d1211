import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../shared/targets/index.ts';
import { ACCOUNT, awsError, type Call, describeKind, fakeAws, type KindCase, PLACE } from './kindCase.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-1';
const PermissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const place = { InstanceArn, PermissionSetArn };
const OTHER_ACCOUNT = '444455556666';
const CREATED = new Date('2026-01-01T00:00:00Z');

type Assignment = {
  readonly TargetId: string;
  readonly PrincipalType: string;
  readonly PrincipalId: string;
};
type Held = readonly Assignment[] | undefined;
type Input = Assignment & { readonly NextToken?: string; readonly AccountId?: string };

const engineers: Assignment = { TargetId: ACCOUNT, PrincipalType: 'GROUP', PrincipalId: 'g-engineers' };
const auditor: Assignment = { TargetId: ACCOUNT, PrincipalType: 'USER', PrincipalId: 'u-auditor' };
const mallory: Assignment = { TargetId: OTHER_ACCOUNT, PrincipalType: 'USER', PrincipalId: 'u-mallory' };

const same = (a: Assignment, b: Assignment) => a.TargetId === b.TargetId && a.PrincipalId === b.PrincipalId;
const written = ({ TargetId, PrincipalType, PrincipalId }: Assignment) => ({
  ...place,
  TargetId,
  TargetType: 'AWS_ACCOUNT',
  PrincipalType,
  PrincipalId,
});

const answers: KindCase<Held>['answers'] = {
  DescribePermissionSet(_, held) {
    if (held === undefined) throw awsError('ResourceNotFoundException');
    return { PermissionSet: { PermissionSetArn, Name: 'readers', CreatedDate: CREATED } };
  },
  ListAccountAssignmentCreationStatus: () => ({ AccountAssignmentsCreationStatus: [] }),
  ListAccountsForProvisionedPermissionSet: (_, held) => ({
    AccountIds: [...new Set((held ?? []).map(({ TargetId }) => TargetId))],
  }),
  ListAccountAssignments({ AccountId, NextToken }: Input, held) {
    const [first, ...others] = (held ?? []).filter(({ TargetId }) => TargetId === AccountId);
    if (NextToken !== undefined) return { AccountAssignments: others };
    return { AccountAssignments: [first], ...(others.length > 0 ? { NextToken: 'more' } : {}) };
  },
  CreateAccountAssignment(input: Input, held, hold) {
    hold([...(held ?? []), input]);
    return { AccountAssignmentCreationStatus: { Status: 'IN_PROGRESS', RequestId: 'made' } };
  },
  DeleteAccountAssignment(input: Input, held, hold) {
    hold((held ?? []).filter((one) => !same(one, input)));
    return { AccountAssignmentDeletionStatus: { Status: 'IN_PROGRESS', RequestId: 'gone' } };
  },
  DescribeAccountAssignmentCreationStatus: () => ({
    AccountAssignmentCreationStatus: { Status: 'SUCCEEDED', RequestId: 'made' },
  }),
  DescribeAccountAssignmentDeletionStatus: () => ({
    AccountAssignmentDeletionStatus: { Status: 'SUCCEEDED', RequestId: 'gone' },
  }),
  ListInstances: () => ({ Instances: [{ InstanceArn }] }),
  ListPermissionSets: ({ NextToken }: Input) =>
    NextToken === undefined
      ? { PermissionSets: [PermissionSetArn], NextToken: 'more' }
      : { PermissionSets: [`${PermissionSetArn}2`] },
};

const reads: readonly Call[] = [
  ['DescribePermissionSet', place],
  ['ListAccountAssignmentCreationStatus', { InstanceArn, Filter: { Status: 'IN_PROGRESS' } }],
  ['ListAccountsForProvisionedPermissionSet', place],
  ['ListAccountAssignments', { ...place, AccountId: ACCOUNT }],
  ['ListAccountAssignments', { ...place, AccountId: ACCOUNT, NextToken: 'more' }],
];

const kindCase: KindCase<Held> = {
  kind: 'account-assignment',
  arn: PermissionSetArn,
  service: 'ssoAdmin',
  client: SSOAdminClient,
  answers,
  accepted: [engineers, auditor],
  offending: [engineers, mallory],
  another: [],
  missing: undefined,
  reads,
  listCalls: [
    ['ListInstances', {}],
    ['ListPermissionSets', { InstanceArn }],
    ['ListPermissionSets', { InstanceArn, NextToken: 'more' }],
  ],
  listed: [PermissionSetArn, `${PermissionSetArn}2`],
  writes: [
    ['DeleteAccountAssignment', written(mallory)],
    ['CreateAccountAssignment', written(auditor)],
  ],
  halfway: {
    held: [engineers],
    writes: [['CreateAccountAssignment', written(auditor)]],
  },
};
describeKind('the assignments of a permission set', kindCase);

describe('an assignment', () => {
  const adapter = ADAPTERS['account-assignment'];
  const target = { kind: 'account-assignment', arn: PermissionSetArn, ...PLACE } as const;
  const idsOf = ({ parts }: { readonly parts: readonly { readonly id: string }[] }) =>
    parts.map(({ id }) => id);

  it('lets the user take on the role that the permission set has in the account', async () => {
    const { clients } = fakeAws(kindCase, [mallory]);

    const { parts } = await adapter.read(target, clients);

    expect(JSON.parse(parts[0]?.document ?? '')).toMatchObject({
      Statement: [
        {
          Principal: { Federated: InstanceArn },
          Action: 'sts:AssumeRoleWithSAML',
          Resource: `arn:aws:iam::${OTHER_ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_readers`,
          Condition: { StringEquals: { 'ratchet:IdentityCenterUser': 'u-mallory' } },
        },
      ],
    });
  });

  it('cannot be judged where the type of its principal is not known', async () => {
    const { clients } = fakeAws(kindCase, [{ ...mallory, PrincipalType: 'ROBOT' }]);

    expect((await adapter.read(target, clients)).parts).toMatchObject([{ document: undefined }]);
  });

  it('counts from when it was asked for, though AWS has not made it yet', async () => {
    const asked = { Status: 'IN_PROGRESS', ...written(mallory) };
    const others = { ...asked, PermissionSetArn: `${PermissionSetArn}2` };
    const { clients } = fakeAws<Held>(
      {
        ...kindCase,
        answers: {
          ...answers,
          ListAccountAssignmentCreationStatus: ({ NextToken }: Input) =>
            NextToken === undefined
              ? { AccountAssignmentsCreationStatus: [{ RequestId: 'own' }], NextToken: 'more' }
              : { AccountAssignmentsCreationStatus: [{ RequestId: 'others' }] },
          DescribeAccountAssignmentCreationStatus: ({
            AccountAssignmentCreationRequestId: id,
          }: {
            readonly AccountAssignmentCreationRequestId: string;
          }) => ({ AccountAssignmentCreationStatus: id === 'own' ? asked : others }),
        },
      },
      [engineers],
    );

    expect(idsOf(await adapter.read(target, clients))).toEqual([
      `assignment:${ACCOUNT}/GROUP/g-engineers`,
      `assignment:${OTHER_ACCOUNT}/USER/u-mallory`,
    ]);
  });

  it('that AWS fails to take away is told with the reason', async () => {
    const aws = fakeAws<Held>(
      {
        ...kindCase,
        answers: {
          ...answers,
          DeleteAccountAssignment: () => ({
            AccountAssignmentDeletionStatus: { Status: 'FAILED', FailureReason: 'the role is in use' },
          }),
        },
      },
      [engineers],
    );
    const accepted = await adapter.read(target, aws.clients);
    aws.hold([engineers, mallory]);
    const offending = await adapter.read(target, aws.clients);

    const outcome = await adapter.restore({ accepted, offending, isResumed: false }, aws.clients);

    expect(outcome).toMatchObject({
      kind: 'partial',
      calls: [],
      cause: expect.stringContaining('the role is in use'),
    });
  });
});
