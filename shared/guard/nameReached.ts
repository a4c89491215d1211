/** Says in a new finding whom a shared policy reaches: how far its change carries is what a person asks next. */
import type { Finding } from '../findings/finding.ts';
import type { Holders, Reached } from '../targets/target.ts';
import type { GuardDependencies } from './contract.ts';
import type { Decision } from './decide.ts';
import type { TargetState } from './state.ts';

/**
 * Returns the decision, its findings that were not open before with a note of whom the target reaches. AWS is asked only
 * when there is such a finding; that it does not answer becomes the note, since the finding must not wait for it.
 */
export async function nameReached(
  decision: Decision,
  before: TargetState | undefined,
  { adapters, clientsFor, logger }: Pick<GuardDependencies, 'adapters' | 'clientsFor' | 'logger'>,
): Promise<Decision> {
  const { nextState } = decision;
  if (nextState === undefined) return decision;
  const { target, openFindings } = nextState;
  const adapter = adapters[target.kind];
  const wasOpen = new Set(before?.openFindings.map(({ id }) => id));
  const isNew = ({ id, result }: Finding) => result !== 'NOTICE' && !wasOpen.has(id);
  if (adapter.reaches === undefined || !openFindings.some(isNew)) return decision;
  let note: string;
  try {
    const reached = await adapter.reaches(target, clientsFor(target));
    if (reached === undefined) return decision;
    note = describeReached(reached);
  } catch (error) {
    logger.warn('whom a policy reaches could not be read', { target: target.arn, error });
    const why = error instanceof Error ? error.message : String(error);
    note = `whom it reaches could not be read: ${why}`;
  }
  const named = openFindings.map((finding) =>
    isNew(finding) ? { ...finding, notes: [...finding.notes, note] } : finding,
  );
  return { ...decision, nextState: { ...nextState, openFindings: named } };
}

/**
 * A boundary grants nothing: who is limited by the policy is told apart from who is granted what it says. A trail shows
 * only what happened in its time, so that nobody holds the policy is said of what is known.
 */
function describeReached({ attachedTo, boundaryOf }: Reached): string {
  const reach = isNobody(attachedTo) ? 'nobody is known to hold it' : `reaches ${list(attachedTo)}`;
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
