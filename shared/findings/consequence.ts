/** A witness as a sentence, and what targets and holders are called. */

import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import { WITHOUT_IAM_POLICY } from '../policy/rootDelegates.ts';
import { DEFINITIONS } from '../services/index.ts';
import type { TargetRef } from '../targets/target.ts';

/** Keys that tell one caller from another; that it is an account's, or no service, is so of nearly all. */
const NAMES_CALLER = /^aws:(principal(?!type|isawsservice)|user)/i;

/**
 * Returns who can call what, said to be an example before the first name that may be made up. `isPublic`: it is a
 * stranger's, and an account's root, of whom nothing is asked, stands for everyone.
 */
export function sayExample(
  witness: Request,
  { who, can, isPublic }: { readonly who: string; readonly can: string; readonly isPublic: boolean },
): string {
  const { principal, context } = witness;
  const access = describeAccess(witness);
  const isAsked = Object.keys(context).some((key) => NAMES_CALLER.test(key));
  const isEveryone = isPublic && principal?.type === 'AWS' && principal.value.endsWith(':root') && !isAsked;
  if (isEveryone) return `everyone ${can}, for example, ${access}`;
  return principal === undefined || principal.type === 'Anonymous'
    ? `${who} ${can}, for example, ${access}`
    : `for example, ${who} ${can} ${access}`;
}

/** Returns "`s3:GetObject` on `arn:…`, when …" of a request. */
export function describeAccess({ action, resource, context }: Request): string {
  // The literal `*` is a call that names no resource.
  const on = resource === '*' ? '' : ` on \`${resource}\``;
  const { [WITHOUT_IAM_POLICY]: without, ...shown } = context;
  const conditions = Object.entries(shown).map(([key, values]) => describeKey(key, values));
  return [
    `\`${action}\`${on}`,
    ...(conditions.length > 0 ? [`when ${conditions.join(' and ')}`] : []),
    ...(without === undefined ? [] : ['even without an IAM policy that allows it']),
  ].join(', ');
}

function describeKey(key: string, values: readonly string[]): string {
  const [value, ...others] = values;
  if (value === undefined) return `\`${key}\` is absent`;
  if (others.length === 0) return `\`${key}\` is ${value === '' ? 'empty' : `\`${value}\``}`;
  return `\`${key}\` holds ${values.map((each) => `\`${each}\``).join(', ')}`;
}

/** Returns whose identity policies they are: "role `x`", "whoever `y` is attached to". */
export function describeHolder({ kind, arn }: TargetRef): string {
  if (kind === 'managed-policy') return `whoever \`${nameOf(arn)}\` is attached to`;
  if (kind === 'permission-set') return `whoever is assigned the permission set \`${nameOf(arn)}\``;
  if (kind === 'resource-share-permission')
    return `whoever is given a share with the permission \`${nameOf(arn)}\``;
  if (kind === 'organizations-policy')
    return `any principal in the accounts that \`${nameOf(arn)}\` is attached to`;
  if (kind === 'organizations-attachment') return `any principal in the accounts of \`${nameOf(arn)}\``;
  if (kind === 'roles-anywhere-profile')
    return `whoever signs in through the Roles Anywhere profile \`${nameOf(arn)}\``;
  if (kind === 'instance-profile') return `whatever runs with the instance profile \`${nameOf(arn)}\``;
  const [type = ''] = parseArn(arn).resource.split('/');
  return `${type === '' ? arn : type} \`${nameOf(arn)}\``;
}

/** Returns the last part of an ARN: the name people know a resource by. */
export function nameOf(arn: string): string {
  const rest = parseArn(arn).resource;
  const name = rest.slice(rest.lastIndexOf('/') + 1).replace(/^(function|(cluster-)?snapshot):/, '');
  return name === '' ? arn : name;
}

/** Returns true iff the target stands for its whole account: what is told there names nothing smaller. */
export function isAccount({ kind, arn }: TargetRef): boolean {
  return kind === 'iam-principal' && /^arn:[^:]*:iam::\d*:root$/.test(arn);
}

/** Returns "bucket policy of `x`", "permissions of role `y`". */
export function describeTarget(target: TargetRef): string {
  if (isAccount(target)) return `account \`${target.accountId}\``;
  const name = `\`${nameOf(target.arn)}\``;
  return `${DEFINITIONS[target.kind].words} ${target.kind === 'iam-principal' ? describeHolder(target) : name}`;
}
