/** Rounds of control policies, permission sets and their assignments: done, found, restored, heard of without a word. */
import {
  AttachPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DetachPolicyCommand,
  ListPoliciesCommand,
  ListPoliciesForTargetCommand,
  PutResourcePolicyCommand,
  UpdatePolicyCommand,
} from '@aws-sdk/client-organizations';
import {
  AttachManagedPolicyToPermissionSetCommand,
  CreateAccountAssignmentCommand,
  CreatePermissionSetCommand,
  DeleteAccountAssignmentCommand,
  ListPermissionSetsCommand,
  PutInlinePolicyToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin';
import { describe, expect, it } from 'vitest';
import type { AwsClients } from '../../shared/targets/clients.ts';
import {
  ADMINISTRATOR,
  createSetting,
  expectRestored,
  PLACE,
  type Round,
  type Setting,
  settleAndWake,
  text,
} from './setting.ts';

const deny = (...Action: string[]) => text({ Effect: 'Deny', Action, Resource: '*' });
const denyAnybody = (Action: string) => text({ Effect: 'Deny', Principal: '*', Action, Resource: '*' });
const outside = (Action: string) =>
  text({
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-recorded0' } },
  });
const allow = (...Action: string[]) => text({ Effect: 'Allow', Action, Resource: '*' });
const TargetId = 'ou-abcd-11111111';

const policyId = async (
  { organizations }: AwsClients,
  Filter: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY',
  index = 0,
) => (await organizations.send(new ListPoliciesCommand({ Filter }))).Policies?.[index]?.Id ?? '';
const make =
  (Content: string, Type: 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY', Name = 'limit') =>
  (clients: AwsClients) =>
    clients.organizations.send(new CreatePolicyCommand({ Name, Description: '', Type, Content }));
const attached = async (clients: AwsClients) => {
  await make(deny('s3:*'), 'SERVICE_CONTROL_POLICY')(clients);
  const PolicyId = await policyId(clients, 'SERVICE_CONTROL_POLICY');
  await clients.organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }));
};

const delegate = (account: string) => (clients: AwsClients) =>
  clients.organizations.send(
    new PutResourcePolicyCommand({
      Content: text({
        Effect: 'Allow',
        Principal: { AWS: account },
        Action: 'organizations:DescribePolicy',
        Resource: '*',
      }),
    }),
  );

const InstanceArn = 'arn:aws:sso:::instance/ssoins-1111111111111111';
const set = async ({ ssoAdmin }: AwsClients) => {
  const { PermissionSets } = await ssoAdmin.send(new ListPermissionSetsCommand({ InstanceArn }));
  return { InstanceArn, PermissionSetArn: PermissionSets?.[0] };
};
const inline = (InlinePolicy: string) => async (clients: AwsClients) =>
  clients.ssoAdmin.send(new PutInlinePolicyToPermissionSetCommand({ ...(await set(clients)), InlinePolicy }));
const administration = async (clients: AwsClients) =>
  clients.ssoAdmin.send(
    new AttachManagedPolicyToPermissionSetCommand({
      ...(await set(clients)),
      ManagedPolicyArn: ADMINISTRATOR,
    }),
  );
const makeSet = ({ ssoAdmin }: AwsClients) =>
  ssoAdmin.send(new CreatePermissionSetCommand({ InstanceArn, Name: 'readers' }));
const reading = async (clients: AwsClients) => {
  await makeSet(clients);
  await inline(allow('s3:GetObject'))(clients);
};

const assignee = (PrincipalId: string) =>
  ({
    TargetId: '444455556666',
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: 'GROUP',
    PrincipalId,
  }) as const;
const assign = (principalId: string) => async (clients: AwsClients) =>
  clients.ssoAdmin.send(
    new CreateAccountAssignmentCommand({ ...(await set(clients)), ...assignee(principalId) }),
  );

const rounds: readonly Round[] = [
  {
    name: 'a service control policy that denies less',
    before: make(deny('s3:*', 'ec2:*'), 'SERVICE_CONTROL_POLICY'),
    change: async (clients) =>
      clients.organizations.send(
        new UpdatePolicyCommand({
          PolicyId: await policyId(clients, 'SERVICE_CONTROL_POLICY'),
          Content: deny('s3:*'),
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a resource control policy that denies less',
    before: make(denyAnybody('s3:*'), 'RESOURCE_CONTROL_POLICY'),
    change: async (clients) =>
      clients.organizations.send(
        new UpdatePolicyCommand({
          PolicyId: await policyId(clients, 'RESOURCE_CONTROL_POLICY'),
          Content: denyAnybody('s3:PutObject'),
        }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a control policy that was detached',
    before: attached,
    change: async (clients) =>
      clients.organizations.send(
        new DetachPolicyCommand({ PolicyId: await policyId(clients, 'SERVICE_CONTROL_POLICY'), TargetId }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'a control policy that lets one service pass, attached beside one that lets another pass',
    before: async (clients) => {
      await make(allow('s3:*'), 'SERVICE_CONTROL_POLICY')(clients);
      const PolicyId = await policyId(clients, 'SERVICE_CONTROL_POLICY');
      await clients.organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }));
      await clients.organizations.send(new DetachPolicyCommand({ PolicyId: 'p-FullAWSAccess', TargetId }));
      await make(allow('sqs:*'), 'SERVICE_CONTROL_POLICY', 'queues')(clients);
    },
    change: async (clients) =>
      clients.organizations.send(
        new AttachPolicyCommand({ PolicyId: await policyId(clients, 'SERVICE_CONTROL_POLICY', 1), TargetId }),
      ),
    check: 'no-new-access',
  },
  {
    name: 'an account outside that may administer the organization',
    before: delegate('111122223333'),
    change: delegate('444455556666'),
    check: 'no-external-access',
  },
  {
    name: 'a permission set that grants more',
    before: reading,
    change: inline(allow('s3:GetObject', 's3:PutObject')),
    check: 'no-new-access',
  },
  {
    name: 'administration attached to a permission set',
    before: reading,
    change: administration,
    check: 'no-new-access',
  },
  {
    name: 'a Deny that left a permission set',
    before: async (clients) => {
      await makeSet(clients);
      await inline(
        text(
          { Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' },
          { Effect: 'Deny', Action: 's3:*', Resource: '*' },
        ),
      )(clients);
    },
    change: inline(text({ Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' })),
    check: 'no-new-access',
  },
  {
    name: 'somebody more who may sign in to an account',
    before: async (clients) => {
      await makeSet(clients);
      await assign('00000000-0000-4000-8000-000000000001')(clients);
    },
    change: assign('00000000-0000-4000-8000-000000000002'),
    check: 'no-new-access',
  },
  {
    name: 'an assignment in the place of another',
    before: async (clients) => {
      await makeSet(clients);
      await assign('00000000-0000-4000-8000-000000000001')(clients);
    },
    change: async (clients) => {
      await assign('00000000-0000-4000-8000-000000000002')(clients);
      await clients.ssoAdmin.send(
        new DeleteAccountAssignmentCommand({
          ...(await set(clients)),
          ...assignee('00000000-0000-4000-8000-000000000001'),
        }),
      );
    },
    check: 'no-new-access',
  },
];

describe('the guard of control policies, permission sets and their assignments', () => {
  it.each(rounds)('finds $name, and restores what was there', (round) => expectRestored(round));
});

describe('an attached control policy', () => {
  /** All that the guard publishes of the unit after somebody acted, while three sweeps look. */
  async function after(act: (setting: Setting, PolicyId: string) => Promise<unknown>) {
    const setting = createSetting();
    await setting.later(attached);
    await setting.guard.sweep(PLACE);
    await setting.later(async () => undefined);
    await act(setting, await policyId(setting.clients, 'SERVICE_CONTROL_POLICY'));
    await settleAndWake(setting);
    for (let turn = 0; turn < 3; turn++) {
      setting.pass(20);
      for (const request of (await setting.guard.sweep(PLACE)).rollbacks)
        await setting.guard.rollback(request);
      await settleAndWake(setting);
    }
    return setting.published.filter(({ target }) => target.kind === 'organizations-attachment');
  }

  it('whose text a deployer weakens is not restored where it is attached', async () => {
    const told = await after(({ pipeline: { organizations } }, PolicyId) =>
      organizations.send(new UpdatePolicyCommand({ PolicyId, Content: deny('s3:DeleteBucket') })),
    );

    expect(told.map(({ action }) => action.kind)).not.toContain('partial');
    expect(told.map(({ check }) => check)).not.toContain('rollback-breaker');
  });

  it('that was deleted is not attached again, and the finding says why', async () => {
    const told = await after(async ({ clients }, PolicyId) => {
      const { organizations } = clients;
      await organizations.send(new DetachPolicyCommand({ PolicyId, TargetId }));
      await organizations.send(new DeletePolicyCommand({ PolicyId }));
      await make(deny('s3:DeleteBucket'), 'SERVICE_CONTROL_POLICY')(clients);
      const other = await policyId(clients, 'SERVICE_CONTROL_POLICY');
      await organizations.send(new AttachPolicyCommand({ PolicyId: other, TargetId }));
    });

    expect(told.map(({ action }) => [action.kind, action.why])).toContainEqual([
      'declined',
      expect.stringMatching(/^control policy p-\w+ was deleted/),
    ]);
    expect(told.map(({ check }) => check)).not.toContain('rollback-breaker');
  });
});

/** Service control policies limit nobody outside the organization; resource control policies limit nothing outside it. */
describe.each([
  ['service', deny('s3:*'), denyAnybody('s3:*')],
  ['resource', deny('s3:*'), outside('s3:*')],
] as const)(
  'a %s control policy beside one of the other type that denies the same',
  (which, service, resource) => {
    const types = { service: 'SERVICE_CONTROL_POLICY', resource: 'RESOURCE_CONTROL_POLICY' } as const;

    it('is told and restored where somebody detaches it', async () => {
      const setting = createSetting();
      const { organizations } = setting.pipeline;
      const ids = new Map<string, string | undefined>();
      await setting.later(async () => {
        for (const [Type, Content] of [
          [types.service, service],
          [types.resource, resource],
        ] as const) {
          const { Policy } = await organizations.send(
            new CreatePolicyCommand({ Name: Type, Description: '', Type, Content }),
          );
          const PolicyId = Policy?.PolicySummary?.Id;
          await organizations.send(new AttachPolicyCommand({ PolicyId, TargetId }));
          ids.set(Type, PolicyId);
        }
      });
      await setting.later(async () => undefined);
      const PolicyId = ids.get(types[which]);

      await setting.clients.organizations.send(new DetachPolicyCommand({ PolicyId, TargetId }));
      await settleAndWake(setting);

      const asked = new ListPoliciesForTargetCommand({ TargetId, Filter: types[which] });
      expect((await organizations.send(asked)).Policies?.map(({ Id }) => Id)).toContain(PolicyId);
      expect([...setting.told().values()]).toMatchObject([{ severity: 'HIGH', status: 'ROLLED_BACK' }]);
    });
  },
);
