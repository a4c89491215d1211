/** Of which calls it is said that anyone makes them without credentials. */
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/checks/index.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import { needsNoCredentials } from '../../../shared/reference/credentials.ts';

describe('a call without credentials', () => {
  it.each([
    's3:GetObject',
    's3:PutObjectAcl',
    's3:ListBucketVersions',
    'SQS:SendMessage',
    'es:ESHttpPost',
    'execute-api:Invoke',
    'elasticfilesystem:ClientMount',
    'lambda:InvokeFunctionUrl',
    'sts:AssumeRoleWithWebIdentity',
  ])('may be %s', (action) => {
    expect(needsNoCredentials(action)).toBe(true);
  });

  it.each([
    'es:DeleteDomain',
    's3:PutBucketPolicy',
    's3:CreateBucket',
    's3:ListAllMyBuckets',
    's3:CreateAccessPoint',
    'sqs:DeleteQueue',
    'sqs:AddPermission',
    'elasticfilesystem:DeleteFileSystem',
    'execute-api:ManageConnections',
    'mediastore:DeleteContainer',
    'lambda:InvokeFunction',
    'sts:AssumeRole',
  ])('is none of %s', (action) => {
    expect(needsNoCredentials(action)).toBe(false);
  });

  it.each([
    ['es:DeleteDomain', 'AWS::OpenSearchService::Domain'],
    ['s3:PutBucketTagging', 'AWS::S3::Bucket'],
    ['elasticfilesystem:DeleteFileSystem', 'AWS::EFS::FileSystem'],
  ])('is not what a public %s shows', async (Action, resourceType) => {
    const statement = { Effect: 'Allow', Principal: '*', Action, Resource: '*' };
    const parsed = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), {
      policyType: 'RESOURCE_POLICY',
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));

    const verdict = await createEngine().checkNoPublicAccess(parsed.policy, resourceType);

    expect(verdict).toMatchObject({ result: 'FAIL', witness: { principal: { type: 'AWS' } } });
  });
});
