/**
 * Checks of documents that AWS holds and that cannot be read in full. Each unread statement is there as the most that
 * it can match, under a fact nobody knows. PASS iff there is nothing to find whatever the facts are; FAIL iff there is
 * without what is unread: it grants nothing now and granted all it may before, and it denies nothing, since an odd Deny
 * must not disarm the guard; else UNKNOWN, with the places.
 */
import type { PolicyProblem, Statement } from '../policy/ast.ts';
import { withoutFact } from '../policy/heldStatement.ts';
import { documentsOf, mapPolicies, type PolicySet } from '../policy/policySet.ts';
import type { Verdict } from './verdict.ts';

/** The sets of a question by what it asks of them: that they grant a request, or that they do not. */
export type Sides = { readonly granted: readonly PolicySet[]; readonly refused: readonly PolicySet[] };

/** Returns the answer of `ask`, which it asks once where everything could be read. */
export async function withinBounds<S extends Sides>(
  sides: S,
  ask: (sides: S) => Promise<Verdict>,
): Promise<Verdict> {
  const [first, ...others] = unreadIn([...sides.granted, ...sides.refused]);
  if (first === undefined) return ask(sides);
  const sure = await ask(surely(sides));
  if (sure.result === 'FAIL') {
    const denies = sides.granted
      .flatMap(documentsOf)
      .some(({ policy }) => policy.statements.some(isUnreadDeny));
    const note = `what cannot be read was assumed to deny nothing: ${[first, ...others].join('; ')}`;
    return denies ? { ...sure, notes: [...(sure.notes ?? []), note] } : sure;
  }
  const open = await ask(sides);
  if (open.result === 'PASS') return open;
  const more = others.length > 0 ? `, and ${others.length} more` : '';
  const because =
    open.result === 'UNKNOWN' ? open.cause : `it depends on what cannot be read: ${first}${more}`;
  const { decidedBy } = open;
  return {
    result: 'UNKNOWN',
    message: 'The check could not be decided.',
    reasons: [],
    decidedBy,
    cause: because,
  };
}

/** Returns the sets with what is surely granted of the ones, and what may be granted of the others. */
export function surely<S extends Sides>({ granted, refused }: S): S {
  // The same sets, member by member.
  return { granted: granted.map((set) => bound(set, 'least')), refused: refused.map(mostOf) } as Sides as S;
}

/** Returns the set with everything granted that may be. */
export function mostOf(set: PolicySet): PolicySet {
  return bound(set, 'most');
}

/** An Allow that is not read in full grants nothing, or all it may; a Deny denies nothing. */
function bound(set: PolicySet, end: 'least' | 'most'): PolicySet {
  const boundStatement = (statement: Statement): Statement[] => {
    if (statement.unread === undefined) return [statement];
    return end === 'most' && statement.effect === 'Allow' ? [withoutFact(statement)] : [];
  };
  return mapPolicies(set, (policy) =>
    policy.statements.every(({ unread }) => unread === undefined)
      ? policy
      : { ...policy, statements: policy.statements.flatMap(boundStatement) },
  );
}

function isUnreadDeny({ effect, unread }: Statement): boolean {
  return effect === 'Deny' && unread !== undefined;
}

/** What could not be read, one sentence each. */
function unreadIn(sets: readonly PolicySet[]): string[] {
  const found = new Set<string>();
  for (const set of sets) {
    for (const { name, policy } of documentsOf(set)) {
      for (const { unread } of policy.statements) {
        if (unread !== undefined) for (const problem of unread) found.add(describe(problem, name));
      }
    }
  }
  return [...found];
}

function describe({ message, path, position }: PolicyProblem, name: string): string {
  const place = position === undefined ? '' : ` (line ${position.line}, column ${position.column})`;
  return `\`${path}\`${name === '' ? '' : ` of \`${name}\``}${place}: ${message}`;
}
