/**
 * How many values a context key holds, and whether one may be empty.
 * Source: IAM User Guide, "Single-valued vs. multivalued context keys": a key is multivalued iff its type in the
 * Service Authorization Reference is a list; "Available keys for AWS OIDC federation" for the claims of any issuer.
 */
import { KEY_TYPES } from './keyTypes.ts';
import { SINGLE_VALUED_KEYS } from './singleValuedKeys.ts';

/**
 * Returns true iff no request holds two values of the key (lower-cased). False also for keys that nobody documents:
 * they may hold any set.
 */
export function isSingleValued(key: string): boolean {
  const prefix = key.slice(0, Math.max(0, key.indexOf(':')));
  const name = key.slice(prefix.length + 1);
  if (prefix === OWN_PREFIX || holdsName(namesOf(prefix), name)) return true;
  // The claims that every issuer has; its `amr` is a list.
  if (ISSUER_CLAIM.test(key)) return true;
  return openPrefixes().some(({ covers, names }) => covers.test(prefix) && holdsName(names, name));
}

/**
 * Returns false iff no request holds an empty value of the key (lower-cased): what AWS itself says of the caller and
 * the call is never empty; tags, headers, parameters and whatever nobody documents may be.
 */
export function canBeEmpty(key: string): boolean {
  if (Object.hasOwn(KEY_TYPES, key)) return false;
  return !/^aws:[^/]+$/.test(key) || SENT_BY_CALLER.has(key) || !isSingleValued(key);
}

const SENT_BY_CALLER: ReadonlySet<string> = new Set(['aws:referer', 'aws:useragent']);

/** The keys of documents that we write for settings: a call is about one certificate, namespace or group. */
const OWN_PREFIX = 'ratchet';

/** `host/path:claim`: the name of a host has a dot, the prefix of a service has none. */
const ISSUER_CLAIM = /^[^:/]+\.[^:/]+(?::\d+)?(?:\/[^:]*)?:(?:aud|email|oaud|sub)$/s;

type Names = { readonly exact: ReadonlySet<string>; readonly open: readonly RegExp[] };

function holdsName({ exact, open }: Names, name: string): boolean {
  return exact.has(name) || open.some((pattern) => pattern.test(name));
}

const NONE: Names = { exact: new Set(), open: [] };
const byPrefix = new Map<string, Names>();

function namesOf(prefix: string): Names {
  if (!Object.hasOwn(SINGLE_VALUED_KEYS, prefix)) return NONE;
  let names = byPrefix.get(prefix);
  if (names === undefined) {
    const list = (SINGLE_VALUED_KEYS[prefix] ?? '').split(' ');
    names = {
      exact: new Set(list.filter((name) => !name.includes('*'))),
      open: list.filter((name) => name.includes('*')).map(toRegExp),
    };
    byPrefix.set(prefix, names);
  }
  return names;
}

let open: { readonly covers: RegExp; readonly names: Names }[] | undefined;

/** Prefixes with a free part of their own: hosts of one customer each. */
function openPrefixes(): { readonly covers: RegExp; readonly names: Names }[] {
  open ??= Object.keys(SINGLE_VALUED_KEYS)
    .filter((prefix) => prefix.includes('*'))
    .map((prefix) => ({ covers: toRegExp(prefix), names: namesOf(prefix) }));
  return open;
}

function toRegExp(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((piece) => piece.replaceAll(/[.+?^$()[\]|\\]/g, '\\$&'))
      .join('.+')}$`,
    's',
  );
}
