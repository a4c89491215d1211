/**
 * What is serious beyond escalation paths, as data: calls on resources that no statement names in particular, since
 * whoever may make them there may make them on everything; named resources stay everybody's own business. Each row
 * grades a step that makes it possible, and is critical access that a configuration can ask for by its name.
 * Actions and what they take: Service Authorization Reference.
 */
import type { Grade } from './grade.ts';

/** Any of the actions on any of the resources; absent: on anything. */
type ListedAccess = { readonly actions: readonly string[]; readonly resources?: readonly string[] };

export type AccessRule = {
  readonly grade: Grade;
  /** What follows, to be put after the principal's name. */
  readonly says: string;
  /** MITRE ATT&CK, Enterprise. */
  readonly technique: string;
  readonly access: readonly (ListedAccess & {
    /** What it takes besides; a list that a configuration asks for does without. */
    readonly beside?: string;
  })[];
};

const UNNAMED = 'named-by-no-statement';
const iam = (...entities: readonly string[]) => entities.map((entity) => `arn:*:iam::*:${entity}/${UNNAMED}`);
const everyFunction = `arn:*:lambda:*:*:function:${UNNAMED}`;
const everyBucket = `arn:*:s3:::${UNNAMED}`;
const everyObject = `arn:*:s3:::${UNNAMED}/${UNNAMED}`;
const everyKey = `arn:*:kms:*:*:key/${UNNAMED}`;
const everyTable = `arn:*:dynamodb:*:*:table/${UNNAMED}`;
const everyRepository = `arn:*:ecr:*:*:repository/${UNNAMED}`;
const everySecret = `arn:*:secretsmanager:*:*:secret:${UNNAMED}`;
const everyParameter = `arn:*:ssm:*:*:parameter/${UNNAMED}`;

// biome-ignore format: one list a line
export const ACCESS_RULES = {
  secrets: {
    grade: 'HIGH', says: 'can read every secret', technique: 'T1555.006',
    access: [
      { actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'], resources: [everySecret] },
      { actions: ['ssm:GetParametersByPath'], resources: [everyParameter] },
      // One by one, they are all readable only to somebody who finds out their names.
      { actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: [everyParameter], beside: 'ssm:DescribeParameters' },
    ],
  },
  parameters: {
    grade: 'MEDIUM', says: 'can read every parameter that it knows the name of', technique: 'T1555.006',
    access: [{ actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: [everyParameter] }],
  },
  keys: {
    grade: 'HIGH', says: 'can decrypt with every key', technique: 'T1530',
    access: [{ actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'], resources: [everyKey] }],
  },
  'data-of-everything': {
    grade: 'HIGH', says: 'can read the data of everything', technique: 'T1530',
    access: [
      { actions: ['s3:GetObject'], resources: [everyObject] },
      { actions: ['dynamodb:Scan', 'dynamodb:ExportTableToPointInTime'], resources: [everyTable] },
      { actions: ['ebs:GetSnapshotBlock'], resources: [`arn:*:ec2:*::snapshot/${UNNAMED}`] },
      { actions: ['rds-data:ExecuteStatement'], resources: [`arn:*:rds:*:*:cluster:${UNNAMED}`] },
      { actions: ['rds-db:connect'], resources: [`arn:*:rds-db:*:*:dbuser:${UNNAMED}/${UNNAMED}`] },
      { actions: ['redshift:GetClusterCredentials'], resources: [`arn:*:redshift:*:*:dbuser:${UNNAMED}/${UNNAMED}`] },
      { actions: ['redshift:GetClusterCredentialsWithIAM'], resources: [`arn:*:redshift:*:*:dbname:${UNNAMED}/${UNNAMED}`] },
    ],
  },
  'permissions-management': {
    grade: 'HIGH', says: 'can rewrite the policies of everything', technique: 'T1098',
    access: [
      { actions: ['s3:PutBucketPolicy', 's3:PutBucketAcl', 's3:PutBucketPublicAccessBlock'], resources: [everyBucket] },
      { actions: ['kms:PutKeyPolicy'], resources: [everyKey] },
      { actions: ['lambda:AddPermission'], resources: [everyFunction] },
      { actions: ['secretsmanager:PutResourcePolicy'], resources: [everySecret] },
      { actions: ['sns:AddPermission', 'sns:SetTopicAttributes'], resources: [`arn:*:sns:*:*:${UNNAMED}`] },
      { actions: ['sqs:AddPermission', 'sqs:SetQueueAttributes'], resources: [`arn:*:sqs:*:*:${UNNAMED}`] },
      { actions: ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'], resources: [everyObject] },
      { actions: ['lambda:AddLayerVersionPermission'], resources: [`arn:*:lambda:*:*:layer:${UNNAMED}:1`] },
      { actions: ['dynamodb:PutResourcePolicy'], resources: [everyTable] },
      { actions: ['elasticfilesystem:PutFileSystemPolicy', 'elasticfilesystem:DeleteFileSystemPolicy'], resources: [`arn:*:elasticfilesystem:*:*:file-system/${UNNAMED}`] },
      { actions: ['ecr:SetRepositoryPolicy'], resources: [everyRepository] },
      { actions: ['ecr:PutRegistryPolicy'] },
      { actions: ['ecr-public:SetRepositoryPolicy'], resources: [`arn:*:ecr-public::*:repository/${UNNAMED}`] },
    ],
  },
  'code-of-everything': {
    grade: 'HIGH', says: 'can run code or commands on everything', technique: 'T1651',
    access: [
      { actions: ['lambda:UpdateFunctionCode'], resources: [everyFunction] },
      { actions: ['ssm:SendCommand', 'ssm:StartSession'], resources: [`arn:*:ec2:*:*:instance/${UNNAMED}`] },
      { actions: ['ecr:PutImage'], resources: [everyRepository] },
    ],
  },
  destruction: {
    grade: 'HIGH', says: 'can destroy keys, backups or data of everything', technique: 'T1485',
    access: [
      { actions: ['kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:DeleteImportedKeyMaterial'], resources: [everyKey] },
      { actions: ['backup:DeleteRecoveryPoint'], resources: [`arn:*:backup:*:*:recovery-point:${UNNAMED}`] },
      { actions: ['backup:DeleteBackupVault'], resources: [`arn:*:backup:*:*:backup-vault:${UNNAMED}`] },
      { actions: ['rds:DeleteDBInstance', 'rds:DeleteDBSnapshot'], resources: [`arn:*:rds:*:*:db:${UNNAMED}`, `arn:*:rds:*:*:snapshot:${UNNAMED}`] },
      { actions: ['s3:DeleteBucket', 's3:PutLifecycleConfiguration'], resources: [everyBucket] },
      { actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], resources: [everyObject] },
      { actions: ['dynamodb:DeleteTable', 'dynamodb:DeleteBackup'], resources: [everyTable, `${everyTable}/backup/${UNNAMED}`] },
    ],
  },
  'snapshot-sharing': {
    grade: 'HIGH', says: 'can share snapshots or images with other accounts', technique: 'T1537',
    access: [
      { actions: ['ec2:ModifySnapshotAttribute'], resources: [`arn:*:ec2:*::snapshot/${UNNAMED}`] },
      { actions: ['ec2:ModifyImageAttribute'], resources: [`arn:*:ec2:*::image/${UNNAMED}`] },
      { actions: ['rds:ModifyDBSnapshotAttribute', 'rds:ModifyDBClusterSnapshotAttribute'], resources: [`arn:*:rds:*:*:snapshot:${UNNAMED}`, `arn:*:rds:*:*:cluster-snapshot:${UNNAMED}`] },
    ],
  },
  'identity-providers': {
    grade: 'HIGH', says: 'can let an identity provider of its own sign in', technique: 'T1484.002',
    access: [
      { actions: ['iam:CreateSAMLProvider', 'iam:UpdateSAMLProvider', 'iam:CreateOpenIDConnectProvider', 'iam:UpdateOpenIDConnectProviderThumbprint', 'iam:AddClientIDToOpenIDConnectProvider', 'rolesanywhere:CreateTrustAnchor', 'rolesanywhere:UpdateTrustAnchor'] },
    ],
  },
  'leaving-the-organization': {
    grade: 'HIGH', says: 'can take the account out of its organization', technique: 'T1666',
    access: [{ actions: ['organizations:LeaveOrganization', 'organizations:DetachPolicy', 'organizations:DisablePolicyType'] }],
  },
  'logging-and-detection': {
    grade: 'HIGH', says: 'can switch off logging or detection', technique: 'T1562.008',
    access: [
      { actions: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:DeleteEventDataStore', 'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'guardduty:DisassociateFromAdministratorAccount', 'config:StopConfigurationRecorder', 'config:DeleteConfigurationRecorder', 'config:DeleteDeliveryChannel', 'securityhub:DisableSecurityHub', 'securityhub:BatchDisableStandards', 'access-analyzer:DeleteAnalyzer', 'macie2:DisableMacie', 'inspector2:Disable', 'detective:DeleteGraph', 'ec2:DeleteFlowLogs', 'route53resolver:DeleteResolverQueryLogConfig', 'route53resolver:DisassociateResolverQueryLogConfig'] },
    ],
  },
  'network-exposure': {
    grade: 'MEDIUM', says: 'can open the network of everything', technique: 'T1562.007',
    access: [
      { actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules'], resources: [`arn:*:ec2:*:*:security-group/${UNNAMED}`] },
      { actions: ['ec2:CreateRoute', 'ec2:ReplaceRoute'], resources: [`arn:*:ec2:*:*:route-table/${UNNAMED}`] },
      { actions: ['ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry'], resources: [`arn:*:ec2:*:*:network-acl/${UNNAMED}`] },
      { actions: ['ec2:AttachInternetGateway'], resources: [`arn:*:ec2:*:*:internet-gateway/${UNNAMED}`] },
      { actions: ['ec2:CreateVpcPeeringConnection', 'ec2:AcceptVpcPeeringConnection'], resources: [`arn:*:ec2:*:*:vpc/${UNNAMED}`, `arn:*:ec2:*:*:vpc-peering-connection/${UNNAMED}`] },
    ],
  },
} as const satisfies { readonly [name: string]: AccessRule };

/** Whoever may do one of these on principals that no statement names can become an administrator, or make one. */
const ADMINISTRATION: ListedAccess = {
  actions: [
    'iam:AttachRolePolicy',
    'iam:PutRolePolicy',
    'iam:UpdateAssumeRolePolicy',
    'iam:AttachUserPolicy',
    'iam:PutUserPolicy',
    'iam:AttachGroupPolicy',
    'iam:PutGroupPolicy',
    'iam:CreatePolicyVersion',
    'iam:SetDefaultPolicyVersion',
  ],
  resources: iam('role', 'user', 'group', 'policy'),
};

/** What follows from access of a list that has a name, to be put after the principal's name; undefined: it has none. */
export function saysOf(name: string): string | undefined {
  const rules: { readonly [name: string]: Pick<AccessRule, 'says'> } = {
    ...ACCESS_RULES,
    administration: { says: 'can make anybody an administrator' },
    'full administration': { says: 'can make anybody an administrator' },
    escalation: { says: 'can become a more privileged principal' },
  };
  return Object.hasOwn(rules, name) ? rules[name]?.says : undefined;
}

/** Critical access by name: what a configuration may write in the place of a list. */
export const PRESETS: { readonly [name: string]: readonly ListedAccess[] } = {
  administration: [ADMINISTRATION],
  escalation: [
    ADMINISTRATION,
    {
      actions: [
        'iam:AddUserToGroup',
        'iam:CreateAccessKey',
        'iam:CreateLoginProfile',
        'iam:UpdateLoginProfile',
      ],
      resources: iam('user', 'group'),
    },
    { actions: ['iam:PassRole', 'sts:AssumeRole'], resources: iam('role') },
    { actions: ['sts:AssumeRoot'] },
  ],
  ...Object.fromEntries(Object.entries(ACCESS_RULES).map(([name, { access }]) => [name, access])),
};
