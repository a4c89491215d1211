/** The tables of docs/capacity.md, made of counted calls: how many events and targets a deployment keeps up with. */
import { CALL_MS, type Calls, type Costs, type Look } from './cost.ts';

/** Events that are examined at once. Source: serverless.yml, `maximumConcurrency` of detect. */
const AT_ONCE = 4;
/** Of a turn of the sweep, what is left for looking; the next turn begins 900 s after it began. */
const TURN = { useful: 840, every: 900 };
/** What is assumed of an account: policy changes a month, as in `test/month`, and targets. */
export const ACCOUNT_HAS = { changes: 400, targets: 500 };
const MONTH_SECONDS = 30 * 86_400;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const whole = (count: number) => Math.round(count).toLocaleString('en');

/** Returns how many calls of AWS are waited for, one after the other. */
function waitedFor({ reads, writes, gets, puts, lists, publishes }: Calls): number {
  return reads + writes + gets + puts + lists + publishes;
}

/** Returns two tables as text: events by kind, and both limits by the number of accounts. */
export function renderCapacity(
  { kinds }: Costs,
  { milliseconds, examined }: Look,
): readonly [events: string, accounts: string] {
  const events = kinds.flatMap(({ what, passes, undone }) =>
    [
      { name: `${what}, passes`, calls: waitedFor(passes) },
      { name: `${what}, restored`, calls: waitedFor(undone) },
    ].map(({ name, calls }) => ({ name, calls, rate: AT_ONCE / ((calls * CALL_MS) / 1_000) })),
  );
  const slowest = Math.min(...events.filter(({ name }) => name.endsWith('passes')).map(({ rate }) => rate));
  const secondsATarget = milliseconds / 1_000 / examined;
  const accounts = [1, 100, 1_000].map((count) => {
    const rate = (count * ACCOUNT_HAS.changes) / MONTH_SECONDS;
    const look = count * ACCOUNT_HAS.targets * secondsATarget * (TURN.every / TURN.useful);
    return row([
      whole(count),
      rate.toPrecision(2),
      `${((100 * rate) / slowest).toPrecision(2)} %`,
      whole(count * ACCOUNT_HAS.targets),
      `${(look / 3_600).toPrecision(2)} h`,
    ]);
  });
  const ofEvents = [
    row(['one event on a …', 'calls waited for', 'seconds', `a second, ${AT_ONCE} at once`, 'a day']),
    row(['---', '---:', '---:', '---:', '---:']),
    ...events.map(({ name, calls, rate }) =>
      row([
        name,
        calls,
        ((calls * CALL_MS) / 1_000).toFixed(2),
        rate.toFixed(1),
        whole(Math.floor(rate * 86_400)),
      ]),
    ),
  ];
  const ofAccounts = [
    row(['accounts', 'events a second', 'of what is kept up with', 'targets', 'one look at all']),
    row(['---:', '---:', '---:', '---:', '---:']),
    ...accounts,
  ];
  return [ofEvents.join('\n'), ofAccounts.join('\n')];
}
