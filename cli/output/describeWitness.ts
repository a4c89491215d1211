/** A witness as one sentence: who can do what on what, when. */
import type { Request, RequestPrincipal } from '../../shared/evaluator/request.ts';
import { describeAccess } from '../../shared/findings/consequence.ts';
import { visible } from './console.ts';

/** Returns the sentence. `isNew`: it became possible by a change. Without a principal it is whoever holds the policy. */
export function describeWitness(witness: Request, { isNew }: { readonly isNew: boolean }): string {
  const who = witness.principal === undefined ? 'Whoever holds this policy' : whoOf(witness.principal);
  // Our own keys stand for what a template does not tell; no request has them.
  const context = Object.fromEntries(
    Object.entries(witness.context).filter(([key]) => !key.startsWith('ratchet:')),
  );
  return visible(`${who} can ${isNew ? 'now ' : ''}call ${describeAccess({ ...witness, context })}.`);
}

function whoOf({ type, value }: RequestPrincipal): string {
  switch (type) {
    case 'Anonymous':
      return 'Anyone, without credentials,';
    case 'AWS':
      return `\`${value}\``;
    case 'Service':
      return `The service \`${value}\``;
    case 'Federated':
      return `Whoever signs in through \`${value}\``;
    case 'CanonicalUser':
      return `The canonical user \`${value}\``;
  }
}
