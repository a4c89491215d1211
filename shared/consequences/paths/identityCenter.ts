/** Paths over IAM Identity Center. */
import { type EscalationPath, through } from './path.ts';

// biome-ignore format: one row a line
export const IDENTITY_CENTER: readonly EscalationPath[] = [
  through('sso-inline-policy', ['sso:PutInlinePolicyToPermissionSet'], 'write the inline policy of a permission set', 'T1098.003', 'pathfinding sso-003', 'hacktricks'),
  through('sso-managed-policy', ['sso:AttachManagedPolicyToPermissionSet'], 'attach policies to a permission set', 'T1098.003', 'pathfinding sso-002', 'hacktricks'),
  through('sso-customer-policy', ['sso:AttachCustomerManagedPolicyReferenceToPermissionSet'], 'attach policies to a permission set', 'T1098.003', 'hacktricks'),
  through('sso-assignment', ['sso:CreateAccountAssignment'], 'assign any permission set to anybody', 'T1098.003', 'pathfinding sso-001', 'hacktricks'),
  through('sso-boundary', ['sso:DeletePermissionsBoundaryFromPermissionSet'], 'remove the boundary of a permission set', 'T1098.003', 'hacktricks'),
  through('sso-replace-boundary', ['sso:PutPermissionsBoundaryToPermissionSet'], 'replace the boundary of a permission set', 'T1098.003', 'guide IAM Identity Center "Permissions boundaries"'),
  through('sso-detach-managed-policy', ['sso:DetachManagedPolicyFromPermissionSet'], 'take a policy that denies off a permission set', 'T1098.003', 'hacktricks'),
  through('sso-detach-customer-policy', ['sso:DetachCustomerManagedPolicyReferenceFromPermissionSet'], 'take a policy that denies off a permission set', 'T1098.003', 'hacktricks'),
  through('sso-delete-inline-policy', ['sso:DeleteInlinePolicyFromPermissionSet'], 'delete an inline policy that denies from a permission set', 'T1098.003', 'hacktricks'),
  through('identitystore-membership', ['identitystore:CreateGroupMembership'], 'add anybody to groups that permission sets are assigned to', 'T1098.003', 'hacktricks'),
  through('sso-directory-membership', ['sso-directory:AddMemberToGroup'], 'add anybody to groups that permission sets are assigned to', 'T1098.003', 'hacktricks'),
  through('sso-directory-password', ['sso-directory:UpdatePassword'], 'change the password of a user of Identity Center', 'T1098.003', 'hacktricks'),
];
