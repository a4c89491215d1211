/**
 * Which calls a policy on a resource can grant to others. A bucket's policy speaks of that bucket and its objects, so of
 * `*` on `*` in it no more is left; and services serve some calls to their own account alone, whatever a policy says.
 * Sources, beside the Service Authorization Reference: SQS Developer Guide, "Limitations of Amazon SQS custom policies";
 * KMS API Reference, "Cross-account use" of each operation (those with "No"); S3 API Reference, PutBucketPolicy,
 * GetBucketPolicy and DeleteBucketPolicy ("405 Method Not Allowed"); Lambda API Reference, AddLayerVersionPermission (the
 * pattern of `Action`); IAM User Guide, "Roles terms and concepts", and STS API Reference; EventBridge User Guide,
 * "Using resource-based policies"; MSK Developer Guide, "Multi-VPC private connectivity"; Glue Developer Guide, "Identity
 * and access management", where it tells of resource policies; S3 User Guide, "Configuring IAM policies for using access
 * points" and "Multi-Region Access Point policy examples".
 */
import { toTable } from '../policy/table.ts';
import {
  type ActionGroup,
  type Reference,
  type ServiceReference,
  serviceOf,
  withServices,
} from './reference.ts';

type Grantable = {
  /** Service prefixes, each with those of its types of resource that the policy is on; `*`: whatever they take. */
  readonly on: { readonly [service: string]: '*' | readonly string[] };
  /** The only actions that it can grant to others; absent: any that takes such a resource. */
  readonly only?: RegExp;
  /** Actions that it cannot grant to others. */
  readonly never?: RegExp;
};

/** `on` absent: any resource of any service. */
type Limits = {
  readonly on?: Grantable['on'];
  readonly only?: RegExp | undefined;
  readonly never?: RegExp | undefined;
};

/** Actions that a role's trust policy can grant. */
export const ROLE_ASSUMING =
  /^sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity|SetContext)$/i;

/** The type of a role's trust policy. */
export const TRUST_POLICY = 'AWS::IAM::AssumeRolePolicyDocument';

const BUCKET_POLICY = /^s3:(CreateBucket|(Put|Get|Delete)BucketPolicy)$/i;

/** By CloudFormation's name of the type. A type that is not here leaves every call possible. */
const GRANTABLE: { readonly [resourceType: string]: Grantable } = toTable<Grantable>({
  'AWS::ACMPCA::CertificateAuthority': { on: { 'acm-pca': ['certificate-authority'] } },
  'AWS::ApiGateway::RestApi': { on: { 'execute-api': ['execute-api-general'] } },
  'AWS::Backup::BackupVault': { on: { backup: ['backupVault', 'recoveryPoint'] } },
  'AWS::CloudTrail::Dashboard': { on: { cloudtrail: ['dashboard'] } },
  'AWS::CloudTrail::EventDataStore': { on: { cloudtrail: ['eventdatastore'] } },
  'AWS::CodeArtifact::Domain': { on: { codeartifact: '*' } },
  'AWS::CodeArtifact::Repository': { on: { codeartifact: ['repository', 'package'] } },
  'AWS::DynamoDB::Stream': { on: { dynamodb: ['stream'] } },
  'AWS::DynamoDB::Table': { on: { dynamodb: ['table', 'index'] } },
  'AWS::ECR::PublicRepository': { on: { 'ecr-public': ['repository'] } },
  'AWS::ECR::RegistryPolicy': { on: { ecr: ['repository'] } },
  'AWS::ECR::Repository': { on: { ecr: ['repository'] } },
  'AWS::ECR::RepositoryCreationTemplate': { on: { ecr: ['repository'] } },
  'AWS::EFS::FileSystem': { on: { elasticfilesystem: ['file-system'] } },
  'AWS::Events::EventBus': {
    on: { events: ['event-bus', 'event-busv2', 'rule-on-custom-event-bus', 'rule-on-default-event-bus'] },
  },
  'AWS::Glue::Catalog': {
    on: { glue: ['rootcatalog', 'catalog', 'database', 'table', 'userdefinedfunction', 'connection'] },
  },
  [TRUST_POLICY]: { on: { sts: '*' }, only: ROLE_ASSUMING },
  'AWS::KMS::Key': {
    on: { kms: ['key'] },
    never:
      /^kms:(CancelKeyDeletion|(Connect|Create|Delete|Disconnect|Update)CustomKeyStore|DescribeCustomKeyStores|(Create|Delete|Update)Alias|CreateKey|(Delete|Import)(Imported)?KeyMaterial|(Disable|Enable)Key(Rotation)?|GetKeyLastUsage|GetKeyPolicy|GetParametersForImport|List(Aliases|KeyPolicies|KeyRotations|Keys|ResourceTags)|PutKeyPolicy|ReplicateKey|RotateKeyOnDemand|ScheduleKeyDeletion|(Unt|T)agResource|UpdateKeyDescription|UpdatePrimaryRegion)$/i,
  },
  'AWS::Kinesis::Stream': { on: { kinesis: ['stream'] } },
  'AWS::Kinesis::StreamConsumer': { on: { kinesis: ['consumer'] } },
  'AWS::Lambda::Function': { on: { lambda: ['function', 'function alias', 'function version'] } },
  'AWS::Lambda::LayerVersionPermission': {
    on: { lambda: ['layerVersion'] },
    only: /^lambda:GetLayerVersion$/i,
  },
  'AWS::MSK::Cluster': { on: { kafka: '*', 'kafka-cluster': '*' } },
  'AWS::OpenSearchService::Domain': { on: { es: ['domain'] } },
  'AWS::Organizations::ResourcePolicy': { on: { organizations: '*' } },
  'AWS::S3::AccessPoint': {
    on: { s3: ['accesspoint', 'accesspointobject'], 's3-object-lambda': '*' },
    never: BUCKET_POLICY,
  },
  'AWS::S3::Bucket': { on: { s3: ['bucket', 'object'] }, never: BUCKET_POLICY },
  'AWS::S3::MultiRegionAccessPoint': {
    on: { s3: ['accesspointobject'] },
    only: /^s3:/i,
    never: BUCKET_POLICY,
  },
  'AWS::S3::Glacier': { on: { glacier: ['vault'] } },
  'AWS::S3Express::AccessPoint': { on: { s3express: ['accesspoint'] } },
  'AWS::S3Express::DirectoryBucket': { on: { s3express: ['bucket'] } },
  'AWS::S3Outposts::AccessPoint': { on: { 's3-outposts': ['accesspoint', 'object'] } },
  'AWS::S3Outposts::Bucket': { on: { 's3-outposts': ['bucket', 'object'] } },
  'AWS::S3Tables::Table': { on: { s3tables: ['Table'] } },
  'AWS::S3Tables::TableBucket': { on: { s3tables: ['TableBucket', 'Table'] } },
  'AWS::SNS::Topic': { on: { sns: ['topic'] } },
  'AWS::SQS::Queue': {
    on: { sqs: ['queue'] },
    never:
      /^sqs:(AddPermission|CancelMessageMoveTask|CreateQueue|DeleteQueue|ListMessageMoveTasks|ListQueues|ListQueueTags|RemovePermission|SetQueueAttributes|StartMessageMoveTask|TagQueue|UntagQueue)$/i,
  },
  'AWS::SecretsManager::Secret': { on: { secretsmanager: ['Secret'] } },
  'AWS::VpcLattice::Service': { on: { 'vpc-lattice-svcs': '*' } },
});

const made = new WeakMap<Reference, Map<Limits, Reference>>();
const refusals = new WeakMap<Grantable, Limits>();

/** Returns what the reference says of calls that a policy on such a resource can grant to others; all others are `elsewhere`. */
export function grantableBy(resourceType: string | undefined, reference: Reference): Reference {
  return viewOf(resourceType, reference, (row) => row);
}

/**
 * Returns the same, but that only what AWS says that it refuses is `elsewhere`: such a policy may be on more types of
 * resource than are listed here.
 */
export function notRefusedBy(resourceType: string | undefined, reference: Reference): Reference {
  return viewOf(resourceType, reference, (row) => {
    if (row.only === undefined && row.never === undefined) return undefined;
    const refused = refusals.get(row) ?? { only: row.only, never: row.never };
    refusals.set(row, refused);
    return refused;
  });
}

function viewOf(
  resourceType: string | undefined,
  reference: Reference,
  rowFor: (row: Grantable) => Limits | undefined,
): Reference {
  const row = GRANTABLE[resourceType ?? ''];
  const limits = row && rowFor(row);
  if (limits === undefined) return reference;
  const known = made.get(reference) ?? new Map<Limits, Reference>();
  made.set(reference, known);
  const view = known.get(limits) ?? restrict(reference, limits);
  known.set(limits, view);
  return view;
}

function restrict(reference: Reference, limits: Limits): Reference {
  const { on } = limits;
  const isOn = (name: string) => on === undefined || on[name] !== undefined;
  return {
    ...withServices(reference, (service) => restrictService(service, limits)),
    services: reference.services.filter(({ name }) => isOn(name)),
    summary: (name) => (isOn(name) ? reference.summary(name) : undefined),
  };
}

function restrictService(
  { name, groups: all }: ServiceReference,
  { on, only, never }: Limits,
): ServiceReference {
  const types = on === undefined ? '*' : on[name];
  const groups = all.flatMap((group): ActionGroup[] => {
    const taken =
      types === '*' || types === undefined
        ? group.taken
        : // The policy is on the resource, so there is no call without one.
          group.taken
            .filter(({ type }) => types.includes(type.name))
            .map((one) => ({ ...one, required: true }));
    const isOn = types === '*' || (types !== undefined && taken.length > 0);
    const isGranted = (action: string) =>
      isOn && (only?.test(action) ?? true) && !(never?.test(action) ?? false);
    const { true: granted = [], false: others = [] } = Object.groupBy(group.actions, (action) =>
      isGranted(action) ? 'true' : 'false',
    );
    return [
      ...(granted.length > 0 ? [{ ...group, taken, actions: granted }] : []),
      ...(others.length > 0 ? [{ ...group, actions: others, elsewhere: true as const }] : []),
    ];
  });
  return serviceOf(name, groups);
}
