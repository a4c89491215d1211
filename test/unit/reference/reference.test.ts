import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whyImpossible } from '../../../shared/reference/possible.ts';
import { LEVELS, loadReference } from '../../../shared/reference/reference.ts';
import { actionsOf, SERVICES, typesOf, whyNotListed } from '../../oracle/serviceReference.ts';

const reference = await loadReference();
const why = (action: string, resource: string, context: { [key: string]: readonly string[] } = {}) =>
  whyImpossible({ action, resource, context }, reference);

describe('the reference', () => {
  it('has every action of every service, as AWS spells it', () => {
    const listed = SERVICES.flatMap((service) =>
      [...actionsOf(service).values()].map(({ name }) => `${service}:${name}`),
    );

    const known = reference.services.flatMap(({ name }) =>
      [...(reference.service(name)?.actions.values() ?? [])].map(({ action }) => action),
    );

    expect(known.toSorted()).toEqual(listed.toSorted());
  });

  it('has the most serious level of each action, but tagging for what AWS lists as both', () => {
    const wrong = SERVICES.flatMap((service) =>
      [...actionsOf(service)].filter(([name, { accessLevel }]) => {
        const levels = accessLevel.split(', ');
        const level = levels.includes('Tagging') ? 'Tagging' : LEVELS.find((one) => levels.includes(one));
        const group = reference.service(service)?.actions.get(`${service}:${name}`)?.group;
        return group === undefined || LEVELS[group.level] !== level;
      }),
    );

    expect(wrong).toEqual([]);
  });

  it('gives nothing for a service that AWS does not list', () => {
    expect(reference.service('nosuchservice')).toBeUndefined();
    expect(reference.service('constructor')).toBeUndefined();
  });
});

describe('a call', () => {
  it.each([
    ['s3:ListBucket', 'arn:aws:s3:::reports'],
    ['s3:GetObject', 'arn:aws:s3:::reports/may'],
    ['S3:getobject', 'arn:aws-cn:s3:::reports/a/b:c'],
    ['s3:ListAllMyBuckets', '*'],
    ['cloudformation:DescribeStacks', '*'],
    ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/path/R'],
    ['logs:FilterLogEvents', 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/f:*'],
    ['lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:111122223333:function:f:prod'],
    ['execute-api:Invoke', 'arn:aws:execute-api:us-east-1:111122223333:a1b2c3/prod/$connect'],
    ['iam:AttachUserPolicy', 'arn:aws:iam::111122223333:user/a'],
    ['apigateway:GET', 'arn:aws:apigateway:us-east-1::/apis/a1b2c3'],
    ['elasticloadbalancing:AddTags', 'arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/t/1'],
    ['ssmmessages:OpenDataChannel', 'arn:aws:ssm:us-east-1:111122223333:session/s'],
    ['codestar-connections:UseConnection', 'arn:aws:codeconnections:us-east-1:111122223333:connection/c'],
    ['iam:ListRoles', 'arn:aws:iam::111122223333:role/app/'],
    ['account:GetPrimaryEmail', 'arn:aws:account::111122223333:account/o-a1b2c3d4e5/444455556666'],
    [
      'organizations:DescribeOrganizationalUnit',
      'arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-c3d4e5f6',
    ],
    ['newservice:DoIt', 'arn:aws:newservice:us-east-1:111122223333:thing'],
    ['s3:NotYetListed', '*'],
  ])('%s on %s is possible', (action, resource) => {
    expect(why(action, resource)).toBeUndefined();
  });

  it.each([
    ['s3:ListBucket', 'arn:aws:s3:::reports/may', 'takes no such resource'],
    ['s3:ListBucket', 'arn:aws:s3:::reports/', 'takes no such resource'],
    ['s3:PutObject', 'arn:aws:s3:::reports', 'takes no such resource'],
    ['s3:PutBucketPolicy', '*', 'must name a resource (bucket)'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::reports', 'takes no resource'],
    ['sts:AssumeRole', 'arn:aws:s3:::payroll', 'takes no such resource'],
    ['cloudwatch:PutMetricData', 'arn:aws:s3:::payroll', 'takes no such resource'],
    ['iam:CreateUser', 'arn:aws:iam::111122223333:role/R', 'takes no such resource'],
    ['account:GetPrimaryEmail', 'arn:aws:account::111122223333:account/o-x/x', 'takes no such resource'],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:111122223333:table/T/index/I', 'takes no such resource'],
  ])('%s on %s is not', (action, resource, reason) => {
    expect(why(action, resource)).toContain(reason);
  });

  it.each([
    ['s3:GetObject', 's3:prefix', ['home/']],
    ['iam:CreateUser', 'iam:PassedToService', ['ec2.amazonaws.com']],
    ['s3:GetObject', 'aws:SourceIp', ['192.0.2.1', '192.0.2.2']],
  ])('%s with %s %j is not', (action, key, values) => {
    const resource = action === 's3:GetObject' ? 'arn:aws:s3:::a/b' : 'arn:aws:iam::111122223333:user/a';

    expect(why(action, resource, { [key]: values })).toContain(key.toLowerCase());
  });

  it.each([
    ['s3:ExistingObjectTag/team', ['a']],
    ['aws:PrincipalTag/team', ['a']],
    ['aws:CalledVia', ['athena.amazonaws.com', 'glue.amazonaws.com']],
    ['www.amazon.com:user_id', ['amzn1.account.x']],
    ['oidc.example.com/id/1:amr', ['a', 'b']],
    ['s3:NotYetListed', ['a']],
  ])('on an object may hold %s %j', (key, values) => {
    expect(why('s3:GetObject', 'arn:aws:s3:::a/b', { [key]: values })).toBeUndefined();
  });

  it('is possible wherever the package lists it, whatever the type and its keys', () => {
    const services = SERVICES.filter((service) => actionsOf(service).size > 0);
    const call = fc.constantFrom(...services).chain((service) =>
      fc
        .tuple(fc.constantFrom(...actionsOf(service).values()), fc.nat(), fc.nat(), fc.nat())
        .map(([action, type, key, name]) => {
          const taken = action.resourceTypes[type % (action.resourceTypes.length + 1)];
          const detail = taken && typesOf(service).get(taken.name.toLowerCase());
          const keys = [
            ...action.conditionKeys,
            ...(taken?.conditionKeys ?? []),
            ...(detail?.conditionKeys ?? []),
          ].map((text) =>
            text.replace(/\$\{[^}]*\}|<[^>]*>|tag-key$|\/$/, (open) => (open === '/' ? '/team' : 'team')),
          );
          const held = keys[key % (keys.length + 1)];
          return {
            action: `${service}:${action.name}`,
            resource:
              detail === undefined ? '*' : fill(detail.arn, ['x', 'some-name', 'a.b'][name % 3] ?? 'x'),
            context: held === undefined ? {} : { [held]: ['true'] },
          };
        }),
    );

    fc.assert(
      fc.property(call, (one) => {
        const ours = whyImpossible(one, reference);
        const theirs = whyNotListed(one);
        if (theirs === undefined) expect(ours).toBeUndefined();
        else if (one.resource === '*') expect(ours).toBeDefined();
      }),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 3_000) },
    );
  });
});

function fill(arn: string, name: string): string {
  const [first = ''] = arn.split(/,\s*/);
  return first
    .replace(/\$\{Partition\}/g, 'aws')
    .replace(/\$\{(Aggregator)?Region\}/g, 'us-east-1')
    .replace(/\$\{\w*Account(I[Dd])?\}/g, '111122223333')
    .replace(/\$\{OrganizationId\}/g, 'a1b2c3d4e5')
    .replace(/\$\{RootId\}/g, 'ab12')
    .replace(/\$\{StreamType\}/g, 'stream')
    .replace(/\$\{OrganizationalUnitId\}/g, 'ab12-c3d4e5f6')
    .replace(/\$\{[^}]*\}|\*/g, name);
}
