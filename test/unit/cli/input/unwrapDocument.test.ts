import { describe, expect, it } from 'vitest';
import { parsePolicies } from '../../../../cli/input/readPolicies.ts';
import { unwrapText } from '../../../../cli/input/unwrapDocument.ts';

const DOCUMENT = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const TEXT = JSON.stringify(DOCUMENT);
const ENCODED = encodeURIComponent(TEXT);

/** What commands of `aws` print, with the document where they put it. */
const PRINTED: readonly (readonly [string, unknown])[] = [
  [
    'iam get-policy-version',
    { PolicyVersion: { Document: DOCUMENT, VersionId: 'v1', IsDefaultVersion: true } },
  ],
  ['iam get-role-policy', { RoleName: 'R', PolicyName: 'p', PolicyDocument: DOCUMENT }],
  ['iam get-user-policy, encoded', { UserName: 'u', PolicyName: 'p', PolicyDocument: ENCODED }],
  ['iam get-role', { Role: { RoleName: 'R', AssumeRolePolicyDocument: DOCUMENT } }],
  ['s3api get-bucket-policy', { Policy: TEXT }],
  [
    'kms get-key-policy',
    { Policy: `{\n  "Version" : "2012-10-17",${TEXT.slice(TEXT.indexOf(',') + 1)}`, PolicyName: 'default' },
  ],
  ['sns get-topic-attributes', { Attributes: { Policy: TEXT, Owner: '111122223333' } }],
  ['sqs get-queue-attributes', { Attributes: { Policy: TEXT, QueueArn: 'q' } }],
  ['lambda get-policy', { Policy: TEXT, RevisionId: 'r' }],
  ['secretsmanager get-resource-policy', { ARN: 'a', Name: 'n', ResourcePolicy: TEXT }],
  ['ecr get-repository-policy', { registryId: '1', repositoryName: 'r', policyText: TEXT }],
  ['glue get-resource-policy', { PolicyInJson: TEXT, PolicyHash: 'h' }],
  ['organizations describe-policy', { Policy: { PolicySummary: { Id: 'p-1' }, Content: TEXT } }],
  ['glacier get-vault-access-policy', { policy: { Policy: TEXT } }],
  ['codeartifact get-domain-permissions-policy', { policy: { resourceArn: 'a', document: TEXT } }],
  ['apigateway get-rest-api', { id: 'abc', policy: TEXT.replaceAll('"', '\\"') }],
  ['opensearch describe-domain', { DomainStatus: { DomainName: 'd', AccessPolicies: TEXT } }],
  ['iam list-roles', { Roles: [{ RoleName: 'R', AssumeRolePolicyDocument: DOCUMENT }] }],
  [
    's3control get-multi-region-access-point-policy',
    { Policy: { Established: { Policy: TEXT }, Proposed: { Policy: '{"Statement":[]}' } } },
  ],
  ['redshift get-resource-policy', { ResourcePolicy: { ResourceArn: 'a', Policy: TEXT } }],
  ['redshift-serverless get-resource-policy', { resourcePolicy: { policy: TEXT, resourceArn: 'a' } }],
  ['ec2 describe-vpc-endpoints', { VpcEndpoints: [{ VpcEndpointId: 'vpce-1', PolicyDocument: TEXT }] }],
  ['ec2 create-vpc-endpoint', { VpcEndpoint: { VpcEndpointId: 'vpce-1', PolicyDocument: TEXT } }],
  ['logs describe-resource-policies', { resourcePolicies: [{ policyName: 'p', policyDocument: TEXT }] }],
  ['logs describe-destinations', { destinations: [{ destinationName: 'd', accessPolicy: TEXT }] }],
  ['logs get-delivery-destination-policy', { policy: { deliveryDestinationPolicy: TEXT } }],
  ['xray list-resource-policies', { ResourcePolicies: [{ PolicyName: 'p', PolicyDocument: TEXT }] }],
  ['ssm get-resource-policies', { Policies: [{ PolicyId: 'p', Policy: TEXT }] }],
  ['ses get-identity-policies', { Policies: { 'my policy': TEXT } }],
  ['ram get-resource-policies', { policies: [TEXT] }],
  ['glue get-resource-policies', { GetResourcePoliciesResponseList: [{ PolicyInJson: TEXT }] }],
  [
    'ecr describe-repository-creation-templates',
    { repositoryCreationTemplates: [{ repositoryPolicy: TEXT }] },
  ],
  ['cloudsearch describe-service-access-policies', { AccessPolicies: { Options: TEXT, Status: {} } }],
];

describe('a document as the AWS CLI prints it', () => {
  it.each(PRINTED)('%s is unwrapped, with a note', (_, printed) => {
    const text = JSON.stringify(printed, undefined, 4);
    const [policy] = parsePolicies([{ name: 'p.json', text }], 'IDENTITY_POLICY');

    expect(policy?.statements).toMatchObject([
      { effect: 'Allow', action: { patterns: [[{ text: 's3:GetObject' }]] } },
    ]);
    expect(policy?.warnings).toMatchObject([
      { message: expect.stringContaining('as the AWS CLI prints it') },
    ]);
  });

  it.each([
    ['URL-encoded text', ENCODED],
    ['a JSON string', JSON.stringify(TEXT)],
    ['a JSON string of URL-encoded text', JSON.stringify(ENCODED)],
    ['URL-encoded text in what is printed', JSON.stringify({ Policy: ENCODED })],
  ])('of %s is decoded', (_, text) => {
    expect(parsePolicies([{ name: 'p', text }], 'IDENTITY_POLICY')).toMatchObject([
      { statements: [{ effect: 'Allow' }] },
    ]);
  });

  it('is not chosen among several', () => {
    const printed = { VpcEndpoints: [{ PolicyDocument: TEXT }, { PolicyDocument: TEXT }] };

    expect(unwrapText(JSON.stringify(printed))).toBeUndefined();
  });

  it.each([
    [{ Policies: { 'my policy': TEXT } }, '$.Policies["my policy"]'],
    [{ VpcEndpoints: [{ PolicyDocument: TEXT }] }, '$.VpcEndpoints[0].PolicyDocument'],
  ])('in %j has a path', (printed, path) => {
    expect(unwrapText(JSON.stringify(printed))).toMatchObject({ path });
  });

  it('keeps its lines where it stands as JSON', () => {
    const broken = { ...DOCUMENT, Statement: [{ ...DOCUMENT.Statement[0], Effect: 'allow' }] };
    const text = JSON.stringify({ PolicyVersion: { Document: broken } }, undefined, 2);

    const [policy] = parsePolicies([{ name: 'p.json', text }], 'IDENTITY_POLICY');

    // AWS holds it, so that what is odd in it is no error.
    const unread = policy?.statements.flatMap((one) => one.unread ?? []) ?? [];
    expect(new Set(unread.map(({ position }) => position?.line))).toEqual(new Set([7]));
  });

  it('is refused for what is odd in it where somebody wrote it', () => {
    const broken = { ...DOCUMENT, Statement: [{ ...DOCUMENT.Statement[0], Effect: 'allow' }] };
    const text = JSON.stringify(JSON.stringify(broken));

    expect(() => parsePolicies([{ name: 'p.json', text }], 'IDENTITY_POLICY')).toThrow(/Effect/);
  });

  it.each([
    ['a policy', TEXT],
    ['a policy with such a member', JSON.stringify({ ...DOCUMENT, Policy: TEXT })],
    ['what holds no document', JSON.stringify({ Policy: { Arn: 'a' } })],
    ['no JSON', '{'],
    ['a text', '"p"'],
  ])('is not looked for in %s', (_, text) => {
    expect(unwrapText(text)).toBeUndefined();
  });
});
