/** Exceptions: findings on which somebody, for a while, has said "known". An expired one is a finding itself. Pure. */
import type { Finding } from '../findings/finding.ts';
import type { TargetRef } from '../targets/target.ts';
import { composeNotice, type Opening } from './composeFinding.ts';
import type { Config, Exception } from './config.ts';
import { alter, close, type Ledger, open } from './ledger.ts';
import { matchName } from './matchName.ts';

type Context = {
  readonly target: TargetRef;
  readonly config: Pick<Config, 'exceptions'>;
  /** ISO 8601. */
  readonly now: string;
  readonly liveHash: string;
};

/** Returns the exception that holds for a FAIL now; the one that holds longest. */
export function exceptionFor(
  finding: Finding,
  { config, now }: Pick<Context, 'config' | 'now'>,
): Exception | undefined {
  return matching(finding, config.exceptions)
    .filter(({ expires }) => Date.parse(expires) >= Date.parse(now))
    .sort((a, b) => Date.parse(b.expires) - Date.parse(a.expires))[0];
}

/**
 * Returns the ledger with every open FAIL SUPPRESSED iff an exception holds for it, ACTIVE otherwise, and one finding
 * for each exception that has expired while it is still needed.
 */
export function applyExceptions(ledger: Ledger, context: Context): Ledger {
  const { now, target, liveHash } = context;
  let result = ledger;
  const needed = new Map<string, Exception>();
  for (const finding of ledger.open) {
    if (finding.result !== 'FAIL') continue;
    const exception = exceptionFor(finding, context);
    const expired = matching(finding, context.config.exceptions).filter(
      ({ expires }) => Date.parse(expires) < Date.parse(now),
    );
    if (exception === undefined) for (const one of expired) needed.set(nameOfException(one), one);
    if (exception !== undefined && finding.status === 'ACTIVE') {
      const { owner, reason, expires } = exception;
      const statusWhy = `an exception of ${owner} holds until ${expires}: ${reason}`;
      result = alter(
        result,
        finding.id,
        { status: 'SUPPRESSED', statusWhy, suppression: { owner, reason, expires } },
        now,
      );
    }
    if (exception === undefined && finding.status === 'SUPPRESSED') {
      const statusWhy = 'the exception has expired or was withdrawn';
      result = alter(result, finding.id, { status: 'ACTIVE', statusWhy }, now);
    }
  }
  for (const [name, exception] of needed)
    result = open(result, expiredNotice(name, exception, { target, now, liveHash }));
  return close(
    result,
    ({ check, listName }) =>
      check === 'expired-exception' && !needed.has(listName ?? '')
        ? { status: 'RESOLVED', why: 'the exception is no longer needed, or was renewed or removed' }
        : undefined,
    now,
  );
}

function matching({ check, target }: Finding, exceptions: readonly Exception[]): Exception[] {
  return exceptions.filter(
    (exception) => matchName(exception.match, target.arn) && (exception.check ?? check) === check,
  );
}

function nameOfException({ match, check, expires }: Exception): string {
  return `${match} ${check ?? 'every check'} until ${expires}`;
}

function expiredNotice(
  name: string,
  { owner, reason, expires, match }: Exception,
  context: Omit<Context, 'config'>,
): Finding {
  const { target, now, liveHash } = context;
  const opening: Opening = {
    change: undefined,
    now,
    action: { kind: 'observed', why: 'only a person can renew or remove an exception', at: now },
  };
  return composeNotice(
    {
      target,
      check: 'expired-exception',
      severity: 'MEDIUM',
      title: `the exception of ${owner} for \`${match}\` has expired and is still needed`,
      message: `It expired at ${expires}. Its reason was: ${reason}`,
      identity: { listName: name },
      liveHash,
    },
    opening,
  );
}
