/** Policies and a question → formulas over one request. */
import { and, not, or } from '../formula/build.ts';
import type { Formula, Question } from '../formula/formula.ts';
import { isSingleValued } from '../policy/cardinality.ts';
import { KEY_TYPES } from '../policy/keyTypes.ts';
import { limitsOf, type PolicySet } from '../policy/policySet.ts';
import { toTable } from '../policy/table.ts';
import { ACTION_DOMAIN, RESOURCE_DOMAIN } from './encodePattern.ts';
import { PRINCIPAL_DOMAIN } from './encodePrincipal.ts';
import { type EncodeOptions, encodeEffect } from './encodeStatement.ts';
import { tieLinked } from './linkedKeys.ts';
import { PARTS_OF_USER_ID } from './linkedUserId.ts';

const keyTypes: Question['keyTypes'] = toTable(KEY_TYPES);

/**
 * Returns the question whether a request makes the formula true. With linked attributes, only requests whose keys are
 * as their principal and resource say.
 */
export function askFor(formula: Formula, { linkPrincipal }: EncodeOptions): Question {
  const linked = linkPrincipal ? and([formula, tieLinked(formula)]) : formula;
  return { formula: linked, domains: DOMAINS, keyTypes, isSingleValued: holdsOne };
}

const holdsOne: Question['isSingleValued'] = (key) => PARTS_OF_USER_ID.includes(key) || isSingleValued(key);

/** One object, so that a solver can make its beginnings once. */
const DOMAINS: Question['domains'] = {
  action: ACTION_DOMAIN,
  resource: RESOURCE_DOMAIN,
  principal: PRINCIPAL_DOMAIN,
};

/** What a set of documents says of a request, in parts. Granted iff allowed, within the boundary, and not denied. */
type EncodedSet = {
  readonly allowed: Formula;
  /** TRUE without a boundary. */
  readonly withinBoundary: Formula;
  /** By its policies; a Deny of a limit is in `withinBoundary`. */
  readonly denied: Formula;
};

/** Returns the parts of `grants` for the set. Throws `TooManyCases`. */
export function encodeSet(set: PolicySet, options: EncodeOptions): EncodedSet {
  const effectOf = (effect: 'Allow' | 'Deny') =>
    or(set.policies.map(({ policy }) => encodeEffect(policy, effect, options)));
  return {
    allowed: effectOf('Allow'),
    withinBoundary: and(limitsOf(set).map((limit) => grants(encodeSet(limit, options)))),
    denied: effectOf('Deny'),
  };
}

/** Returns a formula that is true iff the set grants the request. */
export function grants({ allowed, withinBoundary, denied }: EncodedSet): Formula {
  return and([allowed, withinBoundary, not(denied)]);
}
