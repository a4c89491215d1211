/**
 * Policies in Terraform's plans as JSON (`terraform show -json plan`): a plan holds both sides of each change.
 * Source: Terraform, "JSON Output Format"; the AWS provider's reference.
 */
import type { FoundPolicy } from './findPolicies.ts';

type Fields = { readonly [name: string]: unknown };

type Attribute = {
  /** `[]` after a name: each member of a list of blocks. */
  readonly name: string;
  readonly policyType: FoundPolicy['policyType'];
  readonly resourceType?: string;
};

const identity = (name: string): Attribute => ({ name, policyType: 'IDENTITY_POLICY' });
const resource = (resourceType: string, name = 'policy'): Attribute => ({
  name,
  policyType: 'RESOURCE_POLICY',
  resourceType,
});

const ATTRIBUTES: { readonly [type: string]: readonly Attribute[] } = {
  aws_iam_policy: [identity('policy')],
  aws_iam_role_policy: [identity('policy')],
  aws_iam_user_policy: [identity('policy')],
  aws_iam_group_policy: [identity('policy')],
  aws_iam_role: [
    resource('AWS::IAM::AssumeRolePolicyDocument', 'assume_role_policy'),
    identity('inline_policy[].policy'),
  ],
  aws_ssoadmin_permission_set_inline_policy: [identity('inline_policy')],
  aws_s3_bucket_policy: [resource('AWS::S3::Bucket')],
  aws_s3_bucket: [resource('AWS::S3::Bucket')],
  aws_s3_access_point: [resource('AWS::S3::AccessPoint')],
  aws_s3control_access_point_policy: [resource('AWS::S3::AccessPoint')],
  aws_sqs_queue: [resource('AWS::SQS::Queue')],
  aws_sqs_queue_policy: [resource('AWS::SQS::Queue')],
  aws_sns_topic: [resource('AWS::SNS::Topic')],
  aws_sns_topic_policy: [resource('AWS::SNS::Topic')],
  aws_kms_key: [resource('AWS::KMS::Key')],
  aws_kms_key_policy: [resource('AWS::KMS::Key')],
  aws_secretsmanager_secret: [resource('AWS::SecretsManager::Secret')],
  aws_secretsmanager_secret_policy: [resource('AWS::SecretsManager::Secret')],
  aws_ecr_repository_policy: [resource('AWS::ECR::Repository')],
  aws_ecr_registry_policy: [resource('AWS::ECR::Registry')],
  aws_efs_file_system_policy: [resource('AWS::EFS::FileSystem')],
  aws_backup_vault_policy: [resource('AWS::Backup::BackupVault')],
  aws_opensearch_domain: [resource('AWS::OpenSearchService::Domain', 'access_policies')],
  aws_opensearch_domain_policy: [resource('AWS::OpenSearchService::Domain', 'access_policies')],
  aws_elasticsearch_domain_policy: [resource('AWS::OpenSearchService::Domain', 'access_policies')],
  aws_dynamodb_resource_policy: [resource('AWS::DynamoDB::Table')],
  aws_kinesis_resource_policy: [resource('AWS::Kinesis::Stream')],
  aws_glue_resource_policy: [resource('AWS::Glue::DataCatalog')],
  aws_cloudwatch_event_bus_policy: [resource('AWS::Events::EventBus')],
  aws_vpc_endpoint: [resource('AWS::EC2::VPCEndpoint')],
  aws_vpc_endpoint_policy: [resource('AWS::EC2::VPCEndpoint')],
  aws_api_gateway_rest_api_policy: [resource('AWS::ApiGateway::RestApi')],
  aws_lambda_layer_version_permission: [resource('AWS::Lambda::LayerVersion')],
};

export type PlannedPolicies = {
  readonly before: readonly FoundPolicy[];
  readonly after: readonly FoundPolicy[];
};

/** Returns true iff the value is a plan. */
export function isPlan(value: unknown): value is Fields {
  return (
    isFields(value) && Array.isArray(value['resource_changes']) && typeof value['format_version'] === 'string'
  );
}

/** Returns what the plan's policies are and are to be. What is known only after it is carried out is said. */
export function findInPlan(plan: Fields): PlannedPolicies {
  const before: FoundPolicy[] = [];
  const after: FoundPolicy[] = [];
  for (const each of plan['resource_changes'] as readonly unknown[]) {
    // As `isPlan` saw.
    if (!isFields(each) || !isFields(each['change'])) continue;
    const { before: old, after: planned, after_unknown: unknown } = each['change'];
    const address = String(each['address'] ?? '');
    for (const attribute of ATTRIBUTES[String(each['type'])] ?? []) {
      before.push(...policiesIn(old, undefined, attribute, address));
      after.push(...policiesIn(planned, unknown, attribute, address));
    }
  }
  return { before, after };
}

function policiesIn(
  values: unknown,
  unknowns: unknown,
  { name, policyType, resourceType }: Attribute,
  address: string,
): FoundPolicy[] {
  const [block, inner] = name.split('[].');
  if (block !== undefined && inner !== undefined) {
    const blocks = isFields(values) && Array.isArray(values[block]) ? values[block] : [];
    const unknownBlocks = isFields(unknowns) && Array.isArray(unknowns[block]) ? unknowns[block] : [];
    return blocks.flatMap((each: unknown, index: number) => {
      const called = isFields(each) && typeof each['name'] === 'string' ? each['name'] : String(index);
      return policiesIn(
        each,
        unknownBlocks[index],
        { name: inner, policyType },
        `${address}.${block}["${called}"]`,
      );
    });
  }
  const text = isFields(values) ? values[name] : undefined;
  const isUnknown = isFields(unknowns) && unknowns[name] === true;
  if (!isUnknown && (typeof text !== 'string' || text.trim() === '')) return [];
  return [
    {
      subject: `${address}.${name}`,
      policyType,
      ...(resourceType === undefined ? {} : { resourceType }),
      text: typeof text === 'string' ? text : '',
      findings: {
        variables: new Set(),
        names: new Set(),
        unreadable: new Set(isUnknown ? ['it is known only after the plan is carried out'] : []),
      },
      regionOf: () => undefined,
    },
  ];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
