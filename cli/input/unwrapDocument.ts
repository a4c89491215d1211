/**
 * What the AWS CLI prints around a policy document → the document. People give what `aws iam get-policy-version`,
 * `aws s3api get-bucket-policy` and the like wrote; what they mean is the policy in it.
 */

import { decodePolicyDocument } from '../../shared/policy/parsePolicy.ts';
import { isObject } from '../../shared/policy/reporter.ts';

/** Members that hold the document, by the commands that print them so. Source: AWS CLI Command Reference. */
const PLACES: readonly (readonly string[])[] = [
  // iam get-policy-version, create-policy-version
  ['PolicyVersion', 'Document'],
  // iam get-role-policy, get-user-policy, get-group-policy
  ['PolicyDocument'],
  // iam get-role, create-role
  ['Role', 'AssumeRolePolicyDocument'],
  ['AssumeRolePolicyDocument'],
  // sns get-topic-attributes, sqs get-queue-attributes
  ['Attributes', 'Policy'],
  // organizations describe-policy
  ['Policy', 'Content'],
  // glacier get-vault-access-policy
  ['policy', 'Policy'],
  // codeartifact get-domain-permissions-policy, get-repository-permissions-policy
  ['policy', 'document'],
  // s3api get-bucket-policy, s3control get-access-point-policy, kms get-key-policy, lambda get-policy, dynamodb and
  // kinesis get-resource-policy, backup get-backup-vault-access-policy, efs describe-file-system-policy,
  // events describe-event-bus
  ['Policy'],
  // apigateway get-rest-api
  ['policy'],
  // secretsmanager, cloudtrail and organizations get- and describe-resource-policy
  ['ResourcePolicy', 'Content'],
  ['ResourcePolicy'],
  ['resourcePolicy'],
  // ecr get-repository-policy, get-registry-policy
  ['policyText'],
  // glue get-resource-policy
  ['PolicyInJson'],
  // sso-admin get-inline-policy-for-permission-set
  ['InlinePolicy'],
  // opensearch describe-domain, describe-domain-config
  ['DomainStatus', 'AccessPolicies'],
  ['DomainConfig', 'AccessPolicies', 'Options'],
];

/** A document found inside something else: `path` is where (`$` for the text itself), `value` what stands there. */
export type Unwrapped = { readonly value: string | object; readonly path: string };

/** Returns the document in a value, which is one itself or holds one; undefined iff there is nothing to unwrap. */
export function unwrapValue(value: object): Unwrapped | undefined {
  if (!isObject(value) || 'Statement' in value) return undefined;
  for (const place of PLACES) {
    const found = place.reduce<unknown>((inner, name) => (isObject(inner) ? inner[name] : undefined), value);
    if (typeof found === 'string' && looksLikeDocument(found))
      return { value: plainText(found), path: `$.${place.join('.')}` };
    if (isObject(found) && 'Statement' in found) return { value: found, path: `$.${place.join('.')}` };
  }
  return undefined;
}

/** Returns the document in a text: URL-decoded, out of a JSON string, out of what the AWS CLI prints around it. */
export function unwrapText(text: string): Unwrapped | undefined {
  const decoded = decodePolicyDocument(text);
  const value = parse(decoded);
  const whole = decoded === text ? undefined : { value: decoded, path: '$' };
  if (typeof value === 'string') {
    return looksLikeDocument(value)
      ? (unwrapText(plainText(value)) ?? { value: plainText(value), path: '$' })
      : undefined;
  }
  return (isObject(value) ? unwrapValue(value) : undefined) ?? whole;
}

/** Returns true iff the AWS CLI printed the document around it, so AWS already holds it. */
export function isHeld(unwrapped: Unwrapped | undefined): boolean {
  return unwrapped !== undefined && unwrapped.path !== '$';
}

/** Returns what a person should know of an unwrapped document, one sentence. */
export function describeUnwrapped(path: string): string {
  return path === '$'
    ? 'the document was decoded from an encoded text'
    : `the document was taken from \`${path}\`, as the AWS CLI prints it`;
}

function looksLikeDocument(text: string): boolean {
  return /^\s*(?:%7B|\{)/i.test(text);
}

/** API Gateway prints quotes of the document with a backslash before them. */
function plainText(text: string): string {
  const decoded = decodePolicyDocument(text);
  return /^\s*\{\s*\\"/.test(decoded) ? decoded.replace(/\\(["/\\])/g, '$1') : decoded;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
