/** A witness as a sentence: who can now do what on what, under which conditions. */

import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import { WITHOUT_IAM_POLICY } from '../policy/rootDelegates.ts';
import { needsNoCredentials } from '../reference/credentials.ts';
import { DEFINITIONS } from '../services/index.ts';
import type { TargetRef } from '../targets/target.ts';
import type { FindingCheck } from './finding.ts';

/** Returns the consequence of a FAIL, one sentence without a full stop. */
export function describeConsequence(
  check: FindingCheck,
  {
    witness: found,
    possible = true,
    target,
    listName,
  }: {
    readonly witness: Request;
    /** As in the verdict; true if absent. */
    readonly possible?: boolean;
    readonly target: TargetRef;
    readonly listName?: string;
  },
): string {
  const witness = onTarget(found, target);
  const can = `can ${check === 'no-new-access' ? 'now ' : ''}call`;
  const what = possible
    ? sayExample(witness, {
        who: describePrincipal(witness, target),
        can,
        isPublic: check === 'no-public-access',
      })
    : `no call that AWS documents makes use of it (by its words, for example ${describeAccess(witness)})`;
  switch (check) {
    case 'no-public-access':
      return `public access: ${what}`;
    case 'no-external-access':
      return `access from outside the zone of trust: ${what}`;
    case 'access-not-granted':
      return `${listName ?? 'critical access'}: ${what}`;
    case 'dormant-access':
      return `dormant access: but for a Deny or a limit elsewhere, ${what}`;
    default:
      return `new access: ${what}`;
  }
}

/** Names that AWS's documents give to examples. */
const EXAMPLE: { readonly [kind in TargetRef['kind']]?: RegExp } = {
  'role-trust': /:role\/Example$/,
  'kms-key': /:key\/1234abcd-12ab-34cd-56ef-1234567890ab$/,
};

/** A trust or key policy speaks of its own role or key, whatever name the example has. */
function onTarget(witness: Request, { kind, arn }: TargetRef): Request {
  return EXAMPLE[kind]?.test(witness.resource) === true ? { ...witness, resource: arn } : witness;
}

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

function describePrincipal(witness: Request, target: TargetRef): string {
  const { principal } = witness;
  if (principal === undefined) return describeHolder(target);
  switch (principal.type) {
    case 'Anonymous':
      return needsNoCredentials(witness.action) ? 'anyone, without credentials,' : 'everyone';
    case 'AWS':
      return `\`${principal.value}\``;
    case 'Service':
      return `the service \`${principal.value}\``;
    case 'Federated':
      return `users of the identity provider \`${principal.value}\``;
    case 'CanonicalUser':
      return `the canonical user \`${principal.value}\``;
  }
}

/** Returns whose identity policies they are: "role `x`", "whoever `y` is attached to". */
export function describeHolder({ kind, arn }: TargetRef): string {
  if (kind === 'managed-policy') return `whoever \`${nameOf(arn)}\` is attached to`;
  if (kind === 'permission-set') return `whoever is assigned the permission set \`${nameOf(arn)}\``;
  if (kind === 'resource-share-permission')
    return `whoever is given a share with the permission \`${nameOf(arn)}\``;
  if (kind === 'organizations-policy')
    return `whoever is in the accounts that \`${nameOf(arn)}\` is attached to`;
  if (kind === 'organizations-attachment') return `whoever is in accounts of \`${nameOf(arn)}\``;
  if (kind === 'roles-anywhere-profile')
    return `whoever signs in through the Roles Anywhere profile \`${nameOf(arn)}\``;
  if (kind === 'instance-profile') return `whatever runs with the instance profile \`${nameOf(arn)}\``;
  const [type = ''] = parseArn(arn).resource.split('/');
  return `${type === '' ? arn : type} \`${nameOf(arn)}\``;
}

/** Returns the last part of an ARN: the name people know a thing by. */
export function nameOf(arn: string): string {
  const rest = parseArn(arn).resource;
  const name = rest.slice(rest.lastIndexOf('/') + 1).replace(/^function:/, '');
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
