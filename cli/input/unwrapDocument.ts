/**
 * What the AWS CLI prints around a policy document → the document. People give what `aws iam get-policy-version`,
 * `aws s3api get-bucket-policy` and the like wrote; what they mean is the policy in it.
 */

import { pathOf } from '../../shared/policy/jsonDocument.ts';
import { decodePolicyDocument } from '../../shared/policy/parsePolicy.ts';
import { isObject } from '../../shared/policy/reporter.ts';

/** Stands for the only member of a list or an object: where there are several, nobody knows which is meant. */
const ONLY = '*';

/** Members that hold the document, by the commands that print them so. Source: AWS CLI Command Reference. */
const PLACES: readonly (readonly string[])[] = [
  // iam get-policy-version, create-policy-version
  ['PolicyVersion', 'Document'],
  // iam get-role-policy, get-user-policy, get-group-policy
  ['PolicyDocument'],
  // iam get-role, create-role
  ['Role', 'AssumeRolePolicyDocument'],
  ['AssumeRolePolicyDocument'],
  // iam list-roles
  ['Roles', ONLY, 'AssumeRolePolicyDocument'],
  // sns get-topic-attributes, sqs get-queue-attributes
  ['Attributes', 'Policy'],
  // organizations describe-policy
  ['Policy', 'Content'],
  // glacier get-vault-access-policy
  ['policy', 'Policy'],
  // codeartifact get-domain-permissions-policy, get-repository-permissions-policy
  ['policy', 'document'],
  // s3control get-multi-region-access-point-policy
  ['Policy', 'Established', 'Policy'],
  // s3api get-bucket-policy, s3control get-access-point-policy, kms get-key-policy, lambda get-policy, dynamodb and
  // kinesis get-resource-policy, backup get-backup-vault-access-policy, efs describe-file-system-policy,
  // events describe-event-bus
  ['Policy'],
  // apigateway get-rest-api
  ['policy'],
  // secretsmanager, cloudtrail and organizations get- and describe-resource-policy
  ['ResourcePolicy', 'Content'],
  // redshift and redshift-serverless get-resource-policy
  ['ResourcePolicy', 'Policy'],
  ['resourcePolicy', 'policy'],
  ['ResourcePolicy'],
  ['resourcePolicy'],
  // ecr get-repository-policy, get-registry-policy
  ['policyText'],
  // ecr describe-repository-creation-templates
  ['repositoryCreationTemplates', ONLY, 'repositoryPolicy'],
  // glue get-resource-policy, get-resource-policies
  ['PolicyInJson'],
  ['GetResourcePoliciesResponseList', ONLY, 'PolicyInJson'],
  // ec2 create-, describe-vpc-endpoints
  ['VpcEndpoint', 'PolicyDocument'],
  ['VpcEndpoints', ONLY, 'PolicyDocument'],
  // logs and ssm-incidents describe- and get-resource-policies, logs describe-destinations, get-delivery-destination-policy
  ['resourcePolicies', ONLY, 'policyDocument'],
  ['destinations', ONLY, 'accessPolicy'],
  ['policy', 'deliveryDestinationPolicy'],
  // xray list-resource-policies, ssm get-resource-policies, ses get-identity-policies, ram get-resource-policies
  ['ResourcePolicies', ONLY, 'PolicyDocument'],
  ['Policies', ONLY, 'Policy'],
  ['Policies', ONLY],
  ['policies', ONLY],
  // sso-admin get-inline-policy-for-permission-set
  ['InlinePolicy'],
  // opensearch describe-domain, describe-domain-config
  ['DomainStatus', 'AccessPolicies'],
  ['DomainConfig', 'AccessPolicies', 'Options'],
  // cloudsearch describe-service-access-policies
  ['AccessPolicies', 'Options'],
];

/** A document found inside something else: `path` is where (`$` for the text itself), `value` what stands there. */
export type Unwrapped = { readonly value: string | object; readonly path: string };

/** Returns the document in a value, which is one itself or holds one; undefined iff there is nothing to unwrap. */
export function unwrapValue(value: object): Unwrapped | undefined {
  if (!isObject(value) || 'Statement' in value) return undefined;
  for (const place of PLACES) {
    const { found, path } = followed(value, place);
    if (typeof found === 'string' && looksLikeDocument(found)) return { value: plainText(found), path };
    if (isObject(found) && 'Statement' in found) return { value: found, path };
  }
  return undefined;
}

/** What stands at the place, and its path. */
function followed(
  value: unknown,
  place: readonly string[],
): { readonly found: unknown; readonly path: string } {
  let found = value;
  let path = '$';
  for (const name of place) {
    const members: [string, unknown][] = Object.entries(found ?? {});
    const [entry, ...others] = name === ONLY ? members : members.filter(([key]) => key === name);
    if (entry === undefined || others.length > 0) return { found: undefined, path };
    path = Array.isArray(found) ? `${path}[${entry[0]}]` : pathOf(path, entry[0]);
    found = entry[1];
  }
  return { found, path };
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
