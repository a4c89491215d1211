/**
 * Critical access that a configuration names by one word. Each preset lists calls on things that no statement names
 * in particular: whoever may make them may make them on everything. Named things stay everybody's own business.
 * Actions and what they take: Service Authorization Reference.
 */

/** Any of the actions on any of the resources; absent: on anything. */
export type PresetAccess = { readonly actions: readonly string[]; readonly resources?: readonly string[] };

const UNNAMED = 'named-by-no-statement';
const iam = (...entities: readonly string[]) => entities.map((entity) => `arn:*:iam::*:${entity}/${UNNAMED}`);

const ADMINISTRATION: PresetAccess = {
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

// biome-ignore format: one list a line
export const PRESETS = {
  administration: [ADMINISTRATION],
  escalation: [
    ADMINISTRATION,
    {
      actions: ['iam:AddUserToGroup', 'iam:CreateAccessKey', 'iam:CreateLoginProfile', 'iam:UpdateLoginProfile', 'iam:PassRole', 'sts:AssumeRole'],
      resources: iam('role', 'user', 'group'),
    },
    { actions: ['sts:AssumeRoot'] },
  ],
  secrets: [
    {
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:PutResourcePolicy', 'ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
      resources: [`arn:*:secretsmanager:*:*:secret:${UNNAMED}`, `arn:*:ssm:*:*:parameter/${UNNAMED}`],
    },
  ],
  keys: [
    {
      actions: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey'],
      resources: [`arn:*:kms:*:*:key/${UNNAMED}`],
    },
  ],
  'data-of-everything': [
    {
      actions: ['s3:GetObject', 's3:PutBucketPolicy', 's3:DeleteBucket', 's3:DeleteObject', 'dynamodb:Scan', 'dynamodb:GetItem', 'dynamodb:DeleteTable', 'rds:ModifyDBSnapshotAttribute', 'rds:DeleteDBInstance', 'ec2:ModifySnapshotAttribute', 'ebs:GetSnapshotBlock', 'backup:DeleteRecoveryPoint'],
      resources: [`arn:*:s3:::${UNNAMED}`, `arn:*:s3:::${UNNAMED}/${UNNAMED}`, `arn:*:dynamodb:*:*:table/${UNNAMED}`, `arn:*:rds:*:*:snapshot:${UNNAMED}`, `arn:*:rds:*:*:db:${UNNAMED}`, `arn:*:ec2:*::snapshot/${UNNAMED}`, `arn:*:backup:*:*:recovery-point:${UNNAMED}`],
    },
  ],
  'logging-and-detection': [
    {
      actions: ['cloudtrail:StopLogging', 'cloudtrail:DeleteTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:PutEventSelectors', 'cloudtrail:DeleteEventDataStore', 'guardduty:DeleteDetector', 'guardduty:UpdateDetector', 'guardduty:DisassociateFromAdministratorAccount', 'guardduty:CreateFilter', 'config:StopConfigurationRecorder', 'config:DeleteConfigurationRecorder', 'config:DeleteDeliveryChannel', 'securityhub:DisableSecurityHub', 'securityhub:BatchDisableStandards', 'access-analyzer:DeleteAnalyzer', 'macie2:DisableMacie', 'inspector2:Disable', 'detective:DeleteGraph', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'events:DisableRule', 'events:RemoveTargets', 'ec2:DeleteFlowLogs'],
    },
  ],
  'network-exposure': [
    {
      actions: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:ModifySecurityGroupRules', 'ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:CreateNetworkAclEntry', 'ec2:ReplaceNetworkAclEntry', 'ec2:AttachInternetGateway', 'ec2:CreateVpcPeeringConnection', 'ec2:AcceptVpcPeeringConnection', 'lambda:CreateFunctionUrlConfig', 'lambda:AddPermission'],
      resources: [`arn:*:ec2:*:*:security-group/${UNNAMED}`, `arn:*:ec2:*:*:route-table/${UNNAMED}`, `arn:*:ec2:*:*:network-acl/${UNNAMED}`, `arn:*:ec2:*:*:internet-gateway/${UNNAMED}`, `arn:*:ec2:*:*:vpc/${UNNAMED}`, `arn:*:ec2:*:*:vpc-peering-connection/${UNNAMED}`, `arn:*:lambda:*:*:function:${UNNAMED}`],
    },
  ],
} as const satisfies { readonly [name: string]: readonly PresetAccess[] };

export type PresetName = keyof typeof PRESETS;
