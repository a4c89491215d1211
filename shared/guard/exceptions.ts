/** Exceptions: findings on which somebody, for a while, has said "known". An expired one is a finding itself. Pure. */
import { isDeepStrictEqual } from 'node:util';
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
 * Returns the ledger with every open FAIL SUPPRESSED iff an exception holds for it, ACTIVE otherwise, as every doubt is;
 * and one finding for each exception that has expired while it is still needed.
 */
export function applyExceptions(ledger: Ledger, context: Context): Ledger {
  const { now, target } = context;
  let result = ledger;
  const needed = new Map<string, Exception>();
  for (const finding of ledger.open) {
    if (finding.result === 'NOTICE') continue;
    const known = matching(finding, context.config.exceptions).toSorted(
      (a, b) => Date.parse(b.expires) - Date.parse(a.expires),
    );
    const expired = known.filter(({ expires }) => Date.parse(expires) < Date.parse(now));
    // Of those that hold, the one that holds longest.
    const exception = known.length > expired.length ? known[0] : undefined;
    if (exception === undefined) for (const one of expired) needed.set(nameOfException(one), one);
    result = suppressed(result, finding, exception, now);
  }
  for (const [name, exception] of needed) {
    const notice = expiredNotice(name, exception, { target, now });
    const isSeen = ledger.closed.some(({ id, status }) => id === notice.id && status === 'APPROVED');
    if (!isSeen) result = open(result, notice);
  }
  return close(
    result,
    ({ check, listName }) =>
      check === 'expired-exception' && !needed.has(listName ?? '')
        ? { status: 'RESOLVED', why: 'the exception is no longer needed, or was renewed or removed' }
        : undefined,
    now,
  );
}

/** The ledger with the finding suppressed by the exception, in its words; ACTIVE where there is none. */
function suppressed(
  ledger: Ledger,
  { id, status, suppression: told }: Finding,
  exception: Exception | undefined,
  now: string,
): Ledger {
  if (exception === undefined) {
    if (status !== 'SUPPRESSED') return ledger;
    const statusWhy = 'no exception covers what is left of it now';
    return alter(ledger, id, (finding) => ({ ...finding, status: 'ACTIVE', statusWhy }), now);
  }
  const { owner, reason, expires } = exception;
  const suppression = { owner, reason, expires };
  if (status === 'SUPPRESSED' && isDeepStrictEqual(told, suppression)) return ledger;
  const statusWhy = `an exception of ${owner} applies until ${expires}: ${reason}`;
  return alter(ledger, id, (finding) => ({ ...finding, status: 'SUPPRESSED', statusWhy, suppression }), now);
}

/** An exception covers a finding iff it covers all of it that still stands; it never covers a doubt. */
function matching(
  { check, result, target, additions = [] }: Finding,
  exceptions: readonly Exception[],
): readonly Exception[] {
  if (result !== 'FAIL') return [];
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
      one.result === 'FAIL' &&
      (one.check === check ||
        (FOLLOWS[check]?.includes(one.check) === true &&
          one.statements.length > 0 &&
          one.statements.every((statement) => places.has(placeOf(statement))))),
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
