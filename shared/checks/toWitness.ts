/**
 * The request that a FAIL shows: of those that a check looks for the most serious one that AWS could see, as a person
 * would write it.
 */
import type { Request } from '../evaluator/request.ts';
import { and, member, not, text } from '../formula/build.ts';
import type { Model, Question } from '../formula/formula.ts';
import type { Statement } from '../policy/ast.ts';
import { couldBeMade } from '../reference/callers.ts';
import { needsNoCredentials } from '../reference/credentials.ts';
import { grantableBy, notRefusedBy } from '../reference/grantable.ts';
import { whyImpossible, withAnyKey } from '../reference/possible.ts';
import { loadReference, type Reference, withPartsLeftOut } from '../reference/reference.ts';
import { ask, type Check, type Contribution, confirmed, type Decider, decodeOptions } from './check.ts';
import { findPossible, makeable } from './findPossible.ts';
import { keysOf } from './keysOf.ts';
import { polishWitness } from './witness.ts';

/** How often a witness is worth the time that another decider takes. */
const MAX_RETRIES = 3;

/**
 * Returns the request that a FAIL shows, as plain as simple changes make it: the most serious one that AWS could see;
 * failing that, one that the reference does not list and that no source says AWS refuses; failing that too, the request of
 * the first contribution, and `possible` is false. `note`: what a person should know of it.
 */
export async function toWitness(
  contributions: readonly Contribution[],
  check: Check,
  decider: Decider,
): Promise<{ readonly witness: Request; readonly possible: boolean; readonly note?: string }> {
  const [first] = contributions;
  if (first === undefined) throw new Error('a FAIL has a contribution');
  const whole = await loadReference();
  const reference = grantableBy(check.resourceType, whole);
  const { confirm, listedActions } = check;
  let retries = 0;
  const sought = {
    ask: async (question: Question) => {
      const decided = await ask({ question: () => question }, decider);
      return decided.retry === undefined || retries++ >= MAX_RETRIES
        ? decided.answer
        : (await decided.retry()).answer;
    },
    askFirst: async (question: Question) => (await ask({ question: () => question }, decider)).answer,
    propose: decider.portfolio.propose,
    budget: decider.budget,
    toRequest: (model: Model, statement: Statement) => confirmed(model, check, statement),
    confirm,
    ...(listedActions === undefined ? {} : { listedActions }),
    reference,
  };
  let taken = reference;
  let found = await findPossible(contributions, sought);
  if (found.kind === 'impossible') {
    // What the reference does not list proves nothing: not that an action's requests lack a key, nor that a type's ARNs
    // have a Region and an account throughout, nor that a policy is on no other type.
    const holdsUnlisted = contributions.some((one) => hasUnlistedKeys(one, reference));
    for (const wider of [
      ...(holdsUnlisted ? [withAnyKey(reference)] : []),
      withAnyKey(withPartsLeftOut(notRefusedBy(check.resourceType, whole))),
    ]) {
      taken = wider;
      found = await findPossible(contributions, { ...sought, reference: wider });
      if (found.kind !== 'impossible') break;
    }
  }
  const polishing = {
    actions: listedActions ?? [],
    // Keys that follow from the principal would no longer agree with another one.
    keepPrincipal: check.keepPrincipal === true || decodeOptions(check).linkedKeys.size > 0,
    reference,
  };
  if (found.kind === 'possible') {
    const { statement } = found.contribution;
    const { shapes } = found;
    const isPossible = (request: Request) =>
      confirm(request) && whyImpossible(request, taken) === undefined && couldBeMade(shapes, request);
    const signed = await signedRequest(found, { check, decider });
    const witness = polishWitness(signed ?? found.witness, { ...polishing, statement, confirm: isPossible });
    const unlisted = taken === reference ? undefined : whyImpossible(witness, reference);
    return {
      witness,
      possible: true,
      ...(unlisted === undefined
        ? {}
        : { note: `by the Service Authorization Reference, which does not list all, ${unlisted}` }),
    };
  }
  const witness = polishWitness(first.witness, { ...polishing, statement: first.statement, confirm });
  return found.kind === 'impossible'
    ? { witness, possible: false }
    : {
        witness,
        possible: true,
        note: `whether AWS could see such a request was not decided: ${found.cause}`,
      };
}

/** True iff a request of the question may hold a key that the reference gives to some actions alone. */
function hasUnlistedKeys({ question }: Contribution, reference: Reference): boolean {
  return [...keysOf(question().formula)].some((key) => !reference.key(key).everywhere);
}

/** Returns the same call by somebody with credentials, where the call found has none and needs them, and there is one. */
async function signedRequest(
  { contribution, witness }: { readonly contribution: Contribution; readonly witness: Request },
  { check, decider }: { readonly check: Check; readonly decider: Decider },
): Promise<Request | undefined> {
  const { action, resource, principal } = witness;
  if (principal?.type !== 'Anonymous' || needsNoCredentials(action)) return undefined;
  const { statement } = contribution;
  const question = contribution.question();
  const formula = and([
    makeable(question, witness),
    member('action', [text(action.toLowerCase())]),
    member('resource', [text(resource)]),
    not(member('principal', [text('Anonymous:')])),
    question.formula,
  ]);
  const { answer } = await ask({ question: () => ({ ...question, formula }) }, decider);
  return answer.kind === 'sat' ? confirmed(answer.model, check, statement) : undefined;
}
