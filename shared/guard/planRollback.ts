/** May this be undone, and will it be? Every reason against it in one table, in the order they are said. Pure. */
import type { Actor } from '../changes/change.ts';
import type { FindingAction } from '../findings/finding.ts';
import type { TargetRef } from '../targets/target.ts';
import type { Config, Mode } from './config.ts';
import { matchesAny, matchName } from './matchName.ts';
import { nameVersionBefore, type ToleratedVersion } from './state.ts';

export type RollbackFacts = {
  readonly target: TargetRef;
  readonly config: Pick<Config, 'targets' | 'deployers' | 'breakGlass' | 'breaker' | 'ownResources'>;
  /** Who did it, where an event said so. */
  readonly actor: Actor | undefined;
  /** How long the finding has been open, in milliseconds. */
  readonly knownForMs: number;
  readonly ownActorIds: readonly string[];
  readonly hasAccepted: boolean;
  /** What an exempt role left, if anything. `isExceeded`: what AWS holds is proved to grant more than that. */
  readonly tolerated:
    | (ToleratedVersion & { readonly isLive: boolean; readonly isExceeded: boolean })
    | undefined;
  /** The adapter's word; undefined: it can be restored. */
  readonly whyNotRestorable: string | undefined;
  /** Begun within the last hour. */
  readonly recentRollbacks: number;
  /** The breaker's finding is open: hands off until a person has seen to it. */
  readonly breakerOpen: boolean;
};

/** Events come within minutes; one that has not come by then is lost. Source: CloudTrail delivery as measured, ten minutes at most. */
const EVENT_LAG_MS = 900_000;

/** `trips`: this very decision opens the breaker. */
export type RollbackPlan = Pick<FindingAction, 'kind' | 'why'> & { readonly trips?: true };

/** Returns what is to be done about a confirmed FAIL on what AWS holds. For nothing else is it asked. */
export function planRollback(facts: RollbackFacts): RollbackPlan {
  const { actor, config } = facts;
  const name = actor === undefined ? '' : actor.arn;
  if (modeOf(facts) === 'observe')
    return { kind: 'observed', why: 'the configuration says to observe this target' };
  if (actor !== undefined && matchesAny(config.breakGlass, name)) {
    return { kind: 'observed', why: `\`${name}\` is an emergency role, whose changes are not undone` };
  }
  if (actor !== undefined && matchesAny(config.deployers, name)) {
    return { kind: 'observed', why: `\`${name}\` is a deployer, whose changes are not undone` };
  }
  const { tolerated } = facts;
  if (tolerated?.isLive === true)
    return { kind: 'observed', why: `\`${tolerated.by}\` made it so, whose changes are not undone` };
  if (actor !== undefined && facts.ownActorIds.includes(actor.uniqueId)) {
    return {
      kind: 'waiting',
      why: 'the event is of the guard itself; whoever changed the policy has an event of their own',
    };
  }
  if (actor === undefined && facts.knownForMs < EVENT_LAG_MS) {
    return { kind: 'waiting', why: 'who changed it is not known yet: its event may still come' };
  }
  if (tolerated?.isExceeded === false) {
    const why = `it is not proved to grant more than what \`${tolerated.by}\` left, whose changes are not undone`;
    return { kind: 'observed', why };
  }
  if (matchesAny(config.ownResources, facts.target.arn)) {
    return { kind: 'declined', why: 'it is part of the guard itself, which never writes its own policies' };
  }
  if (!facts.hasAccepted) return { kind: 'declined', why: 'there is no accepted version to go back to' };
  if (facts.whyNotRestorable !== undefined) return { kind: 'declined', why: facts.whyNotRestorable };
  if (facts.breakerOpen)
    return { kind: 'declined', why: 'the breaker is open: this target was rolled back too often' };
  const { maxRollbacksPerHour } = config.breaker;
  if (facts.recentRollbacks >= maxRollbacksPerHour) {
    const why = `${facts.recentRollbacks} rollbacks of this target within an hour are the limit; hands off now`;
    return { kind: 'declined', why, trips: true };
  }
  return { kind: 'planned', why: `${nameVersionBefore(facts)} will be put back` };
}

/** Returns the mode of a target: that of the first rule that matches, else `observe`. */
export function modeOf({
  target,
  config,
}: Pick<RollbackFacts, 'target'> & { config: Pick<Config, 'targets'> }): Mode {
  const rule = config.targets.find(
    ({ match, kinds }) =>
      matchName(match, target.arn) && (kinds === undefined || kinds.includes(target.kind)),
  );
  return rule?.mode ?? 'observe';
}
