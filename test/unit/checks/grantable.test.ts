/** A policy on a resource grants calls on that resource, of those that AWS serves to others. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KNOWN_RESOURCE_TYPES } from '../../../cli/input/parseNames.ts';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { grantableBy, notRefusedBy } from '../../../shared/reference/grantable.ts';
import { loadReference } from '../../../shared/reference/reference.ts';
import { actionsOf } from '../../oracle/serviceReference.ts';

const engine = createEngine();
afterAll(() => engine.close());
const reference = await loadReference();

function parse(...statements: readonly object[]) {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const parsed = parsePolicy(text, { policyType: 'RESOURCE_POLICY' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.policy;
}

const TRUST = 'AWS::IAM::AssumeRolePolicyDocument';

async function askPublic(resourceType: string, action: string, resource?: string) {
  const statement = { Effect: 'Allow', Principal: '*', Action: action };
  const policy = parse(resource === undefined ? statement : { ...statement, Resource: resource });
  const verdict = await engine.checkNoPublicAccess(policy, resourceType);
  if (verdict.result !== 'FAIL') throw new Error(verdict.message);
  return verdict;
}

describe('the witness of a public policy', () => {
  it.each([
    [TRUST, '*', undefined, /^sts:AssumeRole/, /^arn:aws:iam::\d{12}:role\//],
    [TRUST, 'sts:*', undefined, /^sts:AssumeRole/, /:role\//],
    ['AWS::S3::Bucket', '*', '*', /^s3:/, /^arn:aws:s3:::/],
    ['AWS::ECR::Repository', 'ecr:*', undefined, /^ecr:(?!.*Registry)/, /:repository\//],
    ['AWS::ECR::Repository', '*', undefined, /^ecr:/, /:repository\//],
    ['AWS::Kinesis::StreamConsumer', 'kinesis:*', '*', /^kinesis:(?!PutRecord)/, /\/consumer\//],
    ['AWS::Kinesis::Stream', 'kinesis:*', '*', /^kinesis:/, /:stream\/[^/]*$/],
    ['AWS::SQS::Queue', 'sqs:*', '*', /^sqs:(\w+Message\w*|Get\w+|PurgeQueue)$/, /^arn:aws:sqs:/],
    ['AWS::KMS::Key', 'kms:*', '*', /^kms:(CreateGrant|RetireGrant|RevokeGrant)$/, /:key\//],
    ['AWS::SNS::Topic', '*', '*', /^sns:/, /^arn:aws:sns:/],
    ['AWS::Lambda::LayerVersionPermission', 'lambda:*', '*', /^lambda:GetLayerVersion$/, /:layer:/],
    ['AWS::OpenSearchService::Domain', '*', '*', /^es:/, /:domain\//],
    ['AWS::SecretsManager::Secret', '*', '*', /^secretsmanager:/, /:secret:/],
    ['AWS::DynamoDB::Table', '*', '*', /^dynamodb:/, /:table\//],
    ['AWS::S3::AccessPoint', '*', '*', /^s3:\w*Object/, /:accesspoint\/[^/]+\/object\//],
    ['AWS::S3::MultiRegionAccessPoint', '*', '*', /^s3:\w*Object/, /:accesspoint\/[^/]+\/object\//],
    ['AWS::Glue::Catalog', '*', '*', /^glue:/, /^arn:aws:glue:/],
  ])('on %s that allows %s is a call that it can grant', async (type, action, resource, expected, on) => {
    const { possible, witness } = await askPublic(type, action, resource);

    expect(witness.action).toMatch(expected);
    expect(witness.resource).toMatch(on);
    expect(possible).toBe(true);
  });

  it.each([
    [TRUST, 's3:GetObject', undefined],
    [TRUST, 'sts:GetCallerIdentity', undefined],
    [TRUST, 'sts:AssumeRoot', undefined],
    ['AWS::SQS::Queue', 'sqs:AddPermission', '*'],
    ['AWS::SQS::Queue', 'sqs:DeleteQueue', '*'],
    ['AWS::S3::Bucket', 's3:PutBucketPolicy', 'arn:aws:s3:::b'],
    ['AWS::KMS::Key', 'kms:ScheduleKeyDeletion', '*'],
    ['AWS::KMS::Key', 'kms:ListKeys', '*'],
    ['AWS::S3::MultiRegionAccessPoint', 'iam:PutUserPolicy', '*'],
  ])('on %s that allows %s alone is no call of a stranger', async (type, action, resource) => {
    const { possible } = await askPublic(type, action, resource);

    expect(possible).toBe(false);
  });

  it.each([
    ['AWS::SQS::Queue', 's3:GetObject', '*'],
    ['AWS::KMS::Key', 'kms:Decapsulate', '*'],
    ['AWS::KMS::Key', 'kms:Encapsulate', '*'],
    ['AWS::KMS::Key', 'kms:AnOperationOfNextYear', '*'],
    ['AWS::ECR::Repository', 'ecr:PutRegistryPolicy', undefined],
    ['AWS::S3::AccessPoint', 's3-object-lambda:GetObject', '*'],
  ])('on %s that allows %s is not ruled out by a list of types', async (type, action, resource) => {
    const { possible } = await askPublic(type, action, resource);

    expect(possible).toBe(true);
  });

  it.each([
    ['execute-api:/*', /:this-api\/prod\/GET\/path$/],
    ['execute-api:/live/*', /:this-api\/live\/GET\/path$|:this-api\/live\/.+/],
    ['execute-api:/live/POST/pets', /:this-api\/live\/POST\/pets$/],
    ['*', /^arn:aws:execute-api:[^:]+:[^:]+:[^/]+\/prod\/GET\/path$/],
  ])('of an API on `%s` names a stage, a method and a path', async (resource, expected) => {
    const { witness } = await askPublic('AWS::ApiGateway::RestApi', 'execute-api:Invoke', resource);

    expect(witness.resource).toMatch(expected);
  });
});

describe('calls on a KMS key', () => {
  /** Each operation's own words in the SDK. */
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('@aws-sdk/client-kms')),
    '../dist-types/commands',
  );
  const isOfOthers = (name: string) => {
    const said = readFileSync(join(folder, `${name}Command.d.ts`), 'utf8').replaceAll(/\s*\*?\s+/g, ' ');
    const [, answer] = /Cross-account use(?:<\/b>)?:? *(?:<\/b>)? *:? *(Yes|No\b)/.exec(said) ?? [];
    return answer;
  };
  const operations = readdirSync(folder).flatMap((file) => /^(\w+)Command\.d\.ts$/.exec(file)?.[1] ?? []);

  it('are ruled out exactly where KMS says that no other account can make them', async () => {
    const reference = await loadReference();
    const refused = notRefusedBy('AWS::KMS::Key', reference).service('kms')?.groups ?? [];
    const isRefused = (name: string) =>
      refused.some((group) => group.elsewhere === true && group.actions.includes(`kms:${name}`));

    const said = operations.filter((name) => isOfOthers(name) !== undefined);

    expect(said.length).toBeGreaterThan(50);
    expect(said.filter((name) => isRefused(name) !== (isOfOthers(name) === 'No'))).toEqual([]);
  });
});

describe('the witness of new trust', () => {
  it.each(['*', 'sts:*', 'sts:Assume*'])('beneath `%s` assumes the role', async (action) => {
    const before = parse({ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' });
    const after = parse({ Effect: 'Allow', Principal: { AWS: '444455556666' }, Action: action });

    const verdict = await engine.checkNoNewAccess(before, after);

    expect(verdict).toMatchObject({ possible: true, witness: { action: 'sts:AssumeRole' } });
  });
});

describe('what a policy can grant', () => {
  /** These limit, or grant in a way of their own. */
  const OPEN = ['AWS::EC2::VPCEndpoint', 'AWS::Organizations::Policy', 'AWS::RAM::ResourceShare'];

  it.each(KNOWN_RESOURCE_TYPES)('is known of %s', (type) => {
    const view = grantableBy(type, reference);
    if (OPEN.includes(type)) return expect(view).toBe(reference);

    const granted = view.services.map(({ name }) => {
      const groups = view.service(name)?.groups ?? [];
      return groups.flatMap((group) => (group.elsewhere ? [] : group.actions));
    });

    expect(granted.every((actions) => actions.length > 0)).toBe(true);
    expect(granted.length).toBeGreaterThan(0);
  });

  it('leaves every action of every service to be found', () => {
    const view = grantableBy('AWS::S3::Bucket', reference);

    const counts = ['s3', 'iam', 'ec2'].map((name) => view.service(name)?.actions.size);

    expect(counts).toEqual(['s3', 'iam', 'ec2'].map((name) => actionsOf(name).size));
  });
});
