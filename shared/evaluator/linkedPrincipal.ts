/**
 * Does a request's context say of its principal and its resource what they are? With linked attributes only such
 * requests are made. Source: IAM User Guide, "AWS global condition context keys"; "IAM policy elements: Variables".
 */
import { splitArn } from './matchPattern.ts';
import type { Request, RequestPrincipal } from './request.ts';

/** Which values a key may hold: none, one that passes, or either. */
type Expected =
  | 'absent'
  | ((value: string) => boolean)
  | { readonly maybe: (value: string) => boolean }
  | 'any';

/**
 * Returns true iff each of `keys` (lower-cased) is present or absent, and has the value, as the request's principal and
 * resource demand. Keys that neither fixes may hold anything. A request without a principal agrees.
 */
export function agreesWithPrincipal(request: Request, keys: Iterable<string>): boolean {
  const { principal } = request;
  if (principal === undefined) return true;
  const partition = entityOf(principal)?.partition;
  if (partition !== undefined && !PARTITION.test(partition)) return false;
  for (const key of keys) {
    const expected = EXPECTED[key]?.(principal, request) ?? ofArnOnly(principal, key);
    if (expected === 'any') continue;
    const values = valuesOf(request, key);
    if (expected === 'absent') {
      if (values.length > 0) return false;
      continue;
    }
    if (values.length === 0 && typeof expected === 'object') continue;
    const passes = typeof expected === 'object' ? expected.maybe : expected;
    const [value, ...others] = values;
    if (value === undefined || others.length > 0 || !passes(value)) return false;
  }
  return true;
}

function valuesOf({ context }: Request, key: string): readonly string[] {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key)?.[1] ?? [];
}

const EXPECTED: { readonly [key: string]: (principal: RequestPrincipal, request: Request) => Expected } = {
  'aws:principalarn': (principal) => {
    const who = entityOf(principal);
    if (who === undefined) return 'absent';
    if (who.kind !== 'assumed-role') return (value) => value === principal.value;
    const head = `arn:${who.partition}:iam::${who.account}:role/`;
    return (value) => value.startsWith(head) && value.split('/').at(-1) === who.segments[1];
  },
  'aws:principalaccount': (principal) => {
    if (principal.type === 'Anonymous') return is('anonymous');
    const who = entityOf(principal);
    return who === undefined ? 'absent' : is(who.account);
  },
  'aws:principaltype': (principal) => {
    if (principal.type === 'Anonymous') return is('Anonymous');
    if (principal.type === 'Federated') return { maybe: is('AssumedRole') };
    const who = entityOf(principal);
    return who === undefined ? 'absent' : is(TYPES[who.kind] ?? '');
  },
  'aws:username': (principal) => {
    const who = entityOf(principal);
    return who?.kind === 'user' ? is(who.segments.at(-1) ?? '') : 'absent';
  },
  'aws:userid': (principal) => {
    if (principal.type === 'Anonymous') return is('anonymous');
    if (principal.type === 'Federated') return { maybe: (value) => /^A[^/:]+:[^/:]+$/u.test(value) };
    if (principal.type !== 'AWS') return 'absent';
    const who = entityOf(principal);
    if (who === undefined) return (value) => /^A[^/:]+(?::[^/:]+)?$/u.test(value);
    switch (who.kind) {
      case 'root':
        return is(who.account);
      case 'user':
        return (value) => /^A[^/:]+$/u.test(value);
      case 'federated-user':
        return is(`${who.account}:${who.segments[1]}`);
      case 'assumed-role':
        return (value) => /^A[^/:]+:/u.test(value) && value.endsWith(`:${who.segments[2]}`);
      default:
        return (value) => /^A[^/:]+:[^/:]+$/u.test(value);
    }
  },
  'aws:principalisawsservice': (principal) =>
    principal.type === 'Anonymous' ? 'absent' : is(String(isAwsService(principal))),
  'aws:principalservicename': (principal) => (isAwsService(principal) ? is(principal.value) : 'absent'),
  'aws:principalservicenameslist': (principal) => (isAwsService(principal) ? 'any' : 'absent'),
  'aws:resourceaccount': (_, request) => {
    const account = splitArn(request.resource)?.[4] ?? '';
    if (ACCOUNT.test(account)) return is(account);
    return valuesOf(request, 'aws:resourceaccount').length === 0 ? 'any' : (value) => ACCOUNT.test(value);
  },
};

function ofArnOnly(principal: RequestPrincipal, key: string): Expected {
  // Whoever signs in may bring tags.
  if (principal.type === 'Federated' && key.startsWith('aws:principaltag/')) return 'any';
  return entityOf(principal) === undefined ? 'absent' : 'any';
}

const ACCOUNT = /^[0-9]{12}$/;
const PARTITION = /^aws(-[^/:]+)?$/;

const is = (wanted: string) => (value: string) => value === wanted;

/** What a principal's ARN says of it: `aws:PrincipalType` by the kind of the entity. */
const TYPES: { readonly [kind: string]: string } = {
  root: 'Account',
  user: 'User',
  role: 'AssumedRole',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
};

type Entity = {
  readonly partition: string;
  readonly account: string;
  readonly kind: string;
  /** Of the ARN's last part, the kind first. */
  readonly segments: readonly string[];
};

function entityOf({ type, value }: RequestPrincipal): Entity | undefined {
  const parts = type === 'AWS' ? splitArn(value) : undefined;
  if (parts === undefined) return undefined;
  const [, partition = '', , , account = '', entity = ''] = parts;
  const segments = entity.split('/');
  return { partition, account, kind: segments[0] ?? '', segments };
}

function isAwsService({ type, value }: RequestPrincipal): boolean {
  return type === 'Service' && /^.+\.amazonaws\.com(\.cn)?$/su.test(value);
}
