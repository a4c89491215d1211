/** Says in a new finding whom a shared policy reaches: how far its change carries is what a person asks next. */
import type { Finding } from '../findings/finding.ts';
import type { Holders, Reached } from '../targets/target.ts';
import type { GuardDependencies } from './contract.ts';
import type { TargetState } from './state.ts';

/**
 * Returns the state, its findings that are new, or tell more than before, with whom the target reaches. AWS is asked only when there is
 * such a finding; that it does not answer is said instead, since the finding must not wait for it.
 */
export async function nameReached(
  state: TargetState,
  before: TargetState,
  { adapters, clientsFor, logger }: Pick<GuardDependencies, 'adapters' | 'clientsFor' | 'logger'>,
): Promise<TargetState> {
  const { target, openFindings } = state;
  const adapter = adapters[target.kind];
  const was = new Map(before.openFindings.map(({ id, additions }) => [id, additions?.length]));
  const isNew = ({ id, additions }: Finding) => additions !== undefined && was.get(id) !== additions.length;
  if (adapter.reaches === undefined || !openFindings.some(isNew)) return state;
  let note: string;
  try {
    const reached = await adapter.reaches(target, clientsFor(target));
    if (reached === undefined) return state;
    note = describeReached(reached);
  } catch (error) {
    logger.warn('whom a policy reaches could not be read', { target: target.arn, error });
    const why = error instanceof Error ? error.message : String(error);
    note = `whom it reaches could not be read: ${why}`;
  }
  const named = openFindings.map((finding) =>
    isNew(finding)
      ? {
          ...finding,
          holders: [note],
          notes: [...new Set([...finding.notes.filter((one) => !finding.holders?.includes(one)), note])],
        }
      : finding,
  );
  return { ...state, openFindings: named };
}

/**
 * A boundary grants nothing: who is limited by the policy is told apart from who is granted what it says. A trail shows
 * only what happened in its time, so that nobody holds the policy is said of what is known.
 */
function describeReached({ attachedTo, boundaryOf }: Reached): string {
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
