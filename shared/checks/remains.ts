/**
 * What did a change add, and how much of that stands now? One check for each question that the guard asks, so that
 * each addition of a finding is found, proved gone and closed by itself. The proof of a restore asks the same.
 */
import type { EncodeOptions } from '../encoder/encodeStatement.ts';
import type { Policy } from '../policy/ast.ts';
import { parsePolicyValue } from '../policy/parsePolicy.ts';
import type { PolicySet } from '../policy/policySet.ts';
import { type Access, listedActions, listedScope } from './accessNotGranted.ts';
import { type Check, policiesOf, which } from './check.ts';
import { lostDeny } from './lostDeny.ts';
import { outsideScope, type Trusted } from './noExternalAccess.ts';
import { type Added, addedAccess } from './noNewAccess.ts';
import { strangersTo } from './strangers.ts';

/**
 * What a change may add. Four are access: any; what a list names; a stranger's; that of whoever is outside the zone of
 * trust. With `dormant`, access counts that a document grants by itself while another document or a limit denies it.
 * Two are the loss of a hindrance, which counts for whatever other policies grant: a request is no longer denied, or
 * is let through by the limits (`boundary`) and was not.
 */
export type AccessQuestion =
  | { readonly check: 'no-new-access'; readonly dormant?: true }
  | { readonly check: 'access-not-granted'; readonly access: readonly Access[]; readonly dormant?: true }
  /** `resourceType` as in CloudFormation. `known`: 12-digit ids of accounts that are nobody's example of a stranger. */
  | {
      readonly check: 'no-public-access';
      readonly resourceType: string;
      readonly known?: readonly string[];
      readonly dormant?: true;
    }
  | { readonly check: 'no-external-access'; readonly trusted: Trusted; readonly dormant?: true }
  | { readonly check: 'no-lost-deny' }
  | { readonly check: 'no-lost-limit' };

/** A change and what stands now. */
export type Step = {
  /** `{ policies: [] }` where there was nothing. */
  readonly before: Policy | PolicySet;
  readonly after: Policy | PolicySet;
  /** What AWS holds now, or is to hold. Absent: `after`, which asks what the change added. */
  readonly live?: Policy | PolicySet;
};

/** The versions of a step as sets. */
export type StepSets = {
  readonly before: PolicySet;
  readonly after: PolicySet;
  readonly live: PolicySet | undefined;
};

/**
 * Returns the check that fails iff some request of the question is granted by `live`, was granted by `after`, and not
 * by `before` (for a hindrance: is denied or stopped by `before`, and by neither of the others). A statement of `live`
 * contributes iff such a request matches it; for a lost Deny, one of `before`. A stranger is whom neither `after` nor
 * `live` names: access that live gives to somebody by name is no longer public.
 */
export function remains(step: StepSets, question: AccessQuestion, options: EncodeOptions): Check {
  const { before, after } = step;
  const live = step.live ?? after;
  const words = wordsOf(question, live === after);
  if (question.check === 'no-lost-deny') {
    return lostDeny({ before, others: live === after ? [live] : [after, live] }, options, words);
  }
  const versionOf =
    VERSIONS[question.check === 'no-lost-limit' ? 'limits' : question.dormant ? 'dormant' : 'granted'];
  const added: Added = {
    before: versionOf(before),
    live: versionOf(live),
    ...(live === after ? {} : { after: versionOf(after) }),
  };
  switch (question.check) {
    case 'no-new-access':
    case 'no-lost-limit':
      return addedAccess(added, options, words);
    case 'access-not-granted': {
      const { access } = question;
      const spelled = { ...words, ...listedActions(access) };
      return addedAccess({ ...added, scope: listedScope(access) }, options, spelled);
    }
    case 'no-public-access':
      return addedAccess(
        {
          ...added,
          scope: strangersTo(policiesOf(after, live), question.resourceType, { known: question.known ?? [] }),
        },
        LINKED,
        { ...words, resourceType: question.resourceType },
      );
    case 'no-external-access':
      return addedAccess(
        { ...added, scope: outsideScope(question.trusted, policiesOf(after, live)) },
        LINKED,
        words,
      );
  }
}

/** Who the caller is decides both questions, so what is known of it must agree. */
const LINKED: EncodeOptions = { linkPrincipal: true };

/** How a version is read: a request counts iff one of the sets grants it. */
const VERSIONS = {
  granted: (set: PolicySet): PolicySet[] => [set],
  dormant: ({ policies }: PolicySet): PolicySet[] => policies.map((one) => ({ policies: [one] })),
  limits: ({ boundary = [] }: PolicySet): PolicySet[] => [{ policies: [elsewhere()], boundary }],
};

/** Everything that other policies may grant, to see what limits let through. */
function elsewhere(): PolicySet['policies'][number] {
  const parsed = parsePolicyValue(
    { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    { policyType: 'IDENTITY_POLICY' },
  );
  if (!parsed.ok) throw new Error('the policy that allows everything does not parse');
  return { name: 'what others grant', policy: parsed.policy };
}

const NOUNS: { readonly [check in AccessQuestion['check']]: string } = {
  'no-new-access': 'access',
  'access-not-granted': 'listed access',
  'no-public-access': 'public access',
  'no-external-access': 'access outside the zone of trust',
  'no-lost-deny': 'denied access',
  'no-lost-limit': 'limited access',
};

type Words = Pick<Check, 'passMessage' | 'failMessage' | 'describe'>;

function wordsOf({ check }: AccessQuestion, isAddition: boolean): Words {
  const noun = NOUNS[check];
  if (check === 'no-lost-deny' || check === 'no-lost-limit') {
    const verb = check === 'no-lost-deny' ? 'denied' : 'let through by no limit';
    return {
      passMessage: `Whatever was ${verb} still is.`,
      failMessage: `Something that was ${verb} no longer is.`,
      describe: (statement) => `No longer ${verb}: the statement ${which(statement)}`,
    };
  }
  return {
    passMessage: isAddition
      ? `The change adds no ${noun}.`
      : `No ${noun} that the change added is still granted.`,
    failMessage: isAddition
      ? `The change adds ${noun}.`
      : `The ${noun} that the change added is still granted, in part or whole.`,
    describe: (statement) =>
      `${isAddition ? 'Added' : 'Remaining'} ${noun} in the statement ${which(statement)}`,
  };
}
