/**
 * A made-up trail of an account: mostly reads and calls that touch no policy, and every event of the event table. What
 * a policy event must say is found out from its rows, so that a new row is in the trail without a change here.
 */
import { createHash } from 'node:crypto';
import type { EventRow } from '../shared/changes/eventRow.ts';
import type { EventFields, Fields } from '../shared/changes/fields.ts';
import { EVENT_TABLE } from '../shared/services/eventTable.ts';
import { createDice } from './dice.ts';

export const TRAIL_ACCOUNT = '111122223333';
const REGIONS = ['us-east-1', 'us-east-1', 'us-east-1', 'eu-central-1'] as const;
/** IAM's events appear in one Region. */
const GLOBAL_SOURCE = 'iam.amazonaws.com';
const GLOBAL_REGION = 'us-east-1';

export type TrailOptions = {
  readonly seed: number;
  readonly events: number;
  readonly from: Date;
  readonly days: number;
};

/** A record as CloudTrail writes it. */
export type MadeRecord = {
  readonly eventTime: string;
  readonly awsRegion: string;
  readonly [field: string]: unknown;
};

type Draw = {
  /** A whole number below `below`. */
  number(below: number): number;
  one<const Values extends readonly [unknown, ...unknown[]]>(values: Values): Values[number];
};

const OTHER_EVENTS = [
  ['ec2.amazonaws.com', 'DescribeInstances', true],
  ['ec2.amazonaws.com', 'DescribeSecurityGroups', true],
  ['ec2.amazonaws.com', 'RunInstances', false],
  ['sts.amazonaws.com', 'AssumeRole', true],
  ['sts.amazonaws.com', 'GetCallerIdentity', true],
  ['kms.amazonaws.com', 'Decrypt', true],
  ['kms.amazonaws.com', 'GenerateDataKey', true],
  ['logs.amazonaws.com', 'CreateLogStream', false],
  ['iam.amazonaws.com', 'GetRole', true],
  ['iam.amazonaws.com', 'ListAttachedRolePolicies', true],
  ['s3.amazonaws.com', 'GetBucketAcl', true],
  ['s3.amazonaws.com', 'GetBucketPolicy', true],
  ['lambda.amazonaws.com', 'ListFunctions20150331', true],
  ['cloudformation.amazonaws.com', 'DescribeStacks', true],
  ['signin.amazonaws.com', 'ConsoleLogin', false],
] as const;

const ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:ListBucket',
  's3:DeleteObject',
  's3:*',
  'sqs:*',
] as const;
const PRINCIPALS = [
  { Service: 'ec2.amazonaws.com' },
  { Service: 'lambda.amazonaws.com' },
  { AWS: `arn:aws:iam::${TRAIL_ACCOUNT}:root` },
  { AWS: 'arn:aws:iam::444455556666:root' },
] as const;

function statement({ one, number }: Draw): object {
  const resource = `arn:aws:s3:::bucket-${number(40)}/*`;
  return { Effect: number(8) === 0 ? 'Deny' : 'Allow', Action: one(ACTIONS), Resource: resource };
}

const documentOf = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const identityDocument = (draw: Draw) => documentOf(statement(draw), statement(draw));
const resourceDocument = (draw: Draw) =>
  documentOf({ ...statement(draw), Principal: draw.one(PRINCIPALS), Resource: '*' });
const trustDocument = ({ one }: Draw) =>
  documentOf({ Effect: 'Allow', Principal: one(PRINCIPALS), Action: 'sts:AssumeRole' });
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${TRAIL_ACCOUNT}:${rest}`;
const iamArn = (rest: string) => `arn:aws:iam::${TRAIL_ACCOUNT}:${rest}`;
const hex = ({ number }: Draw, prefix: string, among: number) =>
  `${prefix}-${number(among).toString(16).padStart(17, '0')}`;

type Makers = { readonly [field: string]: (draw: Draw) => unknown };

/** What stands in `requestParameters`, by name. A row gets those that it asks for. */
const REQUEST: Makers = {
  roleName: ({ number }) => `role-${number(300)}`,
  userName: ({ number }) => `user-${number(100)}`,
  groupName: ({ number }) => `group-${number(20)}`,
  policyName: ({ number }) => `policy-${number(6)}`,
  policyArn: ({ number }) => iamArn(`policy/managed-${number(150)}`),
  policyDocument: identityDocument,
  assumeRolePolicyDocument: trustDocument,
  setAsDefault: () => true,
  instanceProfileName: ({ number }) => `profile-${number(50)}`,
  sAMLProviderArn: ({ number }) => iamArn(`saml-provider/saml-${number(3)}`),
  openIDConnectProviderArn: ({ number }) => iamArn(`oidc-provider/idp-${number(3)}.example.com`),
  url: ({ number }) => `https://idp-${number(3)}.example.com`,
  bucketName: ({ number }) => `bucket-${number(200)}`,
  bucketPolicy: (draw) => JSON.parse(resourceDocument(draw)) as unknown,
  name: ({ number }) => `name-${number(30)}`,
  accountId: () => TRAIL_ACCOUNT,
  policy: resourceDocument,
  functionName: ({ number }) => `function-${number(150)}`,
  layerName: ({ number }) => `layer-${number(10)}`,
  versionNumber: ({ number }) => 1 + number(5),
  resourceArn: ({ number }) => arn('lambda', `function:function-${number(150)}`),
  keyId: ({ number }) => arn('kms', `key/00000000-0000-4000-8000-${String(number(40)).padStart(12, '0')}`),
  vpcEndpointId: (draw) => hex(draw, 'vpce', 20),
  snapshotId: (draw) => hex(draw, 'snap', 60),
  imageId: (draw) => hex(draw, 'ami', 30),
  restApiId: ({ number }) => `api${number(20)}`,
  dBSnapshotIdentifier: ({ number }) => `snapshot-${number(30)}`,
  dBClusterSnapshotIdentifier: ({ number }) => `cluster-snapshot-${number(30)}`,
  targetDBSnapshotIdentifier: ({ number }) => `snapshot-${number(30)}`,
  targetDBClusterSnapshotIdentifier: ({ number }) => `cluster-snapshot-${number(30)}`,
  resourceShareArn: ({ number }) => arn('ram', `resource-share/share-${number(10)}`),
  permissionArn: ({ number }) => arn('ram', `permission/permission-${number(6)}`),
  profileId: ({ number }) => `00000000-0000-4000-8000-${String(number(5)).padStart(12, '0')}`,
  trustAnchorId: ({ number }) => `00000000-0000-4000-8000-${String(number(3)).padStart(12, '0')}`,
  domain: ({ number }) => `domain-${number(3)}`,
  repository: ({ number }) => `repository-${number(6)}`,
  clusterName: ({ number }) => `cluster-${number(4)}`,
  policyId: ({ number }) => `p-limit${number(5)}`,
  targetId: ({ number }) => `ou-abcd-${number(8)}`,
  rootId: () => 'r-abcd',
  content: (draw) => documentOf({ ...statement(draw), Effect: 'Deny', Resource: '*' }),
  permissionSetArn: ({ number }) => `arn:aws:sso:::permissionSet/ssoins-1/ps-${number(8)}`,
  inlinePolicy: (draw) => documentOf(statement(draw)),
  policyText: resourceDocument,
  PutMultiRegionAccessPointPolicyRequest: (draw) => ({
    Details: { Name: `point-${draw.number(4)}`, Policy: resourceDocument(draw) },
  }),
  CreateMultiRegionAccessPointRequest: ({ number }) => ({
    Details: { Name: `point-${number(4)}`, Regions: [{ Bucket: `bucket-${number(200)}` }] },
  }),
  DeleteMultiRegionAccessPointRequest: ({ number }) => ({ Details: { Name: `point-${number(4)}` } }),
  repositoryPolicy: resourceDocument,
};

/** Where a field of that name means something else. */
const INSTEAD: { readonly [event: string]: Makers } = { PutResourcePolicy: { content: resourceDocument } };

/** What stands in `responseElements`, by name. */
const RESPONSE: Makers = {
  aRN: ({ number }) => arn('secretsmanager', `secret:name-${number(30)}-a1B2c3`),
  policy: (draw) => ({
    arn: REQUEST['policyArn']?.(draw),
    policySummary: {
      arn: `arn:aws:organizations::${TRAIL_ACCOUNT}:policy/o-a1b2c3d4e5/service_control_policy/p-limit${draw.number(5)}`,
    },
  }),
  permissionSet: (draw) => ({ permissionSetArn: REQUEST['permissionSetArn']?.(draw) }),
  id: ({ number }) => `api${number(20)}`,
  imageId: (draw) => hex(draw, 'ami', 30),
  snapshotId: (draw) => hex(draw, 'snap', 60),
  vpcEndpoint: (draw) => ({ vpcEndpointId: hex(draw, 'vpce', 20) }),
  keyMetadata: (draw) => ({ arn: REQUEST['keyId']?.(draw) }),
  layerVersionArn: ({ number }) => arn('lambda', `layer:layer-${number(10)}:1`),
  crl: (draw) => ({
    trustAnchorArn: arn('rolesanywhere', `trust-anchor/${REQUEST['trustAnchorId']?.(draw)}`),
  }),
  profile: (draw) => ({ profileArn: arn('rolesanywhere', `profile/${REQUEST['profileId']?.(draw)}`) }),
  trustAnchor: (draw) => ({
    trustAnchorArn: arn('rolesanywhere', `trust-anchor/${REQUEST['trustAnchorId']?.(draw)}`),
  }),
  permission: (draw) => ({ arn: REQUEST['permissionArn']?.(draw) }),
  resourceShare: (draw) => ({ resourceShareArn: REQUEST['resourceShareArn']?.(draw) }),
};

/** What a call needs beside what the guard reads of it. */
const MORE: readonly { readonly name: RegExp; readonly request: Makers }[] = [
  {
    name: /^(Attach|Detach)\w+Policy$|PermissionsBoundary$/,
    request: {
      policyArn: (draw) => REQUEST['policyArn']?.(draw),
      permissionsBoundary: (draw) => REQUEST['policyArn']?.(draw),
    },
  },
  { name: /UserToGroup$|UserFromGroup$/, request: { groupName: ({ number }) => `group-${number(20)}` } },
  {
    name: /^CreatePolicy$/,
    request: { type: () => 'SERVICE_CONTROL_POLICY', content: (draw) => REQUEST['content']?.(draw) },
  },
  {
    name: /AccountAssignment$/,
    request: {
      permissionSetArn: (draw) => REQUEST['permissionSetArn']?.(draw),
      targetType: () => 'AWS_ACCOUNT',
      principalType: ({ one }) => one(['USER', 'GROUP']),
      principalId: ({ number }) => `00000000-0000-4000-8000-${String(number(30)).padStart(12, '0')}`,
    },
  },
  {
    name: /^CreatePermission(Version)?$/,
    request: {
      name: ({ number }) => `permission-${number(6)}`,
      policyTemplate: ({ one }) =>
        JSON.stringify({ Effect: 'Allow', Action: one(['ec2:DescribeSubnets', 'ec2:RunInstances']) }),
    },
  },
  { name: /(Default|Delete)PermissionVersion$/, request: { permissionVersion: () => 1 } },
  {
    name: /^(Create|Update)Profile$/,
    request: {
      name: ({ number }) => `profile-${number(5)}`,
      roleArns: ({ number }) => [iamArn(`role/role-${number(300)}`)],
      sessionPolicy: (draw) => documentOf(statement(draw)),
    },
  },
  {
    name: /Crl$/,
    request: { crlId: ({ number }) => `crl-${number(3)}`, name: () => 'revoked', enabled: () => true },
  },
  {
    name: /^(Create|Update)TrustAnchor$/,
    request: {
      name: ({ number }) => `anchor-${number(3)}`,
      source: ({ number }) => ({
        sourceType: 'AWS_ACM_PCA',
        sourceData: { acmPcaArn: arn('acm-pca', `certificate-authority/${number(3)}`) },
      }),
    },
  },
  { name: /^CreatePermissionSet$/, request: { name: ({ number }) => `set-${number(8)}` } },
  { name: /^Delete\w+Policy$/, request: { policyName: ({ number }) => `policy-${number(6)}` } },
  {
    name: /^(Add|Remove)Permission/,
    request: {
      statementId: ({ number }) => `statement-${number(4)}`,
      principal: ({ one }) => one(['s3.amazonaws.com', 'events.amazonaws.com', '444455556666']),
      action: () => 'lambda:InvokeFunction',
    },
  },
];

/** The rows of one event: it has several when it touches several targets. */
const POLICY_EVENTS: readonly (readonly [EventRow, ...EventRow[]])[] = Object.values(
  Object.groupBy(EVENT_TABLE, ({ source, name }) => `${source} ${name}`),
).flatMap((rows) => {
  const [first, ...others] = rows ?? [];
  return first === undefined ? [] : [[first, ...others] as const];
});

/** Events that are frequent wherever policies change at all. */
const FREQUENT = POLICY_EVENTS.filter(([{ name }]) =>
  /^(CreatePolicyVersion|PutRolePolicy|(At|De)tachRolePolicy|UpdateAssumeRolePolicy|PutBucketPolicy|AddPermission\*|CreateRole)$/.test(
    name,
  ),
);

/** One policy event in so many events. */
const POLICY_SHARE = 20;

/** Yields the records in order of time. The first policy events are one of each kind. */
export function* makeTrail({ seed, events, from, days }: TrailOptions): Generator<MadeRecord> {
  const dice = createDice(seed);
  const draw: Draw = {
    number: (below) => Math.floor(dice() * below),
    one: (values) => values[Math.floor(dice() * values.length)] ?? values[0],
  };
  const step = (days * 86_400_000) / events;
  let policyEvents = 0;
  for (let index = 0; index < events; index++) {
    const time = new Date(from.getTime() + (index + dice()) * step);
    const isPolicy = index % POLICY_SHARE === 0;
    const event = isPolicy ? policyEvent(policyEvents++, draw) : otherEvent(draw);
    yield toRecord(event, { time, draw, id: idOf(`${seed} ${index}`) });
  }
}

type MadeEvent = {
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly region: string;
  readonly request: Fields | null;
  readonly response: Fields | null;
};

function otherEvent(draw: Draw): MadeEvent {
  const [source, name, readOnly] = draw.one(OTHER_EVENTS);
  const region = source === GLOBAL_SOURCE ? GLOBAL_REGION : draw.one(REGIONS);
  return { source, name, readOnly, region, request: { maxResults: 100 }, response: null };
}

function policyEvent(index: number, draw: Draw): MadeEvent {
  const [first] = POLICY_EVENTS;
  if (first === undefined) throw new Error('the event table is empty');
  const frequent = draw.number(4) > 0 ? FREQUENT : POLICY_EVENTS;
  const rows = POLICY_EVENTS[index] ?? frequent[draw.number(frequent.length)] ?? first;
  const [{ source, name }] = rows;
  // Policies are where they can be read by one Region's clients.
  const region = GLOBAL_REGION;
  const needed = (place: string) =>
    new Set(
      rows.map(({ needs }) => needs.split('.')).flatMap(([at, field = '']) => (at === place ? [field] : [])),
    );
  const request: Record<string, unknown> = {};
  const response: Record<string, unknown> = {};
  const fields: EventFields = {
    request: asked(
      { makers: { ...REQUEST, ...INSTEAD[name] }, made: request, needed: needed('requestParameters') },
      draw,
    ),
    response: asked({ makers: RESPONSE, made: response, needed: needed('responseElements') }, draw),
    accountId: TRAIL_ACCOUNT,
    region,
    partition: 'aws',
    resources: [],
  };
  for (const row of rows) {
    row.target(fields);
    row.edit?.(fields);
  }
  for (const { name: pattern, request: makers } of MORE)
    if (pattern.test(name)) for (const [field, make] of Object.entries(makers)) request[field] ??= make(draw);
  const needsResponse = rows.some(({ needs }) => needs.startsWith('responseElements'));
  return {
    source,
    // Lambda appends its API's date.
    name: name.replace(/\*$/, '20150331v2'),
    readOnly: false,
    region,
    request,
    response: needsResponse || 'policy' in response ? response : null,
  };
}

type Asked = {
  readonly makers: Makers;
  readonly made: Record<string, unknown>;
  /** Fields without which the event says nothing. */
  readonly needed: ReadonlySet<string>;
};

/** A value for a field of which nothing is known but its name. */
function namedAfter(field: string): Makers[string] {
  return ({ number }) => {
    const name = `${field.toLowerCase()}-${number(20)}`;
    if (/url$/i.test(field)) return `https://sqs.us-east-1.amazonaws.com/${TRAIL_ACCOUNT}/${name}`;
    return /arn$/i.test(field) ? arn('any', name) : name;
  };
}

/** Fields that come into being, in `made`, as they are asked for. */
function asked({ makers, made, needed }: Asked, draw: Draw): Fields {
  return new Proxy<Fields>(
    {},
    {
      get(_, field) {
        if (typeof field !== 'string') return undefined;
        const make = makers[field] ?? (needed.has(field) ? namedAfter(field) : undefined);
        if (make === undefined) return undefined;
        made[field] ??= make(draw);
        return made[field];
      },
    },
  );
}

type Place = { readonly time: Date; readonly draw: Draw; readonly id: string };

function toRecord(
  { source, name, readOnly, region, request, response }: MadeEvent,
  place: Place,
): MadeRecord {
  const { time, draw, id } = place;
  const user = draw.number(30);
  const role = `engineer-${user}`;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAENGINEER${user}:session`,
      arn: `arn:aws:sts::${TRAIL_ACCOUNT}:assumed-role/${role}/session`,
      accountId: TRAIL_ACCOUNT,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: `AROAENGINEER${user}`,
          arn: iamArn(`role/${role}`),
          accountId: TRAIL_ACCOUNT,
          userName: role,
        },
      },
    },
    eventTime: `${time.toISOString().slice(0, 19)}Z`,
    eventSource: source,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: `198.51.100.${user}`,
    userAgent: 'aws-cli/2.27.0',
    // Some calls are refused.
    ...(readOnly && draw.number(30) === 0 ? { errorCode: 'AccessDenied' } : {}),
    requestParameters: request,
    responseElements: response,
    requestID: idOf(`request of ${id}`),
    eventID: id,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: TRAIL_ACCOUNT,
    eventCategory: 'Management',
  };
}

/** A UUID that follows from the text. */
function idOf(text: string): string {
  const digest = createHash('sha256').update(text).digest('hex');
  return [digest.slice(0, 8), digest.slice(8, 12), `4${digest.slice(13, 16)}`, `8${digest.slice(17, 20)}`]
    .concat(digest.slice(20, 32))
    .join('-');
}
