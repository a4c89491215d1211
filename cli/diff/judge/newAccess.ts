/** Does what an existing entity holds now grant something that it did not? What is not known never passes. */

import type { Engine } from '../../../shared/checks/index.ts';
import { isLimit } from '../../../shared/checks/proveRestore.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import { parsePolicy } from '../../../shared/policy/parsePolicy.ts';
import type { NamedPolicy, PolicySet } from '../../../shared/policy/policySet.ts';
import type { StatedStatement } from '../document.ts';
import type { Facet } from '../facets.ts';
import { OWN_ACCOUNT } from '../symbols.ts';
import { hasDeny, type Side, type UnreadPart, upperSide } from './side.ts';

type Question = {
  readonly before: Side;
  readonly after: Side;
  readonly facet: Facet;
  /** True iff the state may not show everything that the entity holds. */
  readonly isPartial: boolean;
};

/** Returns the verdict. FAIL where something is new for sure, UNKNOWN where that depends on what cannot be read. */
export async function newAccess(question: Question, engine: Engine): Promise<Verdict> {
  const { before, after } = question;
  const sets = limitedSets(question);
  const verdict = await compare({ ...question, ...sets }, engine);
  if (verdict.result === 'UNKNOWN') return verdict;
  if (verdict.result === 'FAIL') return certainly(question, sets, verdict, engine);
  const why = whyNotPassed(before, after);
  return why === undefined ? verdict : unknown(why);
}

type Sets = { readonly was: PolicySet; readonly is: PolicySet };

/** A limit of unknown text: the same on both sides counts for nothing; one that is gone let nothing pass. */
function limitedSets({ before, after }: Question): Sets {
  const limits = (side: Side) => side.unread.filter(({ part }) => isLimit(part)).map(({ key }) => key);
  const [old, now] = [limits(before), limits(after)];
  const isLost =
    old.some((key) => !now.includes(key)) && now.length === 0 && after.set.boundary === undefined;
  if (!isLost) return { was: before.set, is: after.set };
  return { was: { ...before.set, boundary: [...(before.set.boundary ?? []), NOTHING] }, is: after.set };
}

const NOTHING: NamedPolicy = { name: 'the old limit', policy: policyOf('IDENTITY_POLICY', []) };

/** The documents by themselves; and where a Deny or a limit is there to be lost, beside what others may grant. */
async function compare(
  { was, is, before, facet, isPartial }: Question & Sets,
  engine: Engine,
): Promise<Verdict> {
  const alone = await engine.checkNoNewAccess(was, is);
  if (alone.result !== 'PASS') return alone;
  const elsewhere = elsewhereOf(facet, was.boundary !== undefined && is.boundary === undefined, isPartial);
  if (elsewhere === undefined || (!hasDeny(before) && was.boundary === undefined)) return alone;
  const beside = (set: PolicySet): PolicySet => ({ ...set, policies: [...set.policies, elsewhere] });
  const together = await engine.checkNoNewAccess(beside(was), beside(is));
  if (together.result === 'PASS') return alone;
  return {
    ...together,
    reasons: together.reasons.filter(({ document }) => document !== elsewhere.name),
    notes: [
      ...(together.notes ?? []),
      `the request was ${hasDeny(before) ? 'denied' : 'not let pass'} here and may be granted by ${elsewhere.name}`,
    ],
  };
}

function elsewhereOf(facet: Facet, isLimitLost: boolean, isPartial: boolean): NamedPolicy | undefined {
  const all = { Effect: 'Allow', Action: '*', Resource: '*' };
  switch (facet.elsewhere) {
    case 'by-holders':
      return isPartial || isLimitLost
        ? { name: 'policies attached elsewhere', policy: policyOf('IDENTITY_POLICY', [all]) }
        : undefined;
    case 'by-account':
      return {
        name: 'an identity policy of the account',
        policy: policyOf('RESOURCE_POLICY', [{ ...all, Principal: { AWS: OWN_ACCOUNT } }]),
      };
    case 'by-anyone':
      return { name: 'another policy', policy: policyOf('RESOURCE_POLICY', [{ ...all, Principal: '*' }]) };
    case 'nowhere':
      return undefined;
  }
}

function policyOf(policyType: 'IDENTITY_POLICY' | 'RESOURCE_POLICY', statements: readonly object[]) {
  const result = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), {
    policyType,
  });
  if (!result.ok) throw new Error('a policy of our own parses');
  return result.policy;
}

/** A FAIL that may come only from what could not be resolved is not known. */
async function certainly(
  { before, after, facet, isPartial }: Question,
  { is }: Sets,
  verdict: Extract<Verdict, { result: 'FAIL' }>,
  engine: Engine,
): Promise<Verdict> {
  const exchanged = before.unread.find(
    ({ part, key }) =>
      !isLimit(part) &&
      after.parts.some(({ id, document }) => id === part.id && document.unread?.key !== key),
  );
  if (exchanged !== undefined)
    return unknown(`the old \`${exchanged.part.id}\` cannot be read: ${exchanged.why}`);
  const denying = after.statements.find(({ certain, effect }) => certain === undefined && effect !== 'Allow');
  if (denying !== undefined) return unknown(denying.why ?? 'a statement may deny it');
  const opaque = before.statements.find(({ certain, effect }) => certain === undefined && effect !== 'Deny');
  if (opaque === undefined) return verdict;
  const most = upperSide(before);
  const still = await compare({ before: most, after, was: most.set, is, facet, isPartial }, engine);
  return still.result === 'FAIL' ? verdict : unknown(opaque.why ?? 'a statement may have granted it before');
}

function whyNotPassed(before: Side, after: Side): string | undefined {
  const gained = added(before.unread, after.unread).find(
    ({ part }) => !isLimit(part) || before.parts.some((each) => isLimit(each)),
  );
  if (gained !== undefined) return gained.why;
  const lost = added(after.unread, before.unread).find(
    ({ part, allowsOnly }) => !allowsOnly && !isLimit(part),
  );
  if (lost !== undefined) return `${lost.why}, and what was there before may have denied`;
  const [old, now] = [keysOf(before), keysOf(after)];
  const more = after.statements.find(
    ({ key, certain, effect }) => certain === undefined && effect !== 'Deny' && !old.has(key),
  );
  if (more !== undefined) return more.why ?? 'a statement is not known';
  const less = before.statements.find(
    ({ key, certain, effect }) => certain === undefined && effect !== 'Allow' && !now.has(key),
  );
  if (less !== undefined) return less.why ?? 'a statement that is gone may have denied';
  return symbolsThatMeet(before, after);
}

/** Two symbols may be one value: that matters only where something that keeps out is gone or has changed. */
function symbolsThatMeet(before: Side, after: Side): string | undefined {
  const isSymbolic = [...before.statements, ...after.statements].some((statement) => statement.isSymbolic);
  if (!isSymbolic) return undefined;
  const now = keysOf(after);
  const changed = before.statements.find((statement) => keepsOut(statement) && !now.has(statement.key));
  return changed === undefined
    ? undefined
    : 'a statement that keeps out has changed, beside values that are not in the file';
}

function keepsOut({ effect, key }: StatedStatement): boolean {
  return effect !== 'Allow' || /"Not(Action|Resource|Principal)":|"[^"]*Not[A-Z][A-Za-z]*":\{/.test(key);
}

const keysOf = ({ statements }: Side) => new Set(statements.map(({ key }) => key));

function added(old: readonly UnreadPart[], now: readonly UnreadPart[]): UnreadPart[] {
  const known = new Set(old.map(({ part, key }) => `${part.role} ${key}`));
  return now.filter(({ part, key }) => !known.has(`${part.role} ${key}`));
}

/** Returns the verdict of what was not decided. */
export function unknown(cause: string): Verdict {
  return {
    result: 'UNKNOWN',
    message: 'The check could not be decided.',
    reasons: [],
    decidedBy: 'atoms',
    cause,
  };
}
