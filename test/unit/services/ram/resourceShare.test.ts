import { RAMClient } from '@aws-sdk/client-ram';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import {
  type Share,
  shareDocument,
  withoutParts,
} from '../../../../shared/services/ram/resourceShareDocument.ts';
import { makeSnapshot, partDocument } from '../../../../shared/targets/snapshot.ts';
import { ACCOUNT, describeKind, fakeAws, PLACE } from '../kindCase.ts';

type Held =
  | {
      readonly principals: readonly string[];
      readonly resources: readonly string[];
      readonly version: string;
      readonly external: boolean;
    }
  | undefined;
type Input = {
  readonly nextToken?: string;
  readonly resourceShareArns?: readonly string[];
  readonly principals?: readonly string[];
  readonly resourceArns?: readonly string[];
  readonly permissionVersion?: number;
};

const arn = `arn:aws:ram:${PLACE.region}:${ACCOUNT}:resource-share/s`;
const PERMISSION = 'arn:aws:ram::aws:permission/AWSRAMDefaultPermissionSubnet';
const subnet = (id: string) => `arn:aws:ec2:${PLACE.region}:${ACCOUNT}:subnet/${id}`;
const OWN = { resourceOwner: 'SELF', resourceShareArns: [arn] };
const accepted = { principals: ['444455556666'], resources: [subnet('a')], version: '1', external: false };
const without = (list: readonly string[], gone: readonly string[] = []) =>
  list.filter((one) => !gone.includes(one));

describeKind<Held>('a resource share', {
  kind: 'resource-share',
  arn,
  service: 'ram',
  client: RAMClient,
  answers: {
    GetResourceShares({ nextToken, resourceShareArns }: Input, held) {
      if (resourceShareArns === undefined)
        return nextToken === undefined
          ? { resourceShares: [{ resourceShareArn: arn, status: 'ACTIVE' }], nextToken: 'more' }
          : {
              resourceShares: [
                { resourceShareArn: `${arn}2` },
                { resourceShareArn: `${arn}3`, status: 'DELETED' },
              ],
            };
      return { resourceShares: held === undefined ? [] : [{ allowExternalPrincipals: held.external }] };
    },
    GetResourceShareAssociations: (_, held) => ({
      resourceShareAssociations: [
        // An account that was invited, and one that was put out.
        ...(held?.principals ?? []).map((associatedEntity) => ({ associatedEntity, status: 'ASSOCIATING' })),
        { associatedEntity: '000011112222', status: 'DISASSOCIATED' },
      ],
    }),
    ListResources: (_, held) => ({
      resources: (held?.resources ?? []).map((one) => ({ arn: one, type: 'ec2:Subnet' })),
    }),
    ListResourceSharePermissions: (_, held) => ({
      permissions: [{ arn: PERMISSION, version: held?.version, resourceType: 'ec2:Subnet' }],
    }),
    // The first version is the default one.
    GetPermission: ({ permissionVersion = 1 }: Input) => ({
      permission: {
        version: String(permissionVersion),
        permission: JSON.stringify({
          Effect: 'Allow',
          Action: permissionVersion === 1 ? 'ec2:DescribeSubnets' : 'ec2:RunInstances',
        }),
      },
    }),
    DisassociateResourceShare({ principals, resourceArns }: Input, held, hold) {
      if (held === undefined) return;
      hold({
        ...held,
        principals: without(held.principals, principals),
        resources: without(held.resources, resourceArns),
      });
    },
    AssociateResourceSharePermission({ permissionVersion }: Input, held, hold) {
      hold(held && { ...held, version: String(permissionVersion) });
    },
    UpdateResourceShare(_, held, hold) {
      hold(held && { ...held, external: false });
    },
    AssociateResourceShare({ principals = [], resourceArns = [] }: Input, held, hold) {
      if (held === undefined) return;
      hold({
        ...held,
        principals: [...held.principals, ...principals],
        resources: [...held.resources, ...resourceArns],
      });
    },
  },
  accepted,
  from: {
    principals: ['777788889999'],
    resources: [subnet('a'), subnet('b')],
    version: '2',
    external: true,
  },
  another: { ...accepted, principals: [] },
  missing: undefined,
  reads: [
    ['GetResourceShares', OWN],
    ['GetResourceShareAssociations', { associationType: 'PRINCIPAL', resourceShareArns: [arn] }],
    ['ListResources', OWN],
    ['ListResourceSharePermissions', { resourceShareArn: arn }],
    ['GetPermission', { permissionArn: PERMISSION, permissionVersion: 1 }],
  ],
  listCalls: [
    ['GetResourceShares', { resourceOwner: 'SELF' }],
    ['GetResourceShares', { resourceOwner: 'SELF', nextToken: 'more' }],
  ],
  listed: [arn, `${arn}2`],
  writes: [
    [
      'DisassociateResourceShare',
      { resourceShareArn: arn, principals: ['777788889999'], resourceArns: [subnet('b')] },
    ],
    [
      'AssociateResourceSharePermission',
      { resourceShareArn: arn, permissionArn: PERMISSION, permissionVersion: 1, replace: true },
    ],
    ['UpdateResourceShare', { resourceShareArn: arn, allowExternalPrincipals: false }],
    ['AssociateResourceShare', { resourceShareArn: arn, principals: ['444455556666'], resourceArns: [] }],
  ],
});

describe('shares that an event names by a permission', () => {
  type Work = { readonly toPermissionArn: string };

  async function named(works: readonly Work[]) {
    const { clients, calls } = fakeAws<readonly Work[]>(
      {
        service: 'ram',
        client: RAMClient,
        answers: {
          ListReplacePermissionAssociationsWork: (_, held) => ({ replacePermissionAssociationsWorks: held }),
          ListPermissionAssociations: ({ nextToken }: Input) =>
            nextToken === undefined
              ? { permissions: [{ resourceShareArn: arn }], nextToken: 'more' }
              : { permissions: [{ resourceShareArn: `${arn}2` }, { resourceShareArn: arn }] },
        },
      },
      works,
    );
    const target = { kind: 'resource-share', arn: PERMISSION, ...PLACE } as const;
    return { found: await ADAPTERS['resource-share'].resolve?.(target, clients), calls };
  }

  it('are those that hold it', async () => {
    const { found, calls } = await named([{ toPermissionArn: `${PERMISSION}2` }]);

    expect(found).toEqual([arn, `${arn}2`].map((one) => ({ kind: 'resource-share', arn: one, ...PLACE })));
    expect(calls).toEqual([
      ['ListReplacePermissionAssociationsWork', { status: 'IN_PROGRESS' }],
      ['ListPermissionAssociations', { permissionArn: PERMISSION }],
      ['ListPermissionAssociations', { permissionArn: PERMISSION, nextToken: 'more' }],
    ]);
  });

  it('are looked at when RAM has replaced it everywhere', async () => {
    await expect(named([{ toPermissionArn: PERMISSION }])).rejects.toThrow('RAM is still replacing');
  });
});

describe('the document of a resource share', () => {
  const share: Share = {
    arn,
    allowExternalPrincipals: true,
    principals: [],
    resources: [{ arn: subnet('a'), type: 'ec2:Subnet' }],
    permissions: [
      {
        arn: PERMISSION,
        resourceType: 'ec2:subnet',
        template: '{"Effect":"Allow","Action":["ec2:RunInstances"]}',
      },
    ],
  };
  const statementsOf = (changes: Partial<Share>) =>
    (JSON.parse(shareDocument({ ...share, ...changes }) ?? '{}') as { Statement?: object[] }).Statement;

  it.each([
    ['444455556666', { Principal: { AWS: '444455556666' } }],
    ['arn:aws:iam::444455556666:role/R', { Principal: { AWS: 'arn:aws:iam::444455556666:role/R' } }],
    ['vpc.amazonaws.com', { Principal: { Service: 'vpc.amazonaws.com' } }],
    [
      'arn:aws:organizations::444455556666:organization/o-abc',
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } } },
    ],
    [
      'arn:aws:organizations::444455556666:ou/o-abc/ou-x-1',
      {
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abc/*/ou-x-1/*' } },
      },
    ],
  ])('grants what its permission says to %s', (principal, expected) => {
    expect(statementsOf({ principals: [principal] })).toEqual([
      { Effect: 'Allow', Action: ['ec2:RunInstances'], Resource: [subnet('a')], ...expected },
    ]);
  });

  it('keeps out whoever is outside while it must not be shared with them', () => {
    expect(statementsOf({ allowExternalPrincipals: false })).toMatchObject([{ Effect: 'Deny' }]);
  });

  it.each<Partial<Share>>([
    { principals: ['somebody'] },
    {
      principals: ['444455556666'],
      permissions: [{ arn: PERMISSION, resourceType: 'ec2:Subnet', template: undefined }],
    },
    {
      principals: ['444455556666'],
      permissions: [{ arn: PERMISSION, resourceType: 'ec2:Subnet', template: 'no' }],
    },
    // Of two tests of one key one would be lost.
    {
      principals: ['arn:aws:organizations::444455556666:organization/o-abc'],
      permissions: [
        {
          arn: PERMISSION,
          resourceType: 'ec2:Subnet',
          template:
            '{"Effect":"Allow","Action":"ec2:*","Condition":{"StringEquals":{"aws:principalorgid":"o-xyz"}}}',
        },
      ],
    },
  ])('is none when something of it cannot be told: %o', (changes) => {
    expect(shareDocument({ ...share, ...changes })).toBeUndefined();
  });
});

describe('a resource share without some of its parts', () => {
  const ORGANIZATION = 'arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5';
  const UNIT = 'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-1';
  const TYPE = 'ec2:Subnet';

  const shareOf = (principals: readonly string[], resources: readonly string[]) => {
    const document = shareDocument({
      arn,
      allowExternalPrincipals: false,
      principals,
      resources: resources.map((one) => ({ arn: one, type: TYPE })),
      permissions: [{ arn: PERMISSION, resourceType: TYPE, template: '{"Effect":"Allow","Action":"ec2:*"}' }],
    });
    const ids = [
      ...principals.map((one) => `with:${one}`),
      ...resources.map((one) => `shared:${one}`),
      `default-permission:${PERMISSION}`,
    ];
    return makeSnapshot({
      target: { kind: 'resource-share', arn, ...PLACE },
      exists: true,
      parts: [
        { id: 'document', role: 'resource', document },
        ...ids.map((id) => ({ id, role: 'resource', document: '{}' }) as const),
      ],
      restoreHints: { share: { principals, resources, permissions: [], allowExternalPrincipals: false } },
    });
  };
  const all = ['444455556666', ORGANIZATION, UNIT];

  it.each([
    [['444455556666'], [ORGANIZATION, UNIT], [subnet('a'), subnet('b')]],
    [[ORGANIZATION], ['444455556666', UNIT], [subnet('a'), subnet('b')]],
    [[UNIT, subnet('a')], ['444455556666', ORGANIZATION], [subnet('b')]],
    [[subnet('a'), subnet('b')], all, []],
  ])('without %j is as RAM would show it', (gone, principals, resources) => {
    const share = shareOf(all, [subnet('a'), subnet('b')]);
    const ids = gone.map((one) => `${one.includes(':subnet/') ? 'shared' : 'with'}:${one}`);

    const left = withoutParts(share, [...ids, `default-permission:${PERMISSION}`]);

    expect(left).toEqual(shareOf(principals, resources));
    expect(partDocument(share, 'document')).not.toBe(left && partDocument(left, 'document'));
  });

  it.each([`permission:${PERMISSION}`, 'external', 'document'])('cannot be without %s alone', (id) => {
    expect(withoutParts(shareOf(all, [subnet('a')]), [id])).toBeUndefined();
  });
});
