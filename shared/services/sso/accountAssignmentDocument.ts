/**
 * An assignment of IAM Identity Center as a policy document: a user or a group may take on the role that a permission
 * set has in an account. No request shows who of the directory it is, so that stands under keys of our own, `ratchet:…`.
 * Source: IAM Identity Center User Guide, "Permission sets", "IAM roles created by IAM Identity Center".
 */
import { parseArn } from '../../policy/arn.ts';

/** One assignment, as the API names its fields. */
export type Assignment = {
  readonly account: string;
  /** `USER` or `GROUP`. */
  readonly principalType: string;
  readonly principalId: string;
};

const PRINCIPAL_KEYS = new Map([
  ['USER', 'ratchet:IdentityCenterUser'],
  ['GROUP', 'ratchet:IdentityCenterGroup'],
]);

/** Returns what the assignment lets in, as JSON text; undefined for a principal of a type that is not known, so that nothing passes. */
export function accountAssignmentDocument(
  { account, principalType, principalId }: Assignment,
  { instanceArn, setName }: { readonly instanceArn: string; readonly setName: string },
): string | undefined {
  const key = PRINCIPAL_KEYS.get(principalType);
  if (key === undefined) return undefined;
  const { partition } = parseArn(instanceArn);
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: instanceArn },
        Action: 'sts:AssumeRoleWithSAML',
        // Without the home Region in its path and the random end of its name: patterns for them would let a list of
        // critical roles meet every set.
        Resource: `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${setName}`,
        Condition: { StringEquals: { [key]: principalId } },
      },
    ],
  });
}
