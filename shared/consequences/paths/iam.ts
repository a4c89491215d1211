/** Paths over IAM, STS and identity providers. */
import { another, type EscalationPath, itself, through } from './path.ts';

/** A change of one's own permissions boundary. */
const unbound = (id: string, action: string, does: string): EscalationPath => ({
  ...itself(id, action, does, 'hacktricks', 'guide IAM "Permissions boundaries"'),
  needs: 'boundary',
});

/** A change that takes documents off the principal, Denies among them. */
const undenied = (id: string, action: string, does: string): EscalationPath => ({
  ...itself(id, action, does, 'hackingthecloud', 'guide IAM "Policy evaluation logic"'),
  needs: 'deny',
});

/** Credentials that only some services take, of which CodeCommit is the first. */
const inPart = (...row: Parameters<typeof another>): EscalationPath => ({
  ...another(...row),
  gains: 'can act as another user in some services',
});

// biome-ignore format: one row a line
export const IAM: readonly EscalationPath[] = [
  itself('iam-create-policy-version', 'iam:CreatePolicyVersion', 'rewrite a managed policy', 'pathfinding iam-001', 'rhino'),
  itself('iam-set-default-policy-version', 'iam:SetDefaultPolicyVersion', 'switch a managed policy to another version', 'rhino', 'prowler'),
  itself('iam-put-role-policy', 'iam:PutRolePolicy', 'write a role’s inline policies', 'pathfinding iam-005', 'rhino'),
  itself('iam-put-user-policy', 'iam:PutUserPolicy', 'write a user’s inline policies', 'pathfinding iam-007', 'rhino'),
  itself('iam-put-group-policy', 'iam:PutGroupPolicy', 'write a group’s inline policies', 'pathfinding iam-011', 'rhino'),
  itself('iam-attach-role-policy', 'iam:AttachRolePolicy', 'attach policies to a role', 'pathfinding iam-009', 'rhino'),
  itself('iam-attach-user-policy', 'iam:AttachUserPolicy', 'attach policies to a user', 'pathfinding iam-008', 'rhino'),
  itself('iam-attach-group-policy', 'iam:AttachGroupPolicy', 'attach policies to a group', 'pathfinding iam-010', 'rhino'),
  itself('iam-add-user-to-group', 'iam:AddUserToGroup', 'add a user to any group', 'pathfinding iam-013', 'rhino'),
  unbound('iam-delete-role-boundary', 'iam:DeleteRolePermissionsBoundary', 'remove a role’s permissions boundary'),
  unbound('iam-put-role-boundary', 'iam:PutRolePermissionsBoundary', 'replace a role’s permissions boundary'),
  unbound('iam-delete-user-boundary', 'iam:DeleteUserPermissionsBoundary', 'remove a user’s permissions boundary'),
  unbound('iam-put-user-boundary', 'iam:PutUserPermissionsBoundary', 'replace a user’s permissions boundary'),
  // A Deny that the principal may take off itself holds nothing back.
  undenied('iam-delete-role-policy', 'iam:DeleteRolePolicy', 'delete a role’s inline policies'),
  undenied('iam-delete-user-policy', 'iam:DeleteUserPolicy', 'delete a user’s inline policies'),
  undenied('iam-delete-group-policy', 'iam:DeleteGroupPolicy', 'delete a group’s inline policies'),
  undenied('iam-detach-role-policy', 'iam:DetachRolePolicy', 'detach policies from a role'),
  undenied('iam-detach-user-policy', 'iam:DetachUserPolicy', 'detach policies from a user'),
  undenied('iam-detach-group-policy', 'iam:DetachGroupPolicy', 'detach policies from a group'),
  undenied('iam-remove-user-from-group', 'iam:RemoveUserFromGroup', 'take a user out of a group'),
  another('iam-create-access-key', ['iam:CreateAccessKey'], 'create access keys of another user', 'T1098.001', 'pathfinding iam-002', 'rhino'),
  another('iam-replace-access-key', ['iam:CreateAccessKey', 'iam:DeleteAccessKey'], 'replace the access keys of another user', 'T1098.001', 'pathfinding iam-003'),
  another('iam-create-login-profile', ['iam:CreateLoginProfile'], 'give another user a password', 'T1098.001', 'pathfinding iam-004', 'rhino'),
  another('iam-update-login-profile', ['iam:UpdateLoginProfile'], 'change the password of another user', 'T1098.001', 'pathfinding iam-006', 'rhino'),
  inPart('iam-create-service-credential', ['iam:CreateServiceSpecificCredential'], 'create service credentials of another user', 'T1098.001', 'hacktricks'),
  inPart('iam-reset-service-credential', ['iam:ResetServiceSpecificCredential'], 'reset service credentials of another user', 'T1098.001', 'hacktricks'),
  inPart('iam-upload-ssh-key', ['iam:UploadSSHPublicKey'], 'upload an SSH key for CodeCommit of another user', 'T1098.004', 'hacktricks'),
  another('iam-update-assume-role-policy', ['iam:UpdateAssumeRolePolicy'], 'make a role trust anybody', 'T1548.005', 'pathfinding iam-012', 'rhino'),
  another('iam-attach-role-policy-assume', ['iam:AttachRolePolicy', 'sts:AssumeRole'], 'attach policies to a role and assume it', 'T1548.005', 'pathfinding iam-014'),
  another('iam-attach-user-policy-key', ['iam:AttachUserPolicy', 'iam:CreateAccessKey'], 'attach policies to a user and create its access keys', 'T1098.001', 'pathfinding iam-015'),
  another('iam-policy-version-assume', ['iam:CreatePolicyVersion', 'sts:AssumeRole'], 'rewrite the policy of a role and assume it', 'T1548.005', 'pathfinding iam-016'),
  another('iam-put-role-policy-assume', ['iam:PutRolePolicy', 'sts:AssumeRole'], 'write a role’s inline policies and assume it', 'T1548.005', 'pathfinding iam-017'),
  another('iam-put-user-policy-key', ['iam:PutUserPolicy', 'iam:CreateAccessKey'], 'write a user’s inline policies and create its access keys', 'T1098.001', 'pathfinding iam-018'),
  another('iam-attach-role-policy-trust', ['iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'], 'attach policies to a role and make it trust anybody', 'T1548.005', 'pathfinding iam-019'),
  another('iam-policy-version-trust', ['iam:CreatePolicyVersion', 'iam:UpdateAssumeRolePolicy'], 'rewrite the policy of a role and make it trust anybody', 'T1548.005', 'pathfinding iam-020'),
  another('iam-put-role-policy-trust', ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy'], 'write a role’s inline policies and make it trust anybody', 'T1548.005', 'pathfinding iam-021'),
  another('sts-assume-role', ['sts:AssumeRole'], 'assume roles', 'T1548.005', 'pathfinding sts-001'),
  through('sts-assume-root', ['sts:AssumeRoot'], 'act as the root user of member accounts', 'T1548.005', 'guide IAM "Centralize root access for member accounts"'),
  through('iam-update-saml-provider', ['iam:UpdateSAMLProvider'], 'replace the metadata of a SAML provider that roles trust', 'T1484.002', 'hacktricks'),
  through('iam-oidc-thumbprint', ['iam:UpdateOpenIDConnectProviderThumbprint'], 'replace the thumbprints of an identity provider that roles trust', 'T1484.002', 'hacktricks'),
  through('iam-oidc-client', ['iam:AddClientIDToOpenIDConnectProvider'], 'add audiences to an identity provider that roles trust', 'T1484.002', 'hacktricks'),
  through('cognito-update-identity-pool', ['cognito-identity:UpdateIdentityPool'], 'add sign-ins of its own to an identity pool that roles trust', 'T1484.002', 'hacktricks'),
  through('ds-reset-password', ['ds:ResetUserPassword'], 'change the password of a user of a directory that roles trust', 'T1098.001', 'hacktricks'),
  through('route53-private-endpoint', ['route53:CreateHostedZone', 'route53:ChangeResourceRecordSets', 'acm-pca:IssueCertificate', 'acm-pca:GetCertificate'], 'stand in for AWS’s endpoints in a network and take the credentials of those who call them', 'T1557', 'hackingthecloud', 'hacktricks'),
];
