/**
 * Strangers to a policy: people whom nothing in it identifies. A stranger is anonymous, or of any account of twelve
 * digits that nothing names in full, or a service or provider that nothing names, or anybody with a token of a shared
 * issuer. AWS's own services are strangers as well where nothing names them: each acts for anybody's account, and S3
 * calls only what is granted to a fixed service principal not public. Each anchor key (`anchors.ts`) is absent or holds
 * a value that nothing names, and one only: nobody comes from two addresses at once. A wildcard names nothing; what is
 * the owner's own, the resource's account and organization, is no stranger's.
 * Source: S3 User Guide, "The meaning of public": fixed values hold no wildcard and no variable.
 */

import { encodeCondition } from '../encoder/encodeCondition.ts';
import { inAccount, WITH_ID } from '../encoder/encodePrincipal.ts';
import { matchesConstant } from '../encoder/linkedGlobs.ts';
import { isLinked, linkedKey } from '../encoder/linkedKeys.ts';
import type { Request } from '../evaluator/request.ts';
import {
  and,
  FALSE,
  member,
  not,
  or,
  REST,
  several,
  someOtherValue,
  someValue,
  text,
} from '../formula/build.ts';
import { evaluateFormula } from '../formula/evaluateFormula.ts';
import type { Formula, Glob } from '../formula/formula.ts';
import { type AnchorShape, anchorShape, isLimit } from '../policy/anchors.ts';
import { parseArn } from '../policy/arn.ts';
import type { Condition, Decimal, IpRange, Pattern, Policy } from '../policy/ast.ts';
import { isSingleValued } from '../policy/cardinality.ts';
import { type Claim, type SharedIssuer, sharedIssuer } from '../policy/sharedIssuers.ts';
import { inRegions, withoutRegion } from '../reference/arnParts.ts';
import type { Scope } from './scope.ts';

/** The requests of strangers to some policies. */
type Strangers = Scope & {
  /** True iff the policies trust an issuer that may have guests. */
  readonly mayBeGuests: boolean;
};

/** Whether a shared issuer's guests are counted: where the policies let them in by name, or wherever they could be. */
type Guests = 'named' | 'all';

/** Who is no stranger though the policies do not name them, and which guests count. */
type Company = {
  readonly guests?: Guests;
  /** 12-digit ids of accounts that are known otherwise: a witness then shows somebody else. */
  readonly known?: readonly string[];
};

/** Returns the strangers to the policies of a resource of that type. */
export function strangersTo(
  policies: readonly Policy[],
  resourceType: string,
  { guests = 'named', known = [] }: Company = {},
): Strangers {
  // What only limits grants nobody anything.
  if (isLimit(resourceType)) return { formula: FALSE, includes: () => false, mayBeGuests: false };
  const statements = policies.flatMap((policy) => policy.statements);
  const written = statements.flatMap((statement) => statement.conditions);
  const conditions = [...written, ...written.flatMap(turnedRound)];
  const named = namedIn(policies, conditions, known);
  const unnamed = (say: Say) =>
    and(conditions.flatMap((condition) => unnamedValue(condition, resourceType, say)));
  const anchored = unnamed(ofValue);
  const tokens = new Map(
    [...named.others].flatMap((who) => {
      const issuer = issuerOf(who);
      return issuer === undefined ? [] : [[who, withUnnamedClaims(issuer, conditions, guests)] as const];
    }),
  );
  const owners = [...named.accounts, 'cloudfront'].map((account) => text(account));
  const ofOwner: Glob[] = speaksOfOwner(policies) ? [[{ kind: 'variable', key: OWNER }]] : [];
  return {
    mayBeGuests: [...tokens.keys()].some((who) => issuerOf(who)?.guests !== undefined),
    formula: and([
      not(member('principal', [...owners, ...ofOwner].map(inAccount))),
      not(member('principal', WITH_ID)),
      not(member('principal', [...named.services].flatMap(namesOf))),
      ...[...named.others].map((who) => {
        const isThis = member('principal', [text(who)]);
        return or([not(isThis), tokens.get(who) ?? FALSE]);
      }),
      unnamed(ofPrincipal),
    ]),
    includes: (request) => {
      if (!holdsFor(anchored, request)) return false;
      const { type, value } = request.principal ?? { type: 'CanonicalUser', value: '' };
      switch (type) {
        case 'Anonymous':
          return true;
        case 'AWS': {
          const account = parseArn(value).accountId;
          return /^\d{12}$/.test(account) && !named.accounts.has(account) && account !== ownerOf(request);
        }
        default: {
          const who = `${type}:${value}`;
          if (type === 'Service' && named.services.has(withoutRegion(value))) return false;
          const token = tokens.get(who);
          if (token !== undefined) return holdsFor(token, request);
          return !named.others.has(who);
        }
      }
    },
  };
}

const SERVICE_KEYS: ReadonlySet<string> = new Set([
  'aws:principalservicename',
  'aws:principalservicenameslist',
]);
const ANONYMOUS = 'anonymous';
const OWNER = 'aws:resourceaccount';
const OWNERS_ORGANIZATION = 'aws:resourceorgid';
const OWNERS_PATHS = 'aws:resourceorgpaths';

const OF_OWNER: ReadonlySet<string> = new Set([OWNER, OWNERS_ORGANIZATION, OWNERS_PATHS]);

/** A condition on what is the owner's with another key for its value, said of that key: equal is equal either way. */
function turnedRound({ key, test, ...condition }: Condition): Condition[] {
  if (!OF_OWNER.has(key) || test.kind !== 'string') return [];
  return test.patterns.flatMap(([token, ...others]) =>
    token?.kind === 'variable' && others.length === 0
      ? [{ ...condition, key: token.key, test: { ...test, patterns: [[{ kind: 'variable', key }]] } }]
      : [],
  );
}

function issuerOf(who: string): SharedIssuer | undefined {
  return who.startsWith('Federated:') ? sharedIssuer(who.slice('Federated:'.length)) : undefined;
}

type Named = {
  readonly accounts: ReadonlySet<string>;
  /** `Service:…`, `Federated:…`, `CanonicalUser:…`. */
  readonly others: ReadonlySet<string>;
  /** Services that a condition names, without their Regions: by one of its names, all of it is named. */
  readonly services: ReadonlySet<string>;
};

/** Account ids that the policies hold anywhere in their text, and everybody else whom they name as a principal. */
function namedIn(
  policies: readonly Policy[],
  conditions: readonly Condition[],
  known: readonly string[],
): Named {
  const accounts = new Set(known);
  const others = new Set<string>();
  for (const { statements } of policies) {
    const texts = JSON.stringify(statements, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const account of texts.match(/(?<!\d)\d{12}(?!\d)/g) ?? []) accounts.add(account);
    for (const { principal } of statements) {
      for (const pattern of principal?.patterns ?? []) {
        if ('value' in pattern && pattern.value !== '*') others.add(`${pattern.kind}:${pattern.value}`);
      }
    }
  }
  const services = new Set<string>();
  for (const { key, test } of conditions) {
    if (!SERVICE_KEYS.has(key) || test.kind !== 'string') continue;
    for (const pattern of test.patterns) {
      const literal = literalOf(pattern);
      if (literal !== undefined) services.add(withoutRegion(literal));
    }
  }
  // An account that is compared as a number loses its leading zeros.
  for (const { test } of conditions) {
    if (test.kind === 'number')
      for (const value of test.values) accounts.add(wholeText(value).padStart(12, '0'));
  }
  return { accounts, others, services };
}

function namesOf(service: string): Glob[] {
  return [text(service), ...inRegions(service)].map((name) => [...text('Service:'), ...name]);
}

function wholeText({ units, scale }: Decimal): string {
  return scale === 0 && units >= 0n ? String(units) : '';
}

function speaksOfOwner(policies: readonly Policy[]): boolean {
  return policies.some(({ statements }) => JSON.stringify(statements, textOfBigint).includes(OWNER));
}

function textOfBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function ownerOf({ context }: Request): string | undefined {
  return Object.entries(context).find(([key]) => key.toLowerCase() === OWNER)?.[1][0];
}

/** What is said when some value of the key matches one of the globs. */
type Say = (key: string, globs: readonly Glob[]) => Formula;

const ofValue: Say = (key, globs) => someValue(key, { kind: 'text', globs });

/** In a formula a user id is said of the principal, as in the policies' own. */
const ofPrincipal: Say = (key, globs) => linkedKey(key)?.having(globs) ?? ofValue(key, globs);

/** What a stranger's value of the condition's key must not be; nothing for keys that anchor no trust. */
function unnamedValue({ key, test }: Condition, resourceType: string, say: Say): Formula[] {
  const shape = anchorShape(key, resourceType);
  // A principal's ARN and account are the principal's own: what it is says it.
  if (shape === undefined || key === 'aws:principalarn' || key === 'aws:principalaccount') return [];
  const unnamed = unnamedBy({ key, test }, (pattern, foldCase) => namedText(pattern, shape, foldCase), say);
  // A principal is in several units of one organization; every other anchor is documented to hold one value.
  const isSet = !isSingleValued(key) || isLinked(key);
  return isSet ? unnamed : [not(several(key)), ...unnamed];
}

type NamedGlobs = (pattern: Pattern, foldCase: boolean) => Glob[];

function unnamedBy(
  { key, test }: Pick<Condition, 'key' | 'test'>,
  namedGlobs: NamedGlobs,
  say: Say = ofValue,
): Formula[] {
  const texts = (globs: readonly Glob[]) => [not(say(key, globs))];
  switch (test.kind) {
    case 'string':
      return texts(test.patterns.flatMap((pattern) => namedGlobs(pattern, test.foldCase)));
    case 'arn':
      return texts(test.patterns.flatMap((parts) => namedGlobs(joined(parts), false)));
    case 'bool':
      return texts(test.values.flatMap((value) => namedGlobs([{ kind: 'text', text: String(value) }], true)));
    case 'number':
      return test.comparison === '=' ? [not(someValue(key, test))] : [];
    case 'ip':
      return [not(someValue(key, { kind: 'ip', ranges: test.ranges.filter(isNarrow) }))];
    default:
      return [];
  }
}

function joined(parts: readonly Pattern[]): Pattern {
  return parts.flatMap((part, index) =>
    index === 0 ? part : [{ kind: 'text', text: ':' } as const, ...part],
  );
}

/** Globs for what the pattern of an anchor names. */
function namedText(pattern: Pattern, shape: AnchorShape, foldCase: boolean): Glob[] {
  // Whatever the condition asks of it: a stranger's is never true.
  if (shape === 'flag') return [text('true', true)];
  const literal = literalOf(pattern);
  const globs: Glob[] = [literal, literalOf(pattern.map(asDefault))].flatMap((name) =>
    name === undefined ? [] : [text(name, foldCase)],
  );
  const prefix = prefixOf(pattern);
  const [first, second] = pattern;
  const variables = pattern.flatMap((token) => (token.kind === 'variable' ? [token.key] : []));
  switch (shape) {
    case 'arn':
    case 'account':
      // An account that the pattern names fixes trust even beside wildcards; a stranger's ARN does not hold it.
      for (const token of pattern) {
        if (token.kind !== 'text') continue;
        for (const [account] of token.text.matchAll(/(?<!\d)\d{12}(?!\d)/g))
          globs.push([REST, ...text(account), REST]);
      }
      if (variables.includes(OWNER)) {
        const owner = { kind: 'variable', key: OWNER } as const;
        globs.push(pattern.length === 1 ? [owner] : [REST, owner, REST]);
      }
      break;
    case 'text':
      if (variables.includes(OWNERS_ORGANIZATION) && pattern.length === 1)
        globs.push([{ kind: 'variable', key: OWNERS_ORGANIZATION }]);
      break;
    case 'organizationPath': {
      const [organization = '', ...others] = prefix.split('/');
      if (others.length > 0 && organization !== '') globs.push([...text(`${organization}/`), REST]);
      const isOwners =
        first?.kind === 'variable' &&
        (first.key === OWNERS_PATHS ||
          (first.key === OWNERS_ORGANIZATION && second?.kind === 'text' && second.text.startsWith('/')));
      if (isOwners) {
        const path = first.key === OWNERS_PATHS ? [] : text('/');
        globs.push([{ kind: 'variable', key: first.key }, ...path, REST]);
      }
      break;
    }
    case 'uniqueId': {
      // What everybody without credentials shows names nobody.
      if (globs.some((glob) => matchesConstant(glob, ANONYMOUS)))
        return globs.filter((glob) => !matchesConstant(glob, ANONYMOUS));
      const [id = '', ...others] = prefix.split(':');
      if (others.length > 0 && id !== '') globs.push([...text(`${id}:`), REST]);
      break;
    }
    default:
  }
  return globs;
}

/** True iff somebody whom the policies do not name holds the token: none of its claims has a value that they name. */
function withUnnamedClaims(issuer: SharedIssuer, conditions: readonly Condition[], guests: Guests): Formula {
  const unnamed = issuer.claims.flatMap((claim) =>
    conditions
      .filter(({ key }) => key === claim.key)
      .flatMap(({ test }) => [
        not(several(claim.key)),
        ...unnamedBy({ key: claim.key, test }, (pattern, foldCase) => ownersOf(pattern, claim, foldCase)),
      ]),
  );
  return or([and(unnamed), guestsOf(issuer, conditions, guests)]);
}

function guestsOf({ guests }: SharedIssuer, conditions: readonly Condition[], which: Guests): Formula {
  if (guests === undefined) return FALSE;
  const { key, value } = guests;
  const areNamed = conditions.some((condition) => condition.key === key && admits(condition, value));
  if (which === 'named' && !areNamed) return FALSE;
  const test = { kind: 'text', globs: [text(value)] } as const;
  return and([someValue(key, test), not(someOtherValue(key, test))]);
}

/** True iff the condition asks about values, and a key with this one alone satisfies it or may. */
function admits(condition: Condition, value: string): boolean {
  const { key, test } = condition;
  if (test.kind === 'null') return false;
  const patterns = test.kind === 'string' ? test.patterns : test.kind === 'arn' ? test.patterns.flat() : [];
  if (patterns.some((pattern) => pattern.some(({ kind }) => kind === 'variable'))) return true;
  const formula = encodeCondition(condition, { linkPrincipal: false });
  return evaluateFormula(formula, { scalars: NO_SCALARS, keys: { [key]: [value] } });
}

/** Globs for the owners whom a pattern of a claim names: what any token of theirs says. */
function ownersOf(pattern: Pattern, { owner }: Claim, foldCase: boolean): Glob[] {
  const literal = literalOf(pattern);
  if (owner === undefined) return literal === undefined ? [] : [text(literal, foldCase)];
  const prefix = prefixOf(pattern);
  return owner.after.flatMap((after) => {
    if (!startsWith(prefix, after, foldCase)) return [];
    const rest = prefix.slice(after.length);
    const ends = owner.upTo.map((end) => rest.indexOf(end)).filter((at) => at > 0);
    if (ends.length > 0) {
      const name = `${prefix.slice(0, after.length)}${rest.slice(0, Math.min(...ends))}`;
      return owner.upTo.map((end) => [...text(`${name}${end}`, foldCase), REST]);
    }
    return literal === undefined || rest === '' ? [] : [text(literal, foldCase)];
  });
}

function startsWith(value: string, start: string, foldCase: boolean): boolean {
  return foldCase ? value.toLowerCase().startsWith(start.toLowerCase()) : value.startsWith(start);
}

function literalOf(pattern: Pattern): string | undefined {
  return pattern.every((token) => token.kind === 'text')
    ? pattern.map((token) => ('text' in token ? token.text : '')).join('')
    : undefined;
}

/** A variable with a default may stand for that. */
function asDefault(token: Pattern[number]): Pattern[number] {
  return token.kind === 'variable' && token.defaultText !== undefined
    ? { kind: 'text', text: token.defaultText }
    : token;
}

function prefixOf([first]: Pattern): string {
  return first?.kind === 'text' ? first.text : '';
}

/** RFC 1918: addresses that no stranger comes from. */
const PRIVATE = [
  { first: 0x0a000000n, last: 0x0affffffn },
  { first: 0xac100000n, last: 0xac1fffffn },
  { first: 0xc0a80000n, last: 0xc0a8ffffn },
];

/** Narrow enough to name somebody. Source: S3 User Guide, "The meaning of public". */
function isNarrow({ version, first, last, prefixLength }: IpRange): boolean {
  if (version === 6) return prefixLength >= 32;
  return prefixLength >= 8 || PRIVATE.some((range) => range.first <= first && last <= range.last);
}

/** True iff a formula over keys alone holds for the request's context. */
function holdsFor(formula: Formula, { context }: Request): boolean {
  const keys = Object.fromEntries(
    Object.entries(context).map(([key, values]) => [key.toLowerCase(), values]),
  );
  return evaluateFormula(formula, { scalars: NO_SCALARS, keys });
}

const NO_SCALARS = { action: '', resource: '', principal: '' };
