import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { matchName } from '../../shared/guard/config.ts';
import { type Deployed, deployed, readTemplate } from './template.ts';

type Statement = {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
};
type Handlers = { readonly [handler: string]: readonly string[] };

const jsonOf = <Value>(path: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8')) as Value;
const { Statement: statements } = jsonOf<{ readonly Statement: readonly Statement[] }>(
  '../../infra/deployer.json',
);
const { types, withoutSchema } = jsonOf<{
  readonly types: { readonly [type: string]: Handlers };
  readonly withoutSchema: { readonly [type: string]: readonly string[] };
}>('../vectors/handlerPermissions.json');

const resources = deployed(readTemplate(), {
  accountId: '111122223333',
  region: 'eu-west-1',
  stackName: 'ratchet-prod',
  parameters: {
    FindingsBusSwitch: 'on',
    SecurityHubSwitch: 'on',
    OcsfBucketName: 'lake',
    OrganizationId: 'o-a1b2c3d4e5',
  },
});
const inUse = [...new Set(resources.map(({ Type }) => Type))].sort();

/** What handlers may call for a property that this template does not set. */
const UNUSED: readonly (readonly [property: string, calls: RegExp])[] = [
  ['VpcConfig', /^ec2:Describe(NetworkInterfaces|SecurityGroups|Subnets|Vpcs)$/],
  ['FileSystemConfigs', /^(elasticfilesystem|s3files):/],
  ['CapacityProviderConfig', /^lambda:PassCapacityProvider$/],
  ['KmsKeyArn', /^kms:(CreateGrant|Decrypt|Encrypt|GenerateDataKey|ReEncrypt)/],
  ['KmsKeyId', /^logs:(Associate|Disassociate)KmsKey$/],
  ['DeliveryStatusLogging', /^(firehose:|logs:(CreateLogDelivery|PutResourcePolicy))/],
  ['DataProtectionPolicy', /^logs:\w+DataProtectionPolicy$/],
  ['Groups', /^iam:(Attach|Detach)GroupPolicy$/],
  ['Users', /^iam:(Attach|Detach)UserPolicy$/],
  ['MetadataTableConfiguration', /^(s3tables:|s3:\w+MetadataTableConfiguration$)/],
  [
    'AnalyticsConfigurations',
    /^s3:(Delete|Put)\w*(Analytics|Metrics|Inventory|IntelligentTiering)Configuration$/,
  ],
  ['ReplicationConfiguration', /^s3:(Delete|Put)\w*Replication\w*$/],
  ['ObjectLockConfiguration', /^s3:PutObjectLockConfiguration$/],
  ['WebsiteConfiguration', /^s3:DeleteBucketWebsite$/],
  ['CorsConfiguration', /^s3:DeleteBucketCors$/],
  // Names that no IAM action has: the handlers' own slips.
  ['', /^s3:(REST\.PUT\.OBJECT|PutObjectAcl|DeleteBucketEncryption|DeleteBucketLifecycle)$/],
];

const listOf = (value: string | string[]) => (typeof value === 'string' ? [value] : value);
/** IAM compares the names of actions without their case. */
const granting = (action: string) =>
  statements.filter(({ Action }) =>
    listOf(Action).some((pattern) => matchName(pattern.toLowerCase(), action.toLowerCase())),
  );
const callsOf = (type: string) => [
  ...new Set([...Object.values(types[type] ?? {}).flat(), ...(withoutSchema[type] ?? [])]),
];
const isUnused = (action: string) => UNUSED.some(([, calls]) => calls.test(action));

describe('the policy of whoever deploys', () => {
  it('knows the calls of every type that the template has', () => {
    expect(inUse.filter((type) => callsOf(type).length === 0)).toEqual([]);
    expect(inUse.length).toBeGreaterThan(15);
  });

  it.each(inUse)('grants what making, changing and deleting an %s calls', (type) => {
    const missing = callsOf(type).filter((action) => granting(action).length === 0 && !isUnused(action));

    expect(missing).toEqual([]);
  });

  it.each(UNUSED.filter(([property]) => property !== ''))(
    'leaves out only what %s would need, which is not set',
    (property) => {
      const setBy = resources.filter(({ Properties }) => property in Properties);

      expect(setBy.map(({ id }) => id)).toEqual([]);
    },
  );

  it.each(
    resources.flatMap((resource) => arnOf(resource).map((arn) => [resource.id, resource.Type, arn] as const)),
  )('grants it on %s', (_, type, arn) => {
    const making = (types[type]?.['create'] ?? []).filter(
      (action) =>
        action.startsWith(`${arn.split(':')[2]}:`) && !/^s3:\w+Object$/.test(action) && !isUnused(action),
    );
    const refused = making.filter(
      (action) =>
        !granting(action).some(({ Resource }) => listOf(Resource).some((pattern) => matchName(pattern, arn))),
    );

    expect(refused).toEqual([]);
  });

  it('fits in one managed policy', () => {
    const path = fileURLToPath(new URL('../../infra/deployer.json', import.meta.url));

    expect(readFileSync(path, 'utf8').replaceAll(/\s/g, '').length).toBeLessThanOrEqual(6_144);
  });
});

/** The ARN that the calls of a resource are authorised on, where the type has one of its own. */
function arnOf({ Type, physicalId }: Deployed): string[] {
  const at = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:111122223333:${rest}`;
  switch (Type) {
    case 'AWS::IAM::Role':
      return [`arn:aws:iam::111122223333:role/ratchet/${physicalId}`];
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::SNS::Topic':
      return [physicalId];
    case 'AWS::Lambda::Function':
      return [at('lambda', `function:${physicalId}`)];
    case 'AWS::Logs::LogGroup':
      return [at('logs', `log-group:${physicalId}:*`)];
    case 'AWS::S3::Bucket':
      return [`arn:aws:s3:::${physicalId}`];
    case 'AWS::SQS::Queue':
      return [at('sqs', physicalId.split('/').at(-1) ?? '')];
    case 'AWS::Events::Rule':
      return [at('events', `rule/${physicalId.split('|').at(-1)}`)];
    case 'AWS::Events::EventBus':
      return [at('events', `event-bus/${physicalId}`)];
    case 'AWS::CloudWatch::Alarm':
      return [at('cloudwatch', `alarm:${physicalId}`)];
    default:
      return [];
  }
}
