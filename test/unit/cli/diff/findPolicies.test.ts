import { describe, expect, it } from 'vitest';
import { type FoundPolicy, pairPolicies } from '../../../../cli/diff/findPolicies.ts';

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

/** The one policy that a text holds after a change. */
function found(text: string, deployment = {}): FoundPolicy {
  const { pairs, problem } = pairPolicies({ after: text }, deployment);
  const [pair, ...others] = pairs;
  if (pair?.after === undefined || others.length > 0) throw new Error(problem ?? `${pairs.length} policies`);
  return pair.after;
}

/** A template with one managed policy of that statement. */
function template(statement: object, more: object = {}): string {
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:*', ...statement }],
  };
  return JSON.stringify({
    Resources: { Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument } }, ...RESOURCES },
    ...more,
  });
}

const RESOURCES = {
  Queue: { Type: 'AWS::SQS::Queue' },
  Topic: { Type: 'AWS::SNS::Topic' },
  Bucket: { Type: 'AWS::S3::Bucket' },
  Thing: { Type: 'Custom::Thing' },
};

const resourceOf = (text: string, deployment = {}): unknown =>
  JSON.parse(found(text, deployment).text).Statement[0].Resource;

describe('the policies of a file', () => {
  it('are itself where it is one, in the grammar that its statements need', () => {
    const bucket = { ...POLICY, Statement: [{ ...POLICY.Statement[0], Principal: '*' }] };

    expect(found(JSON.stringify(POLICY))).toMatchObject({ subject: '', policyType: 'IDENTITY_POLICY' });
    expect(found(JSON.stringify(bucket))).toMatchObject({ subject: '', policyType: 'RESOURCE_POLICY' });
  });

  it.each([
    ['other JSON', '{"Statement": "of account", "name": "x"}'],
    ['other YAML', 'hello: world\n'],
    ['an empty file', ''],
    ['YAML that is none and speaks of no policy', 'a: [\n'],
  ])('are none in %s', (_, text) => {
    expect(pairPolicies({ after: text })).toEqual({ pairs: [] });
  });

  it('are asked for where the file cannot be read and speaks of one', () => {
    expect(pairPolicies({ after: '{"Statement": [' }).problem).toMatch(/^line 1, column \d+: not JSON/);
  });

  it('are those of a role in a template, each by its own name', () => {
    const text = JSON.stringify({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: POLICY,
            Policies: [
              { PolicyName: 'b', PolicyDocument: POLICY },
              { PolicyName: 'a', PolicyDocument: POLICY },
            ],
          },
        },
      },
    });

    expect(pairPolicies({ after: text }).pairs.map(({ subject }) => subject)).toEqual([
      'Role.AssumeRolePolicyDocument',
      'Role.Policies.PolicyDocument.b',
      'Role.Policies.PolicyDocument.a',
    ]);
  });

  it('stand where the template has them', () => {
    const text =
      'Resources:\n  P:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Action: "*"\n            Resource: "*"\n';

    expect(found(text).regionOf(['Statement', 0])).toMatchObject({ startLine: 7, startColumn: 13 });
  });

  it('are both sides of a plan’s changes', () => {
    const change = (policy: object | null) => (policy === null ? null : { policy: JSON.stringify(policy) });
    const text = JSON.stringify({
      format_version: '1.2',
      resource_changes: [
        {
          address: 'module.a.aws_iam_policy.p[0]',
          type: 'aws_iam_policy',
          change: { before: change(null), after: change(POLICY), after_unknown: {} },
        },
        {
          address: 'aws_iam_role.r',
          type: 'aws_iam_role',
          change: {
            before: { inline_policy: [{ name: 'x', policy: JSON.stringify(POLICY) }] },
            after: { inline_policy: [{ name: 'x' }], assume_role_policy: '' },
            after_unknown: { inline_policy: [{ policy: true }] },
          },
        },
      ],
    });

    const { pairs } = pairPolicies({ before: 'whatever: 1', after: text });

    expect(
      pairs.map(({ subject, before, after }) => [subject, before !== undefined, after !== undefined]),
    ).toEqual([
      ['aws_iam_role.r.inline_policy["x"].policy', true, true],
      ['module.a.aws_iam_policy.p[0].policy', false, true],
    ]);
    expect([...(pairs[0]?.after?.findings.unreadable ?? [])]).toEqual([
      'it is known only after the plan is carried out',
    ]);
  });
});

describe('what a template computes', () => {
  const REGION = ['$', '{ratchet:AWS--Region}'].join('');
  const ACCOUNT = ['$', '{ratchet:AWS--AccountId}'].join('');
  const variable = (name: string) => ['$', `{ratchet:${name}}`].join('');
  const sub = (text: string) => ({ 'Fn::Sub': text });
  const parameters = (Default?: string) => ({
    Parameters: { P: { Type: 'String', ...(Default === undefined ? {} : { Default }) } },
  });

  it.each<[string, unknown, unknown, object?]>([
    ['a parameter’s default', { Ref: 'P' }, 'arn:aws:s3:::x', parameters('arn:aws:s3:::x')],
    [
      'the ARN of a queue',
      { 'Fn::GetAtt': ['Queue', 'Arn'] },
      `arn:aws:sqs:${REGION}:${ACCOUNT}:${variable('Queue')}`,
    ],
    [
      'the ARN that a topic’s Ref is',
      { Ref: 'Topic' },
      `arn:aws:sns:${REGION}:${ACCOUNT}:${variable('Topic')}`,
    ],
    ['objects of a bucket', sub('$' + '{Bucket.Arn}/*'), `arn:aws:s3:::${variable('Bucket')}/*`],
    [
      'a join',
      { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Bucket' }]] },
      `arn:aws:s3:::${variable('Bucket')}`,
    ],
    [
      'a choice that is known',
      { 'Fn::If': ['C', 'arn:aws:s3:::yes', 'arn:aws:s3:::no'] },
      'arn:aws:s3:::yes',
      { ...parameters('prod'), Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'prod'] } } },
    ],
    [
      'a map',
      { 'Fn::FindInMap': ['M', 'a', 'b'] },
      'arn:aws:s3:::m',
      { Mappings: { M: { a: { b: 'arn:aws:s3:::m' } } } },
    ],
    ['one of a list', { 'Fn::Select': ['1', { 'Fn::Split': ['|', 'a|arn:aws:s3:::b'] }] }, 'arn:aws:s3:::b'],
    ['what is left out', [{ Ref: 'AWS::NoValue' }, 'arn:aws:s3:::x'], ['arn:aws:s3:::x']],
    [
      'a literal',
      sub('arn:aws:s3:::x/$' + '{!aws:username}'),
      ['arn:aws:s3:::x/$', '{aws:username}'].join(''),
    ],
  ])('is %s', (_, Resource, expected, more = {}) => {
    expect(resourceOf(template({ Resource }, more))).toEqual(expected);
  });

  it('is what the caller knows of the account and Region', () => {
    const text = template({ Resource: { 'Fn::GetAtt': ['Queue', 'Arn'] } });

    expect(resourceOf(text, { accountId: '111122223333', region: 'eu-west-1' })).toBe(
      `arn:aws:sqs:eu-west-1:111122223333:${variable('Queue')}`,
    );
  });

  it('is any ARN where a parameter without a default, or an unknown type, stands for a resource', () => {
    for (const [Resource, name] of [
      [{ Ref: 'P' }, 'P'],
      [{ 'Fn::GetAtt': ['Thing', 'Arn'] }, 'Thing.Arn'],
    ] as const) {
      const parts = ['.partition', '.service', '.region', '.account', ''].map((part) =>
        variable(name + part),
      );
      expect(resourceOf(template({ Resource }, parameters()))).toBe(`arn:${parts.join(':')}`);
    }
  });

  it.each<[string, unknown]>([
    ['a choice that depends on a parameter without default', { 'Fn::If': ['C', 'a', 'b'] }],
    ['a function that nobody knows', { 'Fn::Transform': { Name: 'x' } }],
    ['a resource that may be anything', sub('$' + '{P}:x')],
  ])('is said to be unreadable for %s', (_, Resource) => {
    const { findings } = found(
      template({ Resource }, { ...parameters(), Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'x'] } } }),
    );

    expect(findings.unreadable.size).toBe(1);
  });
});
