/** Which entities of IAM the actions of escalation paths are made on. */
import { parseArn } from '../policy/arn.ts';

/** Roles if not listed. Source: Service Authorization Reference, "IAM", resource types of each action. */
const ENTITY_OF: { readonly [action: string]: 'user' | 'group' | 'policy' } = {
  'iam:CreatePolicyVersion': 'policy',
  'iam:SetDefaultPolicyVersion': 'policy',
  'iam:PutGroupPolicy': 'group',
  'iam:AttachGroupPolicy': 'group',
  'iam:DeleteGroupPolicy': 'group',
  'iam:DetachGroupPolicy': 'group',
  'iam:AddUserToGroup': 'group',
  'iam:RemoveUserFromGroup': 'group',
  'iam:PutUserPolicy': 'user',
  'iam:AttachUserPolicy': 'user',
  'iam:DeleteUserPolicy': 'user',
  'iam:DetachUserPolicy': 'user',
  'iam:CreateAccessKey': 'user',
  'iam:DeleteAccessKey': 'user',
  'iam:CreateLoginProfile': 'user',
  'iam:UpdateLoginProfile': 'user',
  'iam:CreateServiceSpecificCredential': 'user',
  'iam:ResetServiceSpecificCredential': 'user',
  'iam:UploadSSHPublicKey': 'user',
  'iam:DeleteUserPermissionsBoundary': 'user',
  'iam:PutUserPermissionsBoundary': 'user',
};

/** Returns what the action is made on. */
export function entityOf(action: string): 'role' | 'user' | 'group' | 'policy' {
  return ENTITY_OF[action] ?? 'role';
}

/** Returns what the ARN or pattern names; undefined: it may be any entity. */
export function entityIn(resource: string): string | undefined {
  const [kind = ''] = parseArn(resource).resource.split('/');
  return ['role', 'user', 'group', 'policy'].includes(kind) ? kind : undefined;
}
