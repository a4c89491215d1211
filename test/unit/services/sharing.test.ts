import { EC2Client } from '@aws-sdk/client-ec2';
import { RDSClient } from '@aws-sdk/client-rds';
import { describe, expect, it } from 'vitest';
import { sharingDocument } from '../../../shared/targets/sharingDocument.ts';
import { ACCOUNT, awsError, type Call, describeKind, type KindCase } from './kindCase.ts';

type Held = readonly string[] | 'gone';

const PARTNER = '444455556666';
const STRANGER = '777788889999';
const ORGANIZATION = `arn:aws:organizations::${ACCOUNT}:organization/o-a1b2c3d4e5`;
const UNIT = `arn:aws:organizations::${ACCOUNT}:ou/o-a1b2c3d4e5/ou-ab12-cd34ef56`;

const present = (held: Held, missing: string) => {
  if (held === 'gone') throw awsError(missing);
  return held;
};

type Permission = { readonly [member: string]: string };
const permission = (sharee: string): Permission => {
  if (sharee === 'all') return { Group: 'all' };
  if (sharee.includes(':organization/')) return { OrganizationArn: sharee };
  return sharee.includes(':ou/') ? { OrganizationalUnitArn: sharee } : { UserId: sharee };
};
const sharee = (one: Permission) => Object.values(one)[0] ?? '';

const without = (held: Held, removed: readonly string[]) =>
  (held === 'gone' ? [] : held).filter((one) => !removed.includes(one));

type Ec2Change = { readonly Add?: readonly Permission[]; readonly Remove?: readonly Permission[] };

/** EC2's calls on a list: those of snapshots and of images differ in names alone. */
function ec2Case(
  what: 'Snapshot' | 'Image',
  names: {
    readonly member: string;
    readonly attribute: string;
    readonly missing: string;
    readonly arn: string;
  },
): Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> {
  const id = `${what}Id`;
  const self = what === 'Snapshot' ? { OwnerIds: ['self'] } : { Owners: ['self'] };
  return {
    kind: what === 'Snapshot' ? 'ec2-snapshot-sharing' : 'ec2-image-sharing',
    arn: `${names.arn}1`,
    service: 'ec2',
    client: EC2Client,
    answers: {
      [`Describe${what}Attribute`]: (_: unknown, held: Held) => ({
        [`${names.member}s`]: present(held, names.missing).map(permission),
      }),
      [`Modify${what}Attribute`]: (
        input: { readonly [member: string]: Ec2Change },
        held: Held,
        hold: (next: Held) => void,
      ) => {
        const { Add = [], Remove = [] } = input[names.member] ?? {};
        hold([...without(held, Remove.map(sharee)), ...Add.map(sharee)]);
        return {};
      },
      [`Describe${what}s`]: ({ NextToken: token }: { NextToken?: string }) =>
        token === undefined
          ? { [`${what}s`]: [{ [id]: `${names.arn.split('/')[1]}1` }], NextToken: '2' }
          : { [`${what}s`]: [{ [id]: `${names.arn.split('/')[1]}2` }] },
    },
    another: [STRANGER],
    missing: 'gone',
    reads: [
      [`Describe${what}Attribute`, { [id]: `${names.arn.split('/')[1]}1`, Attribute: names.attribute }],
    ],
    listCalls: [
      [`Describe${what}s`, { ...self, MaxResults: 1_000 }],
      [`Describe${what}s`, { ...self, MaxResults: 1_000, NextToken: '2' }],
    ],
    listed: [`${names.arn}1`, `${names.arn}2`],
  };
}

const SNAPSHOT = {
  member: 'CreateVolumePermission',
  attribute: 'createVolumePermission',
  missing: 'InvalidSnapshot.NotFound',
  arn: 'arn:aws:ec2:eu-west-1::snapshot/snap-',
};
const IMAGE = {
  member: 'LaunchPermission',
  attribute: 'launchPermission',
  missing: 'InvalidAMIID.NotFound',
  arn: 'arn:aws:ec2:eu-west-1::image/ami-',
};
const change = (what: 'Snapshot' | 'Image', by: Ec2Change): Call => {
  const { member, attribute, arn } = what === 'Snapshot' ? SNAPSHOT : IMAGE;
  return [
    `Modify${what}Attribute`,
    { [`${what}Id`]: `${arn.split('/')[1]}1`, Attribute: attribute, [member]: by },
  ];
};

describeKind<Held>('a snapshot that is shared with everybody', {
  ...ec2Case('Snapshot', SNAPSHOT),
  accepted: [PARTNER],
  from: [PARTNER, 'all'],
  writes: [change('Snapshot', { Remove: [{ Group: 'all' }] })],
});

describeKind<Held>('a snapshot that is shared with others than before', {
  ...ec2Case('Snapshot', SNAPSHOT),
  accepted: [PARTNER],
  from: ['all'],
  // EC2 does not take off and add in one call.
  writes: [
    change('Snapshot', { Remove: [{ Group: 'all' }] }),
    change('Snapshot', { Add: [{ UserId: PARTNER }] }),
  ],
  halfway: { held: [], writes: [change('Snapshot', { Add: [{ UserId: PARTNER }] })] },
});

describeKind<Held>('an image that was shared with nobody', {
  ...ec2Case('Image', IMAGE),
  accepted: [],
  from: [PARTNER, ORGANIZATION, UNIT],
  writes: [
    change('Image', {
      Remove: [{ UserId: PARTNER }, { OrganizationArn: ORGANIZATION }, { OrganizationalUnitArn: UNIT }],
    }),
  ],
});

/** RDS's calls on a list: those of databases and of clusters differ in names alone. */
function rdsCase(
  what: 'DBSnapshot' | 'DBClusterSnapshot',
): Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> {
  const id = `${what}Identifier`;
  const type = what === 'DBSnapshot' ? 'snapshot' : 'cluster-snapshot';
  const arn = `arn:aws:rds:eu-west-1:${ACCOUNT}:${type}:s`;
  return {
    kind: what === 'DBSnapshot' ? 'rds-snapshot-sharing' : 'rds-cluster-snapshot-sharing',
    arn,
    service: 'rds',
    client: RDSClient,
    answers: {
      [`Describe${what}Attributes`]: (_: unknown, held: Held) => ({
        [`${what}AttributesResult`]: {
          [`${what}Attributes`]: [
            { AttributeName: 'another', AttributeValues: ['x'] },
            { AttributeName: 'restore', AttributeValues: present(held, `${what}NotFoundFault`) },
          ],
        },
      }),
      [`Modify${what}Attribute`]: (
        {
          ValuesToAdd: added = [],
          ValuesToRemove: removed = [],
        }: { ValuesToAdd?: string[]; ValuesToRemove?: string[] },
        held: Held,
        hold: (next: Held) => void,
      ) => {
        hold([...without(held, removed), ...added]);
        return {};
      },
      [`Describe${what}s`]: ({ Marker: marker }: { Marker?: string }) =>
        marker === undefined
          ? { [`${what}s`]: [{ [`${what}Arn`]: arn }], Marker: '2' }
          : { [`${what}s`]: [{ [`${what}Arn`]: `${arn}2` }] },
    },
    another: [STRANGER],
    missing: 'gone',
    reads: [[`Describe${what}Attributes`, { [id]: 's' }]],
    listCalls: [
      [`Describe${what}s`, { SnapshotType: 'manual' }],
      [`Describe${what}s`, { SnapshotType: 'manual', Marker: '2' }],
    ],
    listed: [arn, `${arn}2`],
  };
}

for (const what of ['DBSnapshot', 'DBClusterSnapshot'] as const) {
  const named = { [`${what}Identifier`]: 's', AttributeName: 'restore' };

  describeKind<Held>(`a ${what} that is shared with others than before`, {
    ...rdsCase(what),
    accepted: [PARTNER],
    from: ['all'],
    writes: [
      [`Modify${what}Attribute`, { ...named, ValuesToRemove: ['all'] }],
      [`Modify${what}Attribute`, { ...named, ValuesToAdd: [PARTNER] }],
    ],
  });
}

describe('what a sharing list lets happen', () => {
  const of = (sharee: string) => {
    const document = sharingDocument(sharee, { actions: ['ec2:CreateVolume'], resource: 'arn:x' });
    return document === undefined ? undefined : (JSON.parse(document) as { Statement: unknown }).Statement;
  };

  it.each([
    // Everybody who signs in somewhere.
    ['all', { Principal: { AWS: '*' }, Condition: expect.anything() }],
    [PARTNER, { Principal: { AWS: PARTNER } }],
    [ORGANIZATION, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
    [
      UNIT,
      {
        Condition: {
          'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*/ou-ab12-cd34ef56/*' },
        },
      },
    ],
  ])('is use by %s', (one, statement) => {
    expect(of(one)).toMatchObject([{ Effect: 'Allow', Action: ['ec2:CreateVolume'], ...statement }]);
  });

  it.each(['', 'friends', 'arn:aws:iam::444455556666:root'])(
    'is not told of `%s`, so that nothing passes',
    (one) => {
      expect(of(one)).toBeUndefined();
    },
  );
});
