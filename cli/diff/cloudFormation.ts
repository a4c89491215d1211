/** Policies in CloudFormation templates: which property of which resource holds one. Source: CloudFormation's resource reference. */
import type { FoundPolicy } from './findPolicies.ts';
import { type Findings, resolveDocument, type Template } from './intrinsics.ts';
import { permissionDocument } from './lambdaPermission.ts';
import type { Source } from './source.ts';

type Fields = { readonly [name: string]: unknown };

type Place = {
  /** Properties from the resource's own to the document. `*`: each member of a list. */
  readonly path: readonly string[];
  readonly policyType: FoundPolicy['policyType'];
  /** As the check for public access names it. */
  readonly resourceType?: string;
  /** Makes the document of the properties, where none of them holds it. */
  readonly compose?: (properties: Fields, template: Template) => Fields;
};

const identity = (...path: string[]): Place => ({ path, policyType: 'IDENTITY_POLICY' });
const resource = (resourceType: string, ...path: string[]): Place => ({
  path,
  policyType: 'RESOURCE_POLICY',
  resourceType,
});
const EACH = identity('Policies', '*', 'PolicyDocument');

const PLACES: { readonly [resourceType: string]: readonly Place[] } = {
  'AWS::IAM::ManagedPolicy': [identity('PolicyDocument')],
  'AWS::IAM::Policy': [identity('PolicyDocument')],
  'AWS::IAM::RolePolicy': [identity('PolicyDocument')],
  'AWS::IAM::UserPolicy': [identity('PolicyDocument')],
  'AWS::IAM::GroupPolicy': [identity('PolicyDocument')],
  'AWS::IAM::Role': [resource('AWS::IAM::AssumeRolePolicyDocument', 'AssumeRolePolicyDocument'), EACH],
  'AWS::IAM::User': [EACH],
  'AWS::IAM::Group': [EACH],
  'AWS::SSO::PermissionSet': [identity('InlinePolicy')],
  'AWS::S3::BucketPolicy': [resource('AWS::S3::Bucket', 'PolicyDocument')],
  'AWS::S3::AccessPoint': [resource('AWS::S3::AccessPoint', 'Policy')],
  'AWS::Lambda::Permission': [{ ...resource('AWS::Lambda::Function'), compose: permissionDocument }],
  'AWS::SQS::QueuePolicy': [resource('AWS::SQS::Queue', 'PolicyDocument')],
  'AWS::SQS::QueueInlinePolicy': [resource('AWS::SQS::Queue', 'PolicyDocument')],
  'AWS::SNS::TopicPolicy': [resource('AWS::SNS::Topic', 'PolicyDocument')],
  'AWS::SNS::TopicInlinePolicy': [resource('AWS::SNS::Topic', 'PolicyDocument')],
  'AWS::KMS::Key': [resource('AWS::KMS::Key', 'KeyPolicy')],
  'AWS::KMS::ReplicaKey': [resource('AWS::KMS::Key', 'KeyPolicy')],
  'AWS::SecretsManager::ResourcePolicy': [resource('AWS::SecretsManager::Secret', 'ResourcePolicy')],
  'AWS::ECR::Repository': [resource('AWS::ECR::Repository', 'RepositoryPolicyText')],
  'AWS::ECR::RegistryPolicy': [resource('AWS::ECR::Registry', 'PolicyText')],
  'AWS::EFS::FileSystem': [resource('AWS::EFS::FileSystem', 'FileSystemPolicy')],
  'AWS::Backup::BackupVault': [resource('AWS::Backup::BackupVault', 'AccessPolicy')],
  'AWS::OpenSearchService::Domain': [resource('AWS::OpenSearchService::Domain', 'AccessPolicies')],
  'AWS::Elasticsearch::Domain': [resource('AWS::OpenSearchService::Domain', 'AccessPolicies')],
  'AWS::DynamoDB::Table': [resource('AWS::DynamoDB::Table', 'ResourcePolicy', 'PolicyDocument')],
  'AWS::Kinesis::ResourcePolicy': [resource('AWS::Kinesis::Stream', 'ResourcePolicy')],
  'AWS::EC2::VPCEndpoint': [resource('AWS::EC2::VPCEndpoint', 'PolicyDocument')],
  'AWS::ApiGateway::RestApi': [resource('AWS::ApiGateway::RestApi', 'Policy')],
};

/** Returns true iff the value looks like a template. */
export function isTemplate(value: unknown): value is Template {
  return (
    isFields(value) &&
    isFields(value['Resources']) &&
    Object.values(value['Resources']).some((each) => isFields(each) && typeof each['Type'] === 'string')
  );
}

/** Returns the template's policies, with their functions replaced as far as the template tells. */
export function findInTemplate(template: Template, { regionOf }: Pick<Source, 'regionOf'>): FoundPolicy[] {
  const resources = template['Resources'] as Fields; // As `isTemplate` saw.
  return Object.entries(resources).flatMap(([logicalId, each]) => {
    if (!isFields(each)) return [];
    const places = PLACES[String(each['Type'])] ?? [];
    return places.flatMap((place) =>
      documentsAt(each['Properties'], place.path).map(({ path, document, name }): FoundPolicy => {
        const whole = ['Resources', logicalId, 'Properties', ...path];
        const findings: Findings = { variables: new Set(), names: new Set(), unreadable: new Set() };
        const written =
          place.compose === undefined || !isFields(document) ? document : place.compose(document, template);
        const resolved = resolveDocument(written, template, findings);
        return {
          // A list's members are known by their names, so that one more before them moves nothing.
          subject: [
            logicalId,
            ...place.path.filter((step) => step !== '*'),
            ...(name === undefined ? [] : [name]),
          ].join('.'),
          policyType: place.policyType,
          ...(place.resourceType === undefined ? {} : { resourceType: place.resourceType }),
          text: typeof resolved === 'string' ? resolved : JSON.stringify(resolved, undefined, 2),
          findings,
          regionOf: (below) => regionOf([...whole, ...below]) ?? regionOf(whole),
        };
      }),
    );
  });
}

type Found = {
  readonly path: readonly (string | number)[];
  readonly document: unknown;
  /** `PolicyName` of the list's member. */
  readonly name?: string;
};

function documentsAt(value: unknown, [step, ...rest]: readonly string[]): Found[] {
  if (step === undefined) return value === undefined || value === null ? [] : [{ path: [], document: value }];
  if (step === '*') {
    if (!Array.isArray(value)) return [];
    return value.flatMap((item: unknown, index) => {
      const given = isFields(item) ? item['PolicyName'] : undefined;
      const name = typeof given === 'string' ? given : `${index}`;
      return documentsAt(item, rest).map((found) => ({ ...found, path: [index, ...found.path], name }));
    });
  }
  if (!isFields(value)) return [];
  return documentsAt(value[step], rest).map((found) => ({ ...found, path: [step, ...found.path] }));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
