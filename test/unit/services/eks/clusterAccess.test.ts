import { EKSClient } from '@aws-sdk/client-eks';
import { describe, expect, it } from 'vitest';
import { accessEntryDocument, entriesOf } from '../../../../shared/services/eks/clusterAccessDocument.ts';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { makeSnapshot } from '../../../../shared/targets/snapshot.ts';
import type { Snapshot } from '../../../../shared/targets/target.ts';
import { ACCOUNT, awsError, describeKind, PLACE } from '../kindCase.ts';

type Policy = { readonly policyArn: string; readonly accessScope: object };
type Entry = { readonly kubernetesGroups: readonly string[]; readonly policies: readonly Policy[] };
type Held = { readonly [principalArn: string]: Entry } | undefined;
type Input = { readonly principalArn: string; readonly policyArn?: string; readonly nextToken?: string };

const arn = `arn:aws:eks:${PLACE.region}:${ACCOUNT}:cluster/web`;
const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/Deployer`;
const MALLORY = `arn:aws:iam::${ACCOUNT}:user/mallory`;
const VIEW = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
const ADMIN = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy';
const clusterName = 'web';
const viewed: Policy = { policyArn: VIEW, accessScope: { type: 'namespace', namespaces: ['shop'] } };

const entryOf = (held: Held, principalArn: string): Entry =>
  held?.[principalArn] ?? { kubernetesGroups: [], policies: [] };

describeKind<Held>('the access entries of a cluster', {
  kind: 'cluster-access',
  arn,
  service: 'eks',
  client: EKSClient,
  answers: {
    DescribeCluster(_, held) {
      if (held === undefined) throw awsError('ResourceNotFoundException');
      return { cluster: { createdAt: new Date('2026-01-01T00:00:00Z') } };
    },
    ListAccessEntries: (_, held) => ({ accessEntries: Object.keys(held ?? {}) }),
    DescribeAccessEntry: ({ principalArn }: Input, held) => ({
      accessEntry: { type: 'STANDARD', kubernetesGroups: entryOf(held, principalArn).kubernetesGroups },
    }),
    ListAssociatedAccessPolicies: ({ principalArn }: Input, held) => ({
      associatedAccessPolicies: entryOf(held, principalArn).policies,
    }),
    ListClusters: ({ nextToken }: Input) =>
      nextToken === undefined ? { clusters: ['web'], nextToken: 'more' } : { clusters: ['batch'] },
    DeleteAccessEntry({ principalArn }: Input, held, hold) {
      const { [principalArn]: _, ...others } = held ?? {};
      hold(others);
    },
    DisassociateAccessPolicy({ principalArn, policyArn }: Input, held, hold) {
      const entry = entryOf(held, principalArn);
      hold({
        ...held,
        [principalArn]: { ...entry, policies: entry.policies.filter((one) => one.policyArn !== policyArn) },
      });
    },
    UpdateAccessEntry({ principalArn, kubernetesGroups }: Input & Entry, held, hold) {
      hold({ ...held, [principalArn]: { ...entryOf(held, principalArn), kubernetesGroups } });
    },
    AssociateAccessPolicy({ principalArn, policyArn, accessScope }: Input & Policy, held, hold) {
      const entry = entryOf(held, principalArn);
      const policies = [
        ...entry.policies.filter((one) => one.policyArn !== policyArn),
        { policyArn, accessScope },
      ];
      hold({ ...held, [principalArn]: { ...entry, policies } });
    },
  },
  accepted: { [DEPLOYER]: { kubernetesGroups: ['deployers'], policies: [viewed] } },
  from: {
    [DEPLOYER]: {
      kubernetesGroups: ['deployers', 'system:masters'],
      policies: [
        { policyArn: ADMIN, accessScope: { type: 'cluster' } },
        { policyArn: VIEW, accessScope: { type: 'cluster' } },
      ],
    },
    [MALLORY]: { kubernetesGroups: [], policies: [{ policyArn: ADMIN, accessScope: { type: 'cluster' } }] },
  },
  another: {},
  missing: undefined,
  reads: [
    ['DescribeCluster', { name: 'web' }],
    ['ListAccessEntries', { clusterName }],
    ['DescribeAccessEntry', { clusterName, principalArn: DEPLOYER }],
    ['ListAssociatedAccessPolicies', { clusterName, principalArn: DEPLOYER }],
  ],
  listCalls: [
    ['ListClusters', {}],
    ['ListClusters', { nextToken: 'more' }],
  ],
  listed: [arn, arn.replace('web', 'batch')],
  writes: [
    ['DeleteAccessEntry', { clusterName, principalArn: MALLORY }],
    ['DisassociateAccessPolicy', { clusterName, principalArn: DEPLOYER, policyArn: ADMIN }],
    ['UpdateAccessEntry', { clusterName, principalArn: DEPLOYER, kubernetesGroups: ['deployers'] }],
    [
      'AssociateAccessPolicy',
      {
        clusterName,
        principalArn: DEPLOYER,
        policyArn: VIEW,
        accessScope: { type: 'namespace', namespaces: ['shop'] },
      },
    ],
  ],
});

describe('the document of an access entry', () => {
  it('says of a policy where it holds, and of a group and a name that they are held', () => {
    const document = accessEntryDocument(
      {
        username: 'dev',
        kubernetesGroups: ['g'],
        policies: [{ policyArn: VIEW, scope: 'namespace', namespaces: ['shop'] }],
      },
      { principalArn: DEPLOYER, clusterArn: arn },
    );

    const { Statement: statements } = JSON.parse(document) as { Statement: { Condition: object }[] };
    expect(statements.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'ratchet:KubernetesUser': 'dev' } },
      { StringEquals: { 'ratchet:KubernetesGroup': 'g' } },
      { StringEquals: { 'ratchet:AccessPolicy': VIEW }, StringLike: { 'ratchet:Namespace': ['shop'] } },
    ]);
  });
});

describe('the settings of an entry that was put together from its statements', () => {
  const told = {
    kubernetesGroups: ['g'],
    policies: [{ policyArn: VIEW, scope: 'namespace', namespaces: ['shop'] }],
  };
  const holding = (facts: object, restoreHints?: Snapshot['restoreHints']) =>
    makeSnapshot({
      target: { kind: 'cluster-access', arn, ...PLACE, accountId: ACCOUNT },
      exists: true,
      parts: [
        {
          id: `entry:${DEPLOYER}`,
          role: 'resource',
          document: accessEntryDocument({ ...told, ...facts }, { principalArn: DEPLOYER, clusterArn: arn }),
        },
      ],
      ...(restoreHints === undefined ? {} : { restoreHints }),
    });
  const read = { ...told, type: 'EC2_LINUX', username: 'app', policies: [] };
  const live = holding(read, { entries: { [DEPLOYER]: read } });

  it('are told by them, and its type by a read', () => {
    const wanted = { ...told, username: 'app' };
    expect(entriesOf(holding(wanted), live)).toEqual({ [DEPLOYER]: { ...wanted, type: 'EC2_LINUX' } });
  });

  it('are not told without the name that it has', () => {
    expect(entriesOf(holding({}), live)).toEqual({ [DEPLOYER]: undefined });
  });
});

it('an entry whose settings were not kept is left to people', async () => {
  const content = makeSnapshot({
    target: { kind: 'cluster-access', arn, ...PLACE, accountId: ACCOUNT },
    exists: true,
    parts: [{ id: `entry:${DEPLOYER}`, role: 'resource', document: '{}' }],
  });

  const outcome = await ADAPTERS['cluster-access'].restore({ accepted: content, from: content }, {} as never);

  expect(outcome).toMatchObject({ kind: 'cannot-undo', cause: expect.stringContaining(DEPLOYER) });
});
