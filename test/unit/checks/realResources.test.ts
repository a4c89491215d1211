/** Witnesses name resources that there could be: a Region, an account and a partition as AWS writes them. */
import { afterAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';

const engine = createEngine();
afterAll(() => engine.close());

function parse(...statements: readonly object[]) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType: 'IDENTITY_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const allow = (action: string, resource: string | readonly string[]) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

async function granted(action: string, resource: string, listed: readonly string[] = ['*']) {
  const verdict = await engine.checkAccessNotGranted(parse(allow(action, resource)), [{ resources: listed }]);
  if (verdict.result !== 'FAIL') throw new Error(verdict.message);
  return verdict;
}

async function added(before: readonly object[], after: readonly object[]) {
  const verdict = await engine.checkNoNewAccess(parse(...before), parse(...after));
  if (verdict.result !== 'FAIL') throw new Error(verdict.message);
  return verdict;
}

describe('a Region and an account', () => {
  it.each([
    ['ec2:CreateTags', 'arn:aws:ec2:*:*:volume/*', /^arn:aws:ec2:us-east-1:111122223333:volume\//],
    ['ec2:RunInstances', 'arn:aws:ec2:*:*:subnet/*', /^arn:aws:ec2:us-east-1:111122223333:subnet\//],
    ['ec2:RunInstances', 'arn:aws:ec2:*:*:image/*', /^arn:aws:ec2:us-east-1::image\//],
    [
      'bedrock:InvokeModel',
      'arn:aws:bedrock:*::foundation-model/*',
      /^arn:aws:bedrock:us-east-1::foundation-m/,
    ],
    ['sqs:SendMessage', 'arn:aws:sqs:eu-*:*:q', /^arn:aws:sqs:eu-west-1:111122223333:q$/],
    ['sqs:SendMessage', 'arn:aws:sqs:??-south-1:4*:q', /^arn:aws:sqs:[a-z]{2}-south-1:4\d{11}:q$/],
    ['waf:GetWebACL', 'arn:aws:waf::*:webacl/*', /^arn:aws:waf::111122223333:webacl\//],
    ['iam:GetRole', 'arn:aws:iam::11112222333?:role/x', /^arn:aws:iam::11112222333\d:role\/x$/],
    ['s3:GetObject', 'arn:aws:s3:::b/*', /^arn:aws:s3:::b\//],
    [
      's3:GetObject',
      'arn:aws:s3::111122223333:accesspoint/alias.mrap/object/*',
      /^arn:aws:s3::111122223333:accesspoint\/alias.mrap\/object\/./,
    ],
    ['kinesis:SubscribeToShard', 'arn:aws:kinesis:*:*:*/consumer/*', /:stream\/[^/]+\/consumer\//],
    [
      'ssm:GetParameter',
      'arn:aws:ssm:*::parameter/aws/service/*',
      /^arn:aws:ssm:us-east-1::parameter\/aws\/service\//,
    ],
    ['iam:GetPolicy', 'arn:aws:iam::aws:policy/*', /^arn:aws:iam::aws:policy\//],
    [
      'sqs:*',
      'arn:aws-cn:sqs:*:*:q',
      /^arn:aws-cn:sqs:cn-north-1:111122223333:q$|^arn:aws-cn:sqs:[a-z-]+\d:\d{12}:q$/,
    ],
  ])('are there in `%s` on `%s` where the ARN form has them', async (action, resource, expected) => {
    const { possible, witness } = await granted(action, resource);

    expect(witness.resource).toMatch(expected);
    expect(possible).toBe(true);
  });

  it.each([
    ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:example:q'],
    ['sqs:SendMessage', 'arn:aws:sqs:everywhere:111122223333:q'],
    ['sqs:SendMessage', 'arn:awsome:sqs:us-east-1:111122223333:q'],
    ['ec2:RunInstances', 'arn:aws:ec2:us-east-1:111122223333:image/*'],
    // IAM User Guide, "IAM ARNs": each has an account.
    ['iam:CreateUser', 'arn:aws:iam:::user/*'],
  ])('that cannot be make `%s` on `%s` a call that nobody makes', async (action, resource) => {
    expect((await granted(action, resource)).possible).toBe(false);
  });

  // Some of a service's resources have none, and the reference does not say which.
  it.each([
    ['ec2:CreateTags', 'arn:aws:ec2::111122223333:volume/*'],
    ['s3:ListBucket', 'arn:aws:s3::111122223333:accesspoint/alias.mrap'],
  ])('that are left out in `%s` on `%s` are told, and rule nothing out', async (action, resource) => {
    const { possible, notes } = await granted(action, resource);

    expect(possible).toBe(true);
    expect(notes?.join()).toMatch(
      /^by the Service Authorization Reference, which does not list all, .* takes no such resource/,
    );
  });

  it.each([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['arn:aws:sqs:*:${aws:PrincipalTag/a}:q', 'aws:principaltag/a'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:*', 'aws:principalaccount'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['arn:aws:sqs:*:1${aws:username}:q', 'aws:username'],
  ])('follow a variable in `%s`', async (resource, key) => {
    const { possible, witness } = await granted('sqs:SendMessage', resource);

    const account = witness.resource.split(':')[4] ?? '';
    expect(account).toMatch(/^\d{12}$/);
    expect(account.endsWith(witness.context[key]?.[0] ?? 'absent')).toBe(true);
    expect(possible).toBe(true);
  });
});

describe('a Region that there is', () => {
  it.each([
    [
      'beside a variable that the engine has to solve',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      allow('eks:AssociateAccessPolicy', 'arn:aws:eks:*:*:access-entry/*/role/${aws:PrincipalAccount}/R/*'),
      /^arn:aws:eks:us-east-1:/,
    ],
    [
      'in the Region and in the name alike',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      allow('sqs:SendMessage', 'arn:aws:sqs:${aws:RequestedRegion}:*:q-${aws:RequestedRegion}'),
      /^arn:aws:sqs:us-east-1:\d{12}:q-us-east-1$/,
    ],
    [
      'of the partition',
      allow('sqs:SendMessage', 'arn:aws-us-gov:sqs:*-east-1:*:q'),
      /^arn:aws-us-gov:sqs:us-gov-east-1:/,
    ],
  ])('is taken %s', async (_, statement, expected) => {
    const { possible, witness } = await added([], [statement]);

    expect(witness.resource).toMatch(expected);
    expect(possible).toBe(true);
  });

  it.each([
    ['aws:RequestedRegion', 'eu-*', /^eu-west-1$/],
    ['aws:RequestedRegion', '*gov-east-1', /^us-gov-east-1$/],
    ['ec2:Region', '*-3', /^[a-z]{2}-[a-z]+-3$/],
  ])('is held by `%s` like `%s`', async (key, value, expected) => {
    const resource = value.includes('gov') ? 'arn:aws-us-gov:ec2:*:*:*' : '*';
    const condition = { StringLike: { [key]: value } };

    const { witness } = await added([], [{ ...allow('ec2:RunInstances', resource), Condition: condition }]);

    expect(witness.context[key.toLowerCase()]).toEqual([expect.stringMatching(expected)]);
  });

  it('of another partition is one of its own', async () => {
    const launch = 'ec2:DeleteLaunchTemplate';

    const { witness } = await added(
      [allow(launch, ['arn:aws:ec2:*:*:launch-template/*', 'arn:aws:ec2:*:*:instance/*'])],
      [{ ...allow(launch, '*'), Condition: { StringLike: { 'aws:ResourceTag/c': '*' } } }],
    );

    expect(witness.resource).toMatch(/^arn:aws-cn:ec2:cn-north-1:\d{12}:launch-template\//);
  });
});

describe('a partition', () => {
  it.each(['sqs', 'sns', 'ec2'])(
    'is not made up where `%s` has calls without a resource',
    async (service) => {
      const { possible, witness } = await added(
        [allow(`${service}:*`, `arn:aws:${service}:*:*:*`)],
        [allow(`${service}:*`, '*')],
      );

      expect(witness.resource).toBe('*');
      expect(possible).toBe(true);
    },
  );

  it('is one that there is where only other partitions are new', async () => {
    const { witness } = await added(
      [allow('sqs:SendMessage', 'arn:aws:sqs:*:*:*')],
      [allow('sqs:SendMessage', '*')],
    );

    expect(witness.resource).toMatch(/^arn:aws-(cn|us-gov|iso|iso-[bef]|eusc):sqs:[a-z-]+\d:\d{12}:/);
  });
});

describe('an ARN without an account', () => {
  it.each([
    [
      'lambda:InvokeFunction',
      'arn:aws:lambda:*:function:*',
      /^arn:aws:lambda:us-east-1:111122223333:function:/,
    ],
    ['ec2:TerminateInstances', 'arn:aws:ec2:*:instance/*', /^arn:aws:ec2:us-east-1:111122223333:instance\//],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:*:table/*', /^arn:aws:dynamodb:us-east-1:111122223333:table\//],
    [
      'lambda:GetFunction',
      'arn:aws:lambda:*:function:app-*',
      /^arn:aws:lambda:[a-z]+-[a-z]+-\d:\d{12}:function:app-/,
    ],
  ])('is read so that `%s` on `%s` is on something real', async (action, resource, expected) => {
    const { possible, witness } = await granted(action, resource);

    expect(witness.resource).toMatch(expected);
    expect(possible).toBe(true);
  });

  it('is read so in a Deny that goes as well', async () => {
    const deny = { ...allow('lambda:*', 'arn:aws:lambda:*:function:*'), Effect: 'Deny' };

    const { witness } = await added([allow('lambda:*', '*'), deny], [allow('lambda:*', '*')]);

    expect(witness.resource).toMatch(/^arn:aws:lambda:us-east-1:111122223333:function:/);
  });
});
