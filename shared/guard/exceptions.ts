/** Exceptions: findings on which somebody, for a while, has said "known". An expired one is a finding itself. Pure. */
import type { Addition, Finding } from '../findings/finding.ts';
import type { TargetRef } from '../targets/target.ts';
import { type Config, type Exception, matchName } from './config.ts';
import { alter, close, type Ledger, open } from './derive/ledger.ts';
import { composeNotice } from './derive/notices.ts';

type Context = {
  readonly target: TargetRef;
  readonly config: Pick<Config, 'exceptions'>;
  /** ISO 8601. */
  readonly now: string;
};

/**
 * Returns the ledger with every open FAIL SUPPRESSED iff an exception holds for it, ACTIVE otherwise, and one finding
 * for each exception that has expired while it is still needed.
 */
export function applyExceptions(ledger: Ledger, context: Context): Ledger {
  const { now, target } = context;
  let result = ledger;
  const needed = new Map<string, Exception>();
  for (const finding of ledger.open) {
    if (finding.result !== 'FAIL') continue;
    const known = matching(finding, context.config.exceptions).toSorted(
      (a, b) => Date.parse(b.expires) - Date.parse(a.expires),
    );
    const expired = known.filter(({ expires }) => Date.parse(expires) < Date.parse(now));
    // Of those that hold, the one that holds longest.
    const exception = known.length > expired.length ? known[0] : undefined;
    if (exception === undefined) for (const one of expired) needed.set(nameOfException(one), one);
    if (exception !== undefined && finding.status === 'ACTIVE') {
      const { owner, reason, expires } = exception;
      const statusWhy = `an exception of ${owner} applies until ${expires}: ${reason}`;
      result = alter(
        result,
        finding.id,
        (known) => ({ ...known, status: 'SUPPRESSED', statusWhy, suppression: { owner, reason, expires } }),
        now,
      );
    }
    if (exception === undefined && finding.status === 'SUPPRESSED') {
      const statusWhy = 'the exception has expired or was withdrawn';
      result = alter(result, finding.id, (known) => ({ ...known, status: 'ACTIVE', statusWhy }), now);
    }
  }
  for (const [name, exception] of needed)
    result = open(result, expiredNotice(name, exception, { target, now }));
  return close(
    result,
    ({ check, listName }) =>
      check === 'expired-exception' && !needed.has(listName ?? '')
        ? { status: 'RESOLVED', why: 'the exception is no longer needed, or was renewed or removed' }
        : undefined,
    now,
  );
}

/** An exception covers a finding iff it covers all of it that still stands. */
function matching({ check, target, additions = [] }: Finding, exceptions: readonly Exception[]): Exception[] {
  const left = additions.filter(({ now }) => now !== 'gone');
  return exceptions.filter(
    (exception) =>
      matchName(exception.match, target.arn) &&
      (exception.check === undefined ||
        (left.length === 0 ? check === exception.check : coversAll(left, exception.check))),
  );
}

/** What is public is external and new as well; where the same statements say so, one exception is enough. */
const FOLLOWS: { readonly [check in Addition['check']]?: readonly Addition['check'][] } = {
  'no-public-access': ['no-external-access', 'no-new-access'],
  'no-external-access': ['no-new-access'],
};

function coversAll(additions: readonly Addition[], check: Addition['check']): boolean {
  const placeOf = ({ document, statementIndex }: Addition['statements'][number]) =>
    `${document} ${statementIndex}`;
  const places = new Set(
    additions.filter((one) => one.check === check).flatMap(({ statements }) => statements.map(placeOf)),
  );
  return additions.every(
    (one) =>
      one.check === check ||
      (FOLLOWS[check]?.includes(one.check) === true &&
        one.statements.every((statement) => places.has(placeOf(statement)))),
  );
}

function nameOfException({ match, check, expires }: Exception): string {
  return `${match} ${check ?? 'every check'} until ${expires}`;
}

function expiredNotice(
  name: string,
  { owner, reason, expires, match }: Exception,
  { target, now }: Omit<Context, 'config'>,
): Finding {
  return composeNotice(
    {
      target,
      check: 'expired-exception',
      listName: name,
      severity: 'MEDIUM',
      title: `the exception of ${owner} for \`${match}\` has expired and is still needed`,
      message: `It expired at ${expires}. Its reason was: ${reason}`,
      identity: name,
      action: { kind: 'observed', why: 'only a person can renew or remove an exception' },
    },
    now,
  );
}
