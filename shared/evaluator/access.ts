/** Is a request one of those listed as access that must not be granted? */
import { parseActionPattern } from '../policy/parsePattern.ts';
import { parseListedResource } from '../policy/parseResource.ts';
import { matchPattern, splitArn } from './matchPattern.ts';
import type { Request } from './request.ts';

/** Returns true iff the action is one of the listed (when any are) and the resource is one of the listed (when any are). */
export function matchesAccess(
  access: { readonly actions?: readonly string[]; readonly resources?: readonly string[] },
  request: Request,
): boolean {
  const { actions, resources } = access;
  const byAction =
    actions === undefined ||
    actions.some((text) => matchPattern(parseActionPattern(text), request.action, { foldCase: true }));
  return (
    byAction && (resources === undefined || resources.some((text) => resourceMatches(text, request.resource)))
  );
}

function resourceMatches(text: string, resource: string): boolean {
  return parseListedResource(text).some((pattern) => {
    if (pattern.kind !== 'arn') return pattern.kind === 'any';
    const parts = splitArn(resource);
    return (
      parts !== undefined && pattern.parts.every((part, index) => matchPattern(part, parts[index] ?? ''))
    );
  });
}
