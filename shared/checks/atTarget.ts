/** The request that a finding shows, on the target itself. */
import { evaluatePolicySet } from '../evaluator/evaluate.ts';
import type { Request } from '../evaluator/request.ts';
import { parseArn } from '../policy/arn.ts';
import type { PolicySet } from '../policy/policySet.ts';

/**
 * Returns the same request on the target, or on something in it, iff the policies grant it after and not before, as they
 * do the one that was found; else that one. A resource policy speaks of what it hangs on and of nothing else, so where
 * its text names no resource, or any, a request on another one is never served by it.
 */
export function atTarget(
  witness: Request,
  arn: string,
  { before, after }: { readonly before: PolicySet; readonly after: PolicySet },
): Request {
  const { principal, resource, context } = witness;
  if (principal === undefined || resource === arn || resource.startsWith(`${arn}/`)) return witness;
  // Where the request says more of its resource, another one would have other values.
  if (Object.keys(context).some((key) => OF_A_RESOURCE.test(key))) return witness;
  const tail = /\/.*$/.exec(parseArn(resource).resource)?.[0] ?? '';
  const candidates = [arn, `${arn}${tail}`]
    .filter((own) => isAlike(own, resource))
    .map((own) => ({ ...witness, resource: own }));
  return (
    candidates.find(
      (request) => evaluatePolicySet(after, request).granted && !evaluatePolicySet(before, request).granted,
    ) ?? witness
  );
}

const OF_A_RESOURCE = /^aws:(resource|requestedregion)|resourcetag/i;

/** An action that takes the one takes the other: the same sort of resource of the same service. */
function isAlike(own: string, found: string): boolean {
  const [a, b] = [own, found].map((arn) => {
    const { service, region, accountId, resource } = parseArn(arn);
    // An object is told from its bucket by what follows the name.
    const sort =
      service === 's3' ? String(resource.includes('/')) : (/^[^/:]*[/:]/.exec(resource)?.[0] ?? '');
    return JSON.stringify([service, region === '', accountId === '', sort]);
  });
  return a === b;
}
