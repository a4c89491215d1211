import { LambdaClient } from '@aws-sdk/client-lambda';
import { ACCOUNT, awsError, describeKind, type KindCase } from '../kindCase.ts';

type Statement = { readonly Sid: string; readonly [element: string]: unknown };
type Held = readonly Statement[];

const LAYER = `arn:aws:lambda:eu-west-1:${ACCOUNT}:layer:l`;
const ARN = `${LAYER}:3`;
const statement = (Sid: string, Principal: unknown, more: object = {}): Statement => ({
  Sid,
  Effect: 'Allow',
  Principal,
  Action: 'lambda:GetLayerVersion',
  Resource: ARN,
  ...more,
});
const partner = statement('partner', { AWS: 'arn:aws:iam::444455556666:root' });
const everyone = statement('everyone', '*');
const ours = statement('ours', '*', {
  Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
});

const layer: Omit<KindCase<Held>, 'accepted' | 'from' | 'writes'> = {
  kind: 'lambda-layer-version-policy',
  arn: ARN,
  service: 'lambda',
  client: LambdaClient,
  answers: {
    GetLayerVersionPolicy: (_: unknown, held: Held) => {
      if (held.length === 0) throw awsError('ResourceNotFoundException');
      return { Policy: JSON.stringify({ Version: '2012-10-17', Statement: held }), RevisionId: 'r1' };
    },
    AddLayerVersionPermission: (
      { StatementId }: { StatementId: string },
      held: Held,
      hold: (next: Held) => void,
    ) => {
      hold([...held, ...[partner, ours].filter(({ Sid }) => Sid === StatementId)]);
      return {};
    },
    RemoveLayerVersionPermission: (
      { StatementId }: { StatementId: string },
      held: Held,
      hold: (next: Held) => void,
    ) => {
      hold(held.filter(({ Sid }) => Sid !== StatementId));
      return {};
    },
    ListLayers: ({ Marker: marker }: { Marker?: string }) =>
      marker === undefined ? { Layers: [{ LayerArn: LAYER }], NextMarker: '2' } : { Layers: [] },
    ListLayerVersions: ({ Marker: marker }: { Marker?: string }) =>
      marker === undefined
        ? { LayerVersions: [{ LayerVersionArn: ARN }], NextMarker: '2' }
        : { LayerVersions: [{ LayerVersionArn: `${LAYER}:2` }] },
  },
  another: [statement('another', '*')],
  missing: undefined,
  reads: [['GetLayerVersionPolicy', { LayerName: LAYER, VersionNumber: 3 }]],
  listCalls: [
    ['ListLayers', {}],
    ['ListLayerVersions', { LayerName: LAYER }],
    ['ListLayerVersions', { LayerName: LAYER, Marker: '2' }],
    ['ListLayers', { Marker: '2' }],
  ],
  listed: [ARN, `${LAYER}:2`],
};

const version = { LayerName: LAYER, VersionNumber: 3 };

describeKind<Held>('a layer version that was given to everyone', {
  ...layer,
  accepted: [partner],
  from: [partner, everyone],
  writes: [['RemoveLayerVersionPermission', { ...version, RevisionId: 'r1', StatementId: 'everyone' }]],
});

describeKind<Held>('a layer version that has other permissions', {
  ...layer,
  accepted: [partner, ours],
  from: [everyone],
  // Only the first write can name the revision that was read.
  writes: [
    ['RemoveLayerVersionPermission', { ...version, RevisionId: 'r1', StatementId: 'everyone' }],
    [
      'AddLayerVersionPermission',
      {
        ...version,
        StatementId: 'ours',
        Action: 'lambda:GetLayerVersion',
        Principal: '*',
        OrganizationId: 'o-a1b2c3d4e5',
      },
    ],
    [
      'AddLayerVersionPermission',
      {
        ...version,
        StatementId: 'partner',
        Action: 'lambda:GetLayerVersion',
        Principal: '444455556666',
      },
    ],
  ],
  halfway: {
    held: [ours],
    writes: [
      [
        'AddLayerVersionPermission',
        {
          ...version,
          RevisionId: 'r1',
          StatementId: 'partner',
          Action: 'lambda:GetLayerVersion',
          Principal: '444455556666',
        },
      ],
    ],
  },
});
