/**
 * Who is interrupted, and what waits: the rest goes into one message a day, or one for a deployer's run. Programs get
 * each finding at once; only publishers that reach people hold anything. Pure.
 */
import { type Finding, isAtLeast } from '../findings/finding.ts';
import type { GroupForm } from '../findings/publisher.ts';
import { type Config, matchesAny } from './config.ts';

/** What a finding waits for. */
export type Waiting = { readonly like: string; readonly dueAt: string };

const DAY_MS = 86_400_000;
/** A deployer's run is over, as far as anybody can tell, when so long nothing was added. */
const RUN_MS = 1_800_000;
/** A first look takes some minutes. */
const FIRST_LOOK_MS = 600_000;

type Settings = Pick<Config, 'interruptFrom' | 'digestHour' | 'deployers'>;

/**
 * Returns what the finding waits for; undefined: it interrupts. It does iff it is as grave as the configuration asks
 * for, if the guard wrote something because of it or declined to, or if it is about the guard itself; and iff it says
 * so for the first time. That something ended, or that a part of it did, wakes nobody a second time. That a restore is
 * planned interrupts nobody by itself: what came of it follows within a minute. `told`: the revision that the publisher
 * knows.
 */
export function waitsFor(
  finding: Finding,
  { told, now }: { readonly told: number; readonly now: string },
  settings: Settings,
): Waiting | undefined {
  const { severity, result, action, status, newsRevision = 1 } = finding;
  const isRestore = status === 'ROLLED_BACK' || ['done', 'partial', 'declined'].includes(action.kind);
  const isGrave = isAtLeast(severity, settings.interruptFrom) || isRestore || result === 'NOTICE';
  const isKnown = told >= newsRevision || status === 'SUPPRESSED' || status === 'SUPERSEDED';
  if (isGrave && !isKnown) return isFirstSight(finding) ? firstSight(finding, now) : undefined;
  return quietly(finding, now, settings);
}

/** Returns what a finding waits for that interrupts nobody. */
export function quietly(
  { target, change }: Finding,
  now: string,
  { digestHour, deployers }: Omit<Settings, 'interruptFrom'>,
): Waiting {
  if (change !== undefined && matchesAny(deployers, change.actorArn)) {
    const run = [target.accountId, change.actorArn, change.sessionName ?? ''].join(' ');
    return { like: `${FORMS.deployment}${run}`, dueAt: new Date(Date.parse(now) + RUN_MS).toISOString() };
  }
  return { like: `${FORMS.digest}${target.accountId}`, dueAt: nextAt(digestHour, now) };
}

/** What a target held when it was first seen. A first look finds everything that an account is made of: one message. */
function isFirstSight({ change, step, acceptedHash }: Finding): boolean {
  return change === undefined && acceptedHash === '' && step?.isGuess === true && step.isNew !== true;
}

function firstSight({ target }: Finding, now: string): Waiting {
  return {
    like: `first look: ${target.accountId}`,
    dueAt: new Date(Date.parse(now) + FIRST_LOOK_MS).toISOString(),
  };
}

const FORMS = { deployment: 'deployment: ', digest: 'digest: ' } as const;

/** Returns the form of a group by what its findings have in common. */
export function formOf(like: string): GroupForm {
  if (like.startsWith(FORMS.deployment)) return 'deployment';
  return like.startsWith(FORMS.digest) ? 'digest' : 'burst';
}

/** The next time it is that hour, UTC. */
function nextAt(hour: number, now: string): string {
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00.000Z`) + hour * 3_600_000;
  return new Date(today > Date.parse(now) ? today : today + DAY_MS).toISOString();
}
