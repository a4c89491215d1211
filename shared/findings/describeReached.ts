/** Whom a shared policy reaches, in words: how far its change carries is what a person asks next. */
import type { Holders, Reached } from '../targets/target.ts';

/**
 * Returns one sentence. A boundary grants nothing: who is limited by the policy is told apart from who is granted what it
 * says. A trail shows only what happened in its time, so that nobody holds the policy is said of what is known.
 */
export function describeReached({ attachedTo, boundaryOf }: Reached): string {
  const reach = isNobody(attachedTo) ? 'no known attachments' : `reaches ${list(attachedTo)}`;
  return isNobody(boundaryOf) ? reach : `${reach}; is the boundary of ${list(boundaryOf)}`;
}

function isNobody({ names, hasMore }: Holders): boolean {
  return names.length === 0 && !hasMore;
}

/** `role a` is told as role `a`. IAM may show an empty page and have more. */
function list({ names, hasMore }: Holders): string {
  const quoted = names.map((name) => name.replace(/ (.*)/, ' `$1`'));
  const rest = names.length === 0 ? 'some who were not shown' : 'and more';
  return [...quoted, ...(hasMore ? [rest] : [])].join(', ');
}
