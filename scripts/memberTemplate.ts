/**
 * The template that a StackSet brings into each member account of an organization, made of the hub's own: the same
 * rules, which hand on to the hub's bus, and the same policies, on two roles that only the hub's functions may take on.
 * Rules stand in every Region of the StackSet, what belongs to IAM in its home Region only.
 */

type Json = { readonly [member: string]: unknown };

export type StackTemplate = {
  readonly Resources: {
    readonly [id: string]: { readonly Type: string; readonly Properties: Json };
  };
};

type Statement = { readonly Sid?: string; readonly Effect: string; readonly Resource: unknown };

const PARAMETERS = {
  OrganizationId: {
    Type: 'String',
    Description: 'The organization that this account and the hub are in',
    AllowedPattern: '^o-[a-z0-9]{10,32}$',
  },
  HubAccountId: {
    Type: 'String',
    Description: 'The account that the guard runs in',
    AllowedPattern: '^[0-9]{12}$',
  },
  HubBusArn: { Type: 'String', Description: 'Output OrganizationBusArn of the hub' },
  ReaderArns: { Type: 'CommaDelimitedList', Description: 'Output MemberReaders of the hub' },
  RestorerArn: { Type: 'String', Description: 'Output MemberRestorer of the hub' },
  ExternalId: {
    Type: 'String',
    Description: 'MemberExternalId of the hub',
    Default: 'ratchet',
  },
  HomeRegion: {
    Type: 'String',
    Description: 'Where the roles are made: one of the Regions of the StackSet, and the first',
    Default: 'us-east-1',
  },
  Restore: {
    Type: 'String',
    Description: 'on lets the hub put accepted policies back in this account',
    AllowedValues: ['on', 'off'],
    Default: 'off',
  },
} as const;

const CONDITIONS = {
  InHomeRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { Ref: 'HomeRegion' }] },
  WithRestore: {
    'Fn::And': [{ Condition: 'InHomeRegion' }, { 'Fn::Equals': [{ Ref: 'Restore' }, 'on'] }],
  },
} as const;

/** Returns the template of member accounts. Throws when the hub's lacks what it is made of. */
export function memberTemplate({ Resources: hub }: StackTemplate): Json {
  const policies = (name: RegExp, condition: keyof typeof CONDITIONS) =>
    Object.entries(hub)
      .filter(([id, { Type }]) => Type === 'AWS::IAM::ManagedPolicy' && name.test(id))
      .map(([id, resource]) => [id, { ...resource, Condition: condition }] as const);
  const reads = policies(/^(Read|List)\w+Policy$/, 'InHomeRegion');
  const writes = policies(/^Write\w+Policy$/, 'WithRestore');
  const boundary = hub['RollbackBoundary'];
  if (reads.length === 0 || writes.length === 0 || boundary === undefined)
    throw new Error('the stack lacks the policies that read and restore, or their boundary');
  const refs = (entries: readonly (readonly [string, unknown])[]) => entries.map(([Ref]) => ({ Ref }));
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Ratchet in a member account: events to the hub, a role to read and one to restore policies',
    Parameters: PARAMETERS,
    Conditions: CONDITIONS,
    Resources: {
      ...Object.fromEntries(rulesOf(hub)),
      ForwardRole: FORWARD_ROLE,
      ...Object.fromEntries([...reads, ...writes]),
      ReadRole: role('ratchet-read', 'InHomeRegion', refs(reads), { Ref: 'ReaderArns' }),
      RestoreBoundary: { ...limited(boundary), Condition: 'WithRestore' },
      RestoreRole: role(
        'ratchet-restore',
        'WithRestore',
        // A listing is nothing that a restore needs.
        refs([...reads.filter(([id]) => id.startsWith('Read')), ...writes]),
        { Ref: 'RestorerArn' },
        { PermissionsBoundary: { Ref: 'RestoreBoundary' } },
      ),
    },
  };
}

/** The hub's rules on calls, which tell by their source, with the hub's bus as their target. */
function rulesOf(hub: StackTemplate['Resources']): [string, Json][] {
  return Object.entries(hub)
    .filter(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Events::Rule' &&
        JSON.stringify(Properties['EventPattern'] ?? '').includes('"eventSource"'),
    )
    .map(([id, { Type, Properties }]) => [
      id,
      {
        Type,
        Properties: {
          ...Properties,
          Targets: [
            { Id: 'hub', Arn: { Ref: 'HubBusArn' }, RoleArn: { 'Fn::GetAtt': ['ForwardRole', 'Arn'] } },
          ],
        },
      },
    ]);
}

const FORWARD_ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    Path: '/ratchet/',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ],
    },
    Policies: [
      {
        PolicyName: 'forward',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: { Ref: 'HubBusArn' } }],
        },
      },
    ],
  },
} as const;

function role(
  RoleName: string,
  Condition: keyof typeof CONDITIONS,
  ManagedPolicyArns: readonly Json[],
  trusted: Json,
  more: Json = {},
): Json {
  return {
    Type: 'AWS::IAM::Role',
    Condition,
    Properties: {
      RoleName,
      Path: '/ratchet/',
      ManagedPolicyArns,
      ...more,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${HubAccountId}:root` } },
            Action: 'sts:AssumeRole',
            Condition: {
              ArnEquals: { 'aws:PrincipalArn': trusted },
              StringEquals: {
                'aws:PrincipalOrgID': { Ref: 'OrganizationId' },
                'sts:ExternalId': { Ref: 'ExternalId' },
              },
            },
          },
        ],
      },
    },
  };
}

/** The hub's boundary without what only its functions do, and without the hub's own resources, which are not here. */
function limited({ Type, Properties }: StackTemplate['Resources'][string]): Json {
  const document = Properties['PolicyDocument'] as { readonly Statement: readonly Statement[] }; // The resource schema says so.
  const Statement = document.Statement.filter(({ Sid }) => Sid !== 'Work').map((statement) =>
    statement.Effect === 'Deny' && Array.isArray(statement.Resource)
      ? { ...statement, Resource: statement.Resource.filter((arn) => !('Fn::GetAtt' in arn)) }
      : statement,
  );
  return { Type, Properties: { ...Properties, PolicyDocument: { ...document, Statement } } };
}
