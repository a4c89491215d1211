/** A witness as one sentence: who can do what on what, when. */
import type { Request } from '../../shared/evaluator/request.ts';
import { describeAccess, sayExample } from '../../shared/findings/consequence.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import { sayAnyone } from '../../shared/reference/credentials.ts';
import { visible } from './console.ts';

/**
 * Returns the sentence. `isNew`: it became possible by a change. `isPublic`: it is a stranger's. `possible`: as in the
 * verdict. A request without a principal is made by whoever holds one of `policies`, or by any principal in the accounts that a control policy is attached to.
 */
export function describeWitness(
  witness: Request,
  {
    isNew,
    isPublic,
    possible,
    policies,
  }: {
    readonly isNew: boolean;
    readonly isPublic: boolean;
    readonly possible: boolean;
    readonly policies: readonly Policy[];
  },
): string {
  const isControl = policies.some(({ syntax }) => syntax.isControl === true);
  const holder = isControl ? 'any principal in an account under this policy' : 'whoever holds this policy';
  const who = witness.principal === undefined ? holder : whoOf(witness);
  // Our own keys stand for what a template does not tell; no request has them.
  const context = Object.fromEntries(
    Object.entries(witness.context).filter(([key]) => !key.startsWith('ratchet:')),
  );
  const shown = { ...witness, context };
  return visible(
    possible
      ? `${capital(sayExample(shown, { who, can: `can ${isNew ? 'now ' : ''}call`, isPublic }))}.`
      : `No documented AWS call could use it. Taken literally it allows, for example, ${describeAccess(shown)}.`,
  );
}

function whoOf({ principal, action }: Request): string {
  const { type = 'Anonymous', value = '' } = principal ?? {};
  switch (type) {
    case 'Anonymous':
      return sayAnyone(action);
    case 'AWS':
      return `\`${value}\``;
    case 'Service':
      return `the service \`${value}\``;
    case 'Federated':
      return `whoever signs in through \`${value}\``;
    case 'CanonicalUser':
      return `the canonical user \`${value}\``;
  }
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
