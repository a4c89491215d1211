/** What an account may hold without asking AWS for more, against what a deployment needs of it: a new account has no more. */
import type { Deployed } from './template.ts';

/** The most that any one place needs, and which place that is. */
type Measured = readonly [amount: number, where: string];

export type Quota = {
  readonly name: string;
  readonly most: number;
  readonly measure: (resources: readonly Deployed[]) => Measured;
};

const ofType = (resources: readonly Deployed[], ...types: readonly string[]) =>
  resources.filter(({ Type }) => types.includes(Type));
const largest = (measured: readonly Measured[]): Measured =>
  measured.toSorted(([a], [b]) => b - a)[0] ?? [0, 'nothing'];
/** IAM counts no white space. */
const sizeOf = (document: unknown) => JSON.stringify(document).replaceAll(/\s/g, '').length;
const listOf = <Member>(value: unknown): readonly Member[] => (value ?? []) as readonly Member[];
/** Of the template's own shapes. */
type Inline = { readonly PolicyName: string; readonly PolicyDocument: object };

/** Policies on a role, attached from its side or from the policy's, and by name those that stand in it. */
function policiesOn(role: Deployed, resources: readonly Deployed[]) {
  const fromPolicies = ofType(resources, 'AWS::IAM::ManagedPolicy').filter(({ Properties }) =>
    listOf<string>(Properties['Roles']).includes(role.physicalId),
  );
  const beside = ofType(resources, 'AWS::IAM::Policy').filter(({ Properties }) =>
    listOf<string>(Properties['Roles']).includes(role.physicalId),
  );
  return {
    managed: [
      ...listOf<string>(role.Properties['ManagedPolicyArns']),
      ...fromPolicies.map(({ physicalId }) => physicalId),
    ],
    inline: [
      ...listOf<Inline>(role.Properties['Policies']).map(({ PolicyDocument }) => PolicyDocument),
      ...beside.map(({ Properties }) => Properties['PolicyDocument'] as object),
    ],
  };
}

const roles = (resources: readonly Deployed[]) => ofType(resources, 'AWS::IAM::Role');

/** Sources: the quota pages of each service's guide; of Lambda what a new account has. */
export const QUOTAS: readonly Quota[] = [
  {
    // A new account may run 10 functions at once and must keep 10 unreserved or more: nothing can be reserved.
    name: 'reserved concurrent executions',
    most: 0,
    measure: (resources) => [
      ofType(resources, 'AWS::Lambda::Function').reduce(
        (sum, { Properties }) => sum + Number(Properties['ReservedConcurrentExecutions'] ?? 0),
        0,
      ),
      'all functions together',
    ],
  },
  {
    name: 'managed policies on a role',
    most: 10,
    measure: (resources) =>
      largest(roles(resources).map((role) => [policiesOn(role, resources).managed.length, role.id])),
  },
  {
    name: 'characters of the inline policies of a role',
    most: 10_240,
    measure: (resources) =>
      largest(
        roles(resources).map((role) => [
          policiesOn(role, resources).inline.reduce((sum, document) => sum + sizeOf(document), 0),
          role.id,
        ]),
      ),
  },
  {
    name: 'characters of a managed policy',
    most: 6_144,
    measure: (resources) =>
      largest(
        ofType(resources, 'AWS::IAM::ManagedPolicy').map(({ id, Properties }) => [
          sizeOf(Properties['PolicyDocument']),
          id,
        ]),
      ),
  },
  {
    name: 'bytes of a function’s variables',
    most: 4_096,
    measure: (resources) =>
      largest(
        ofType(resources, 'AWS::Lambda::Function').map(({ id, Properties }) => [
          Buffer.byteLength(
            JSON.stringify((Properties['Environment'] as { readonly Variables: object }).Variables),
          ),
          id,
        ]),
      ),
  },
  {
    name: 'rules on a bus',
    most: 300,
    measure: (resources) => [ofType(resources, 'AWS::Events::Rule').length, 'the default bus'],
  },
  {
    name: 'characters of a pattern',
    most: 2_048,
    measure: (resources) =>
      largest(
        ofType(resources, 'AWS::Events::Rule').map(({ id, Properties }) => [
          JSON.stringify(Properties['EventPattern'] ?? '').length,
          id,
        ]),
      ),
  },
  {
    name: 'bytes of a bucket policy',
    most: 20_480,
    measure: (resources) =>
      largest(
        ofType(resources, 'AWS::S3::BucketPolicy').map(({ id, Properties }) => [
          Buffer.byteLength(JSON.stringify(Properties['PolicyDocument'])),
          id,
        ]),
      ),
  },
  {
    name: 'metric filters on a log group',
    most: 100,
    measure: (resources) => [ofType(resources, 'AWS::Logs::MetricFilter').length, 'all log groups together'],
  },
  {
    name: 'resources of a stack',
    most: 500,
    measure: (resources) => [resources.length, 'the stack'],
  },
  ...(
    [
      ['AWS::IAM::Role', 64],
      ['AWS::IAM::ManagedPolicy', 128],
      ['AWS::Events::Rule', 64],
      ['AWS::Events::EventBus', 256],
      ['AWS::SQS::Queue', 80],
      ['AWS::SNS::Topic', 256],
      ['AWS::CloudWatch::Alarm', 255],
      ['AWS::Lambda::Function', 64],
    ] as const
  ).map(
    ([type, most]): Quota => ({
      name: `characters of the name of an ${type}`,
      most,
      measure: (resources) =>
        largest(
          ofType(resources, type).map(({ id, physicalId }) => [
            (physicalId.split(/[/:|]/).at(-1) ?? '').length,
            id,
          ]),
        ),
    }),
  ),
];
