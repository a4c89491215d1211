/**
 * What did a change add, and how much of that is still granted? One check for each question that the guard asks, so
 * that each addition of a finding is found, proved gone and closed by itself.
 */
import type { EncodeOptions } from '../encoder/encodeStatement.ts';
import type { Policy } from '../policy/ast.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Access, listedActions, listedScope } from './accessNotGranted.ts';
import { type Check, policiesOf, which } from './check.ts';
import { outsideScope, type Trusted } from './noExternalAccess.ts';
import { addedAccess } from './noNewAccess.ts';
import { strangerScope } from './noPublicAccess.ts';

/**
 * Which access is asked about: any; what a list names; a stranger's; that of whoever is outside the zone of trust. The
 * names are those of the checks whose condition they take.
 */
export type AccessQuestion =
  | { readonly check: 'no-new-access' }
  | { readonly check: 'access-not-granted'; readonly access: readonly Access[] }
  | { readonly check: 'no-public-access' }
  | { readonly check: 'no-external-access'; readonly trusted: Trusted };

/** A change and what stands now. */
export type Step = {
  /** `{ policies: [] }` where there was nothing. */
  readonly before: Policy | PolicySet;
  readonly after: Policy | PolicySet;
  /** What AWS holds now, or is to hold. Absent: `after`, which asks what the change added. */
  readonly live?: Policy | PolicySet;
};

/**
 * Returns the check that fails iff some request of the question is granted by `live`, was granted by `after`, and not
 * by `before`. A statement of `live` contributes iff such a request matches it. A stranger is whom neither `after` nor
 * `live` names: access that live gives to somebody by name is no longer public.
 */
export function remains(
  { before, after, live }: { [version in 'before' | 'after']: PolicySet } & { live: PolicySet | undefined },
  question: AccessQuestion,
  options: EncodeOptions,
): Check {
  const now = live ?? after;
  const added = { before, live: now, ...(now === after ? {} : { after }) };
  const noun = NOUNS[question.check];
  const words =
    now === after
      ? { passMessage: `The change adds no ${noun}.`, failMessage: `The change adds ${noun}.` }
      : {
          passMessage: `No ${noun} that the change added is still granted.`,
          failMessage: `The ${noun} that the change added is still granted, in part or whole.`,
        };
  const described = { ...words, describe: describeAs(now === after ? 'Added' : 'Remaining', noun) };
  switch (question.check) {
    case 'no-new-access':
      return addedAccess(added, options, described);
    case 'access-not-granted': {
      const { access } = question;
      const spelled = { ...described, listedActions: listedActions(access) };
      return addedAccess({ ...added, scope: listedScope(access) }, options, spelled);
    }
    case 'no-public-access':
      return addedAccess({ ...added, scope: strangerScope(policiesOf(after, now)) }, LINKED, described);
    case 'no-external-access':
      return addedAccess({ ...added, scope: outsideScope(question.trusted) }, LINKED, described);
  }
}

/** Who the caller is decides both questions, so what is known of it must agree. */
const LINKED: EncodeOptions = { linkPrincipal: true };

const NOUNS: { readonly [check in AccessQuestion['check']]: string } = {
  'no-new-access': 'access',
  'access-not-granted': 'listed access',
  'no-public-access': 'public access',
  'no-external-access': 'access outside the zone of trust',
};

const describeAs =
  (word: string, noun: string): Check['describe'] =>
  (statement) =>
    `${word} ${noun} in the statement ${which(statement)}`;
