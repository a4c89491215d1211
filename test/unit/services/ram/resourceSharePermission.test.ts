import { RAMClient } from '@aws-sdk/client-ram';
import { describe, expect, it } from 'vitest';
import { ADAPTERS } from '../../../../shared/services/index.ts';
import { ACCOUNT, awsError, describeKind, fakeAws, type KindCase, PLACE } from '../kindCase.ts';

const permissionArn = `arn:aws:ram:${PLACE.region}:${ACCOUNT}:permission/subnets`;

type Held =
  | {
      /** Templates by version. */
      readonly versions: { readonly [version: string]: string };
      readonly defaultVersion: string;
      /** Versions that shares hold. */
      readonly shared: readonly string[];
    }
  | undefined;
type Input = {
  readonly nextToken?: string;
  readonly permissionVersion?: number;
  readonly policyTemplate?: string;
};

const template = (...Action: string[]) => JSON.stringify({ Effect: 'Allow', Action });
const READING = template('ec2:DescribeSubnets');
const RUNNING = template('ec2:DescribeSubnets', 'ec2:RunInstances');
const accepted = { versions: { 1: READING }, defaultVersion: '1', shared: [] };
const from = { versions: { 1: READING, 2: RUNNING }, defaultVersion: '2', shared: [] };

const kindCase: KindCase<Held> = {
  kind: 'resource-share-permission',
  arn: permissionArn,
  service: 'ram',
  client: RAMClient,
  answers: {
    GetPermission({ permissionVersion }: Input, held) {
      if (held === undefined) throw awsError('UnknownResourceException');
      const version = String(permissionVersion ?? held.defaultVersion);
      return { permission: { arn: permissionArn, version, permission: held.versions[version] } };
    },
    ListPermissionVersions: ({ nextToken }: Input, held) => {
      const all = Object.keys(held?.versions ?? {}).map((version) => ({ version, status: 'ATTACHABLE' }));
      return nextToken === undefined
        ? { permissions: all.slice(0, 1), nextToken: 'more' }
        : { permissions: [...all.slice(1), { version: '9', status: 'DELETED' }] };
    },
    ListPermissionAssociations: ({ permissionVersion }: Input, held) => ({
      permissions: held?.shared.includes(String(permissionVersion))
        ? [{ resourceShareArn: permissionArn.replace('permission', 'resource-share') }]
        : [],
    }),
    CreatePermissionVersion({ policyTemplate = '' }: Input, held, hold) {
      const next = String(Math.max(...Object.keys(held?.versions ?? {}).map(Number)) + 1);
      hold({
        shared: [],
        ...held,
        versions: { ...held?.versions, [next]: policyTemplate },
        defaultVersion: next,
      });
    },
    SetDefaultPermissionVersion: ({ permissionVersion }: Input, held, hold) =>
      hold(held && { ...held, defaultVersion: String(permissionVersion) }),
    DeletePermissionVersion({ permissionVersion }: Input, held, hold) {
      const { [String(permissionVersion)]: _, ...versions } = held?.versions ?? {};
      hold(held && { ...held, versions });
    },
    ListPermissions: ({ nextToken }: Input) =>
      nextToken === undefined
        ? { permissions: [{ arn: permissionArn, status: 'ATTACHABLE' }], nextToken: 'more' }
        : {
            permissions: [
              { arn: `${permissionArn}2` },
              { arn: `${permissionArn}3`, status: 'DELETING' },
              { arn: `${permissionArn}4`, featureSet: 'CREATED_FROM_POLICY' },
            ],
          },
  },
  accepted,
  from,
  another: { ...accepted, versions: { 1: template('ec2:*') } },
  missing: undefined,
  reads: [
    ['GetPermission', { permissionArn }],
    ['ListPermissionVersions', { permissionArn }],
    ['ListPermissionVersions', { permissionArn, nextToken: 'more' }],
  ],
  listCalls: [
    ['ListPermissions', { permissionType: 'CUSTOMER_MANAGED' }],
    ['ListPermissions', { permissionType: 'CUSTOMER_MANAGED', nextToken: 'more' }],
  ],
  listed: [permissionArn, `${permissionArn}2`],
  writes: [
    ['SetDefaultPermissionVersion', { permissionArn, permissionVersion: 1 }],
    ['DeletePermissionVersion', { permissionArn, permissionVersion: 2 }],
  ],
};
describeKind('a permission of resource shares', kindCase);

describe('a permission of resource shares', () => {
  const adapter = ADAPTERS['resource-share-permission'];
  const target = { kind: 'resource-share-permission', arn: permissionArn, ...PLACE } as const;

  async function restored(from: Held) {
    const aws = fakeAws(kindCase, accepted as Held);
    const before = await adapter.read(target, aws.clients);
    aws.hold(from);
    const after = await adapter.read(target, aws.clients);
    const outcome = await adapter.restore({ accepted: before, from: after }, aws.clients);
    return { outcome, writes: aws.writes() };
  }

  it('is judged as a statement on any resource, whatever the capitals of its effect', async () => {
    const condition = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };
    const held = JSON.stringify({ Effect: 'ALLOW', Action: 'ec2:RunInstances', Condition: condition });
    const aws = fakeAws(kindCase, { ...accepted, versions: { 1: held } });

    const { parts } = await adapter.read(target, aws.clients);

    expect(JSON.parse(parts[0]?.document ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'ec2:RunInstances', Resource: '*', Condition: condition }],
    });
  });

  it('cannot be judged when it is no template', async () => {
    const aws = fakeAws(kindCase, { ...accepted, versions: { 1: 'allow all' } });

    expect((await adapter.read(target, aws.clients)).parts).toMatchObject([{ document: undefined }]);
  });

  it('keeps the version it came from as long as a share holds it', async () => {
    const { outcome, writes } = await restored({ ...from, shared: ['2'] });

    expect(outcome.kind).toBe('restored');
    expect(writes).toEqual([['SetDefaultPermissionVersion', { permissionArn, permissionVersion: 1 }]]);
  });

  it('gets a new version when the accepted one is gone, after the oldest that no share holds', async () => {
    const versions = { 2: template('a:A'), 3: template('b:B'), 4: template('c:C'), 5: template('d:D') };
    const { outcome, writes } = await restored({
      versions: { ...versions, 6: RUNNING },
      defaultVersion: '6',
      shared: ['2'],
    });

    expect(outcome.kind).toBe('restored');
    expect(writes).toEqual([
      ['DeletePermissionVersion', { permissionArn, permissionVersion: 3 }],
      ['CreatePermissionVersion', { permissionArn, policyTemplate: READING }],
      ['DeletePermissionVersion', { permissionArn, permissionVersion: 6 }],
    ]);
  });
});
