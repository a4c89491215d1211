import { SSOAdminClient } from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { ACCOUNT, awsError, type Call, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const InstanceArn = 'arn:aws:sso:::instance/ssoins-1';
const PermissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-1';
const OTHER_SET = 'arn:aws:sso:::permissionSet/ssoins-1/ps-2';
const placeOf = (set: string) => ({ InstanceArn, PermissionSetArn: set });
const account = '444455556666';
const arn = `arn:aws:sso:::account/${account}`;

type Assignment = {
  readonly PermissionSetArn: string;
  readonly PrincipalType: string;
  readonly PrincipalId: string;
};
type Held = readonly Assignment[] | undefined;
type Input = Assignment & { readonly NextToken?: string; readonly AccountId?: string };

const engineers: Assignment = { PermissionSetArn, PrincipalType: 'GROUP', PrincipalId: 'g-engineers' };
const auditor: Assignment = { PermissionSetArn, PrincipalType: 'USER', PrincipalId: 'u-auditor' };
const mallory: Assignment = { PermissionSetArn: OTHER_SET, PrincipalType: 'USER', PrincipalId: 'u-mallory' };

const same = (a: Assignment, b: Assignment) =>
  a.PermissionSetArn === b.PermissionSetArn && a.PrincipalId === b.PrincipalId;
const written = ({ PermissionSetArn: set, PrincipalType, PrincipalId }: Assignment) => ({
  ...placeOf(set),
  TargetId: account,
  TargetType: 'AWS_ACCOUNT',
  PrincipalType,
  PrincipalId,
});

const answers: KindCase<Held>['answers'] = {
  ListInstances: ({ NextToken }: Input) =>
    NextToken === undefined ? { Instances: [{ InstanceArn }], NextToken: 'more' } : { Instances: [] },
  ListAccountAssignmentCreationStatus: () => ({ AccountAssignmentsCreationStatus: [] }),
  ListPermissionSetsProvisionedToAccount(_, held) {
    if (held === undefined) throw awsError('ResourceNotFoundException');
    return { PermissionSets: [...new Set(held.map(({ PermissionSetArn: set }) => set))] };
  },
  ListAccountAssignments({ PermissionSetArn: set, NextToken }: Input, held) {
    const [first, ...others] = (held ?? []).filter((one) => one.PermissionSetArn === set);
    if (NextToken !== undefined) return { AccountAssignments: others };
    return { AccountAssignments: [first], ...(others.length > 0 ? { NextToken: 'more' } : {}) };
  },
  DescribePermissionSet: ({ PermissionSetArn: set }: Input) => ({
    PermissionSet: { Name: set === OTHER_SET ? 'admins' : 'readers' },
  }),
  ListAccounts: ({ NextToken }: Input) =>
    NextToken === undefined
      ? { Accounts: [{ Id: account }], NextToken: 'more' }
      : { Accounts: [{ Id: ACCOUNT }] },
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
};

const reads: readonly Call[] = [
  ['ListInstances', {}],
  ['ListInstances', { NextToken: 'more' }],
  ['ListAccountAssignmentCreationStatus', { InstanceArn, Filter: { Status: 'IN_PROGRESS' } }],
  ['ListPermissionSetsProvisionedToAccount', { InstanceArn, AccountId: account }],
  ['ListAccountAssignments', { ...placeOf(PermissionSetArn), AccountId: account }],
  ['ListAccountAssignments', { ...placeOf(PermissionSetArn), AccountId: account, NextToken: 'more' }],
  ['DescribePermissionSet', placeOf(PermissionSetArn)],
];

const kindCase: KindCase<Held> = {
  kind: 'account-assignment',
  arn,
  service: 'ssoAdmin',
  also: ['organizations'],
  client: SSOAdminClient,
  answers,
  accepted: [engineers, auditor],
  from: [engineers, mallory],
  another: [],
  missing: undefined,
  reads,
  listCalls: [
    ['ListInstances', {}],
    ['ListInstances', { NextToken: 'more' }],
    ['ListAccounts', {}],
    ['ListAccounts', { NextToken: 'more' }],
  ],
  listed: [arn, `arn:aws:sso:::account/${ACCOUNT}`],
  writes: [
    ['DeleteAccountAssignment', written(mallory)],
    ['CreateAccountAssignment', written(auditor)],
  ],
  halfway: {
    held: [engineers],
    writes: [['CreateAccountAssignment', written(auditor)]],
  },
};
describeKind('the assignments of an account', kindCase);

describe('an assignment', () => {
  const adapter = ADAPTERS['account-assignment'];
  const target = { kind: 'account-assignment', arn, ...PLACE } as const;
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
          Resource: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_admins`,
          Condition: { StringEquals: { 'ratchet:IdentityCenterUser': 'u-mallory' } },
        },
      ],
    });
  });

  it('cannot be judged where the type of its principal is not known', async () => {
    const { clients } = fakeAws(kindCase, [{ ...mallory, PrincipalType: 'ROBOT' }]);

    expect((await adapter.read(target, clients)).parts).toMatchObject([{ document: undefined }]);
  });

  it('is none in an account that never had a permission set, and nowhere without an instance', async () => {
    const never = fakeAws<Held>(kindCase, undefined);
    const nowhere = fakeAws<Held>(
      { ...kindCase, answers: { ...answers, ListInstances: () => ({ Instances: [] }) } },
      [mallory],
    );

    expect(await adapter.read(target, never.clients)).toMatchObject({ exists: true, parts: [] });
    expect(await adapter.read(target, nowhere.clients)).toMatchObject({ exists: false, parts: [] });
  });

  it('counts from when it was asked for, though AWS has not made it yet', async () => {
    const asked = { Status: 'IN_PROGRESS', ...written(mallory) };
    const others = { ...asked, TargetId: ACCOUNT };
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
      `assignment:${PermissionSetArn}/GROUP/g-engineers`,
      `assignment:${OTHER_SET}/USER/u-mallory`,
    ]);
  });

  it('is looked for nowhere but in the account that has the instance, and the organization', async () => {
    const listed = async (more: KindCase<Held>['answers']) => {
      const { clients } = fakeAws<Held>({ ...kindCase, answers: { ...answers, ...more } }, []);
      const found: string[] = [];
      for await (const one of adapter.list(clients, PLACE)) found.push(one.arn);
      return found;
    };

    expect(await listed({ ListInstances: () => ({ Instances: [] }) })).toEqual([]);
    expect(
      await listed({
        ListAccounts: () => {
          throw awsError('AccessDeniedException');
        },
      }),
    ).toEqual([]);
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
    const from = await adapter.read(target, aws.clients);

    const outcome = await adapter.restore({ accepted, from }, aws.clients);

    expect(outcome).toMatchObject({
      kind: 'partial',
      calls: [],
      cause: expect.stringContaining('the role is in use'),
    });
  });
});
