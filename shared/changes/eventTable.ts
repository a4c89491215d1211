/**
 * The events the guard judges, a row each, and the policy events it knows of and does not judge, a file a service.
 * Field places: CloudTrail writes API parameters with a small first letter; where real records differ, the row says so.
 * Source: Service Authorization Reference (access level "Permissions management"); CloudTrail User Guide, record contents.
 */
import type { EventRow, ServiceEvents } from './eventRow.ts';
import { API_GATEWAY_EVENTS } from './events/apiGateway.ts';
import { EC2_EVENTS } from './events/ec2.ts';
import { EKS_EVENTS } from './events/eks.ts';
import { IAM_EVENTS } from './events/iam.ts';
import { KMS_EVENTS } from './events/kms.ts';
import { LAMBDA_EVENTS } from './events/lambda.ts';
import { RAM_EVENTS } from './events/ram.ts';
import { RDS_EVENTS } from './events/rds.ts';
import { S3_EVENTS } from './events/s3.ts';

const SERVICES: readonly ServiceEvents[] = [
  IAM_EVENTS,
  S3_EVENTS,
  LAMBDA_EVENTS,
  KMS_EVENTS,
  {
    source: 'sqs.amazonaws.com',
    rows: [],
    notJudged: ['SetQueueAttributes', 'AddPermission', 'RemovePermission', 'CreateQueue'],
  },
  {
    source: 'sns.amazonaws.com',
    rows: [],
    notJudged: ['SetTopicAttributes', 'AddPermission', 'RemovePermission', 'CreateTopic'],
  },
  {
    source: 'secretsmanager.amazonaws.com',
    rows: [],
    notJudged: ['PutResourcePolicy', 'DeleteResourcePolicy'],
  },
  {
    source: 'ecr.amazonaws.com',
    rows: [],
    notJudged: ['SetRepositoryPolicy', 'DeleteRepositoryPolicy', 'PutRegistryPolicy', 'DeleteRegistryPolicy'],
  },
  {
    source: 'ecr-public.amazonaws.com',
    rows: [],
    notJudged: ['SetRepositoryPolicy', 'DeleteRepositoryPolicy'],
  },
  { source: 'dynamodb.amazonaws.com', rows: [], notJudged: ['PutResourcePolicy', 'DeleteResourcePolicy'] },
  {
    source: 'elasticfilesystem.amazonaws.com',
    rows: [],
    notJudged: ['PutFileSystemPolicy', 'DeleteFileSystemPolicy'],
  },
  {
    source: 'es.amazonaws.com',
    rows: [],
    notJudged: [
      'CreateDomain',
      'UpdateDomainConfig',
      'CreateElasticsearchDomain',
      'UpdateElasticsearchDomainConfig',
    ],
  },
  {
    source: 'events.amazonaws.com',
    rows: [],
    notJudged: ['PutPermission', 'RemovePermission', 'CreateEventBus'],
  },
  { source: 'kinesis.amazonaws.com', rows: [], notJudged: ['PutResourcePolicy', 'DeleteResourcePolicy'] },
  { source: 'glue.amazonaws.com', rows: [], notJudged: ['PutResourcePolicy', 'DeleteResourcePolicy'] },
  {
    source: 'glacier.amazonaws.com',
    rows: [],
    notJudged: ['SetVaultAccessPolicy', 'DeleteVaultAccessPolicy'],
  },
  API_GATEWAY_EVENTS,
  {
    source: 'backup.amazonaws.com',
    rows: [],
    notJudged: ['PutBackupVaultAccessPolicy', 'DeleteBackupVaultAccessPolicy'],
  },
  EC2_EVENTS,
  RDS_EVENTS,
  RAM_EVENTS,
  EKS_EVENTS,
  {
    source: 'rolesanywhere.amazonaws.com',
    rows: [],
    notJudged: [
      'CreateTrustAnchor',
      'UpdateTrustAnchor',
      'EnableTrustAnchor',
      'CreateProfile',
      'UpdateProfile',
      'EnableProfile',
    ],
  },
  {
    source: 'organizations.amazonaws.com',
    rows: [],
    notJudged: [
      'CreatePolicy',
      'UpdatePolicy',
      'DeletePolicy',
      'AttachPolicy',
      'DetachPolicy',
      'EnablePolicyType',
      'DisablePolicyType',
      'PutResourcePolicy',
      'DeleteResourcePolicy',
    ],
  },
  {
    source: 'sso.amazonaws.com',
    rows: [],
    notJudged: [
      'PutInlinePolicyToPermissionSet',
      'DeleteInlinePolicyFromPermissionSet',
      'AttachManagedPolicyToPermissionSet',
      'DetachManagedPolicyFromPermissionSet',
      'AttachCustomerManagedPolicyReferenceToPermissionSet',
      'DetachCustomerManagedPolicyReferenceFromPermissionSet',
      'PutPermissionsBoundaryToPermissionSet',
      'DeletePermissionsBoundaryFromPermissionSet',
      'ProvisionPermissionSet',
      'CreateAccountAssignment',
      'DeleteAccountAssignment',
    ],
  },
  {
    source: 'cloudtrail.amazonaws.com',
    rows: [],
    notJudged: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutResourcePolicy'],
  },
];

const BY_SOURCE: ReadonlyMap<string, ServiceEvents> = new Map(
  SERVICES.map((service) => [service.source, service]),
);

/** Every event the guard judges. An event with several rows touches several targets; the first holds its document. */
export const EVENT_TABLE: readonly EventRow[] = SERVICES.flatMap(({ rows }) => rows);

/** The policy events that are known and not judged, by service. */
export const NOT_JUDGED: readonly { readonly source: string; readonly names: readonly string[] }[] =
  SERVICES.filter(({ notJudged }) => notJudged.length > 0).map(({ source, notJudged }) => ({
    source,
    names: notJudged,
  }));

/** Returns true iff the pattern (an event's name, or its beginning and `*`) is the event's. */
export function namesEvent(pattern: string, eventName: string): boolean {
  if (!pattern.endsWith('*')) return pattern === eventName;
  const stem = pattern.slice(0, -1);
  // What follows is an API date and perhaps a version, never more of a name: `AddPermission20150331v2`.
  return eventName.startsWith(stem) && /^(\d{8}(v\d+)?)?$/.test(eventName.slice(stem.length));
}

/** Returns the rows of an event, none when it is not judged. */
export function rowsOf(eventSource: string, eventName: string): readonly EventRow[] {
  return (BY_SOURCE.get(eventSource)?.rows ?? []).filter(({ name }) => namesEvent(name, eventName));
}

/** Returns true iff the event is a policy event that is known and not judged. */
export function isNotCovered(eventSource: string, eventName: string): boolean {
  return (BY_SOURCE.get(eventSource)?.notJudged ?? []).some((name) => namesEvent(name, eventName));
}
