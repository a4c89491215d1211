import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const organization = `arn:aws:organizations::${ACCOUNT}`;
const POLICY = `${organization}:policy/o-a1b2c3d4e5/service_control_policy/p-limit`;
const RESOURCE = `${organization}:policy/o-a1b2c3d4e5/resource_control_policy/p-rcp`;
const UNIT = `${organization}:ou/o-a1b2c3d4e5/ou-1`;
const FULL = 'p-FullAWSAccess';

const denying = (action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: action, Resource: '*' }] });
const ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

const OWN = { Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: ACCOUNT } };

type Input = { readonly [name: string]: string | undefined };
type Text = { readonly content: string } | undefined;

const policyCase: KindCase<Text> = {
  kind: 'organizations-policy',
  arn: POLICY,
  service: 'organizations',
  client: OrganizationsClient,
  answers: {
    DescribeOrganization: () => OWN,
    DescribePolicy(_, held) {
      if (held === undefined) throw awsError('PolicyNotFoundException');
      return { Policy: { Content: held.content, PolicySummary: { Id: 'p-limit', Arn: POLICY } } };
    },
    ListPolicies: ({ Filter, NextToken }: Input) =>
      Filter === 'RESOURCE_CONTROL_POLICY'
        ? {
            Policies: [
              { Arn: RESOURCE },
              { Arn: 'arn:aws:organizations::aws:policy/x/p-y', AwsManaged: true },
            ],
          }
        : NextToken === undefined
          ? { Policies: [{ Arn: POLICY }], NextToken: 'more' }
          : { Policies: [{ Arn: `${POLICY}2` }] },
    UpdatePolicy: ({ Content = '' }: Input, _, hold) => hold({ content: Content }),
  },
  accepted: { content: denying('s3:*') },
  from: { content: denying('s3:PutObject') },
  another: { content: denying('ec2:*') },
  missing: undefined,
  reads: [['DescribePolicy', { PolicyId: 'p-limit' }]],
  listCalls: [
    ['DescribeOrganization', {}],
    ['ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY' }],
    ['ListPolicies', { Filter: 'SERVICE_CONTROL_POLICY', NextToken: 'more' }],
    ['ListPolicies', { Filter: 'RESOURCE_CONTROL_POLICY' }],
  ],
  listed: [POLICY, `${POLICY}2`, RESOURCE],
  writes: [['UpdatePolicy', { PolicyId: 'p-limit', Content: denying('s3:*') }]],
};
describeKind('a control policy', policyCase);

type Attached = { readonly ids: readonly string[] } | undefined;

const summaries: { readonly [id: string]: object } = {
  [FULL]: {
    Id: FULL,
    Arn: `arn:aws:organizations::aws:policy/service_control_policy/${FULL}`,
    Name: 'FullAWSAccess',
  },
  'p-limit': { Id: 'p-limit', Arn: POLICY, Name: 'limit' },
  'p-tower': { Id: 'p-tower', Arn: `${POLICY}3`, Name: 'aws-guardrails-abc' },
  'p-rcp': { Id: 'p-rcp', Arn: RESOURCE, Name: 'perimeter' },
};
const contents: { readonly [id: string]: string } = {
  [FULL]: ALL,
  'p-limit': denying('s3:*'),
  'p-tower': denying('ec2:*'),
};

const attachmentCase: KindCase<Attached> = {
  kind: 'organizations-attachment',
  arn: UNIT,
  service: 'organizations',
  client: OrganizationsClient,
  answers: {
    DescribeOrganization: () => OWN,
    ListPoliciesForTarget({ Filter }: Input, held) {
      if (held === undefined) throw awsError('TargetNotFoundException');
      if (Filter !== 'SERVICE_CONTROL_POLICY')
        return { Policies: [{ Id: 'p-RCPFullAWSAccess', Arn: 'arn:aws:organizations::aws:policy/x' }] };
      return { Policies: held.ids.map((id) => summaries[id]) };
    },
    DescribePolicy: ({ PolicyId = '' }: Input) => ({ Policy: { Content: contents[PolicyId] } }),
    AttachPolicy: ({ PolicyId = '' }: Input, held, hold) => hold({ ids: [...(held?.ids ?? []), PolicyId] }),
    DetachPolicy: ({ PolicyId }: Input, held, hold) =>
      hold({ ids: (held?.ids ?? []).filter((id) => id !== PolicyId) }),
    ListRoots: () => ({ Roots: [{ Id: 'r-1', Arn: `${organization}:root/o-a1b2c3d4e5/r-1` }] }),
    ListOrganizationalUnitsForParent: ({ ParentId, NextToken }: Input) =>
      ParentId === 'ou-1'
        ? {}
        : NextToken === undefined
          ? { OrganizationalUnits: [{ Id: 'ou-1', Arn: UNIT }], NextToken: 'more' }
          : {},
    ListAccounts: () => ({ Accounts: [{ Arn: `${organization}:account/o-a1b2c3d4e5/${ACCOUNT}` }] }),
  },
  accepted: { ids: [FULL, 'p-limit'] },
  from: { ids: [FULL] },
  another: { ids: [FULL, 'p-tower'] },
  missing: undefined,
  reads: [
    ['ListPoliciesForTarget', { TargetId: 'ou-1', Filter: 'SERVICE_CONTROL_POLICY' }],
    ['DescribePolicy', { PolicyId: FULL }],
    ['DescribePolicy', { PolicyId: 'p-limit' }],
    ['ListPoliciesForTarget', { TargetId: 'ou-1', Filter: 'RESOURCE_CONTROL_POLICY' }],
  ],
  listCalls: [
    ['DescribeOrganization', {}],
    ['ListRoots', {}],
    ['ListOrganizationalUnitsForParent', { ParentId: 'r-1' }],
    ['ListOrganizationalUnitsForParent', { ParentId: 'r-1', NextToken: 'more' }],
    ['ListOrganizationalUnitsForParent', { ParentId: 'ou-1' }],
    ['ListAccounts', {}],
  ],
  listed: [`${organization}:root/o-a1b2c3d4e5/r-1`, UNIT, `${organization}:account/o-a1b2c3d4e5/${ACCOUNT}`],
  writes: [['AttachPolicy', { PolicyId: 'p-limit', TargetId: 'ou-1' }]],
};
describeKind('what is attached to an organizational unit', attachmentCase);

describe('what is attached to an organizational unit', () => {
  const adapter = ADAPTERS['organizations-attachment'];
  const target = { kind: 'organizations-attachment', arn: UNIT, ...PLACE } as const;

  async function restored(accepted: Attached, from: Attached) {
    const aws = fakeAws(attachmentCase, accepted);
    const before = await adapter.read(target, aws.clients);
    aws.hold(from);
    const after = await adapter.read(target, aws.clients);
    const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);
    return { outcome, writes: aws.writes() };
  }

  it('is swapped with what was there attached first: the last policy cannot be detached', async () => {
    const { writes } = await restored({ ids: ['p-limit'] }, { ids: [FULL] });

    expect(writes.map(([operation]) => operation)).toEqual(['AttachPolicy', 'DetachPolicy']);
  });

  it('is not restored where Control Tower owns it, or where the type of policy was switched', async () => {
    const tower = await restored({ ids: [FULL, 'p-tower'] }, { ids: [FULL] });
    const switched = await restored({ ids: [FULL] }, { ids: [] });

    expect(tower.outcome).toMatchObject({
      kind: 'cannot-undo',
      cause: expect.stringContaining('Control Tower'),
    });
    expect(switched.outcome).toMatchObject({
      kind: 'cannot-undo',
      cause: expect.stringContaining('switched'),
    });
    expect([...tower.writes, ...switched.writes]).toEqual([]);
  });

  it.each([
    ['r-1', `${organization}:root/o-a1b2c3d4e5/r-1`],
    ['ou-1', UNIT],
    [ACCOUNT, `${organization}:account/o-a1b2c3d4e5/${ACCOUNT}`],
  ])('is found by the id %s that events give', async (id, arn) => {
    const { clients } = fakeAws(attachmentCase, undefined);

    const whole = await adapter.resolve?.({ ...target, arn: `${organization}:target/${id}` }, clients);

    expect(whole?.map((one) => one.arn)).toEqual([arn]);
  });

  it('is listed nowhere but in the account that manages the organization', async () => {
    const { clients } = fakeAws(attachmentCase, undefined);
    const found: unknown[] = [];

    for await (const one of adapter.list(clients, { ...PLACE, accountId: '444455556666' })) found.push(one);

    expect(found).toEqual([]);
  });
});
