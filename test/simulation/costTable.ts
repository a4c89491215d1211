/** The tables of docs/costs.md, made of counted calls and list prices. */
import { BURST, CALL_MS, type Calls, type Costs } from './cost.ts';

/** US dollars a million. */
const PRICES: { readonly [what in Exclude<keyof Calls, 'reads' | 'writes'>]: number } = {
  gets: 0.4,
  puts: 5,
  lists: 5,
  publishes: 0.5,
  // Sent, received and deleted.
  messages: 3 * 0.4,
};
const INVOCATION_PRICE = 0.2;
const GIGABYTE_SECOND_PRICE = 13.3334;
const MEMORY_GIGABYTES = 1769 / 1024;
const SECONDS_A_CALL = CALL_MS / 1_000;

/** What a function that waits a tenth of a second before each of 10,000 targets costs, a million times. */
const PACE = 10_000 * 0.1 * MEMORY_GIGABYTES * GIGABYTE_SECOND_PRICE;

const MONTH_MINUTES = 30 * 24 * 60;

/** Returns US dollars for a million times the calls, with an invocation for each message (for a sweep: none). */
export function costOf(calls: Calls): number {
  const { reads, writes, gets, puts, lists, publishes, messages } = calls;
  const paid = Object.entries(PRICES).map(([what, price]) => calls[what as keyof typeof PRICES] * price);
  const seconds = (reads + writes + gets + puts + lists + publishes) * SECONDS_A_CALL;
  const compute = seconds * MEMORY_GIGABYTES * GIGABYTE_SECOND_PRICE;
  return paid.reduce((sum, one) => sum + one, compute + messages * INVOCATION_PRICE);
}

/** Returns the page's table, a line a row. */
export function renderCosts({ kinds, bursts, ticks }: Costs): string[] {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const cellsOf = ({ reads, writes, gets, puts, lists, publishes, messages }: Calls) =>
    [reads, writes, gets, puts, lists, publishes, messages].map((count) => count.toLocaleString('en'));
  const millions = kinds.flatMap(({ what, passes, undone }) => [
    row([`${what}, passes`, ...cellsOf(passes), `$${costOf(passes).toFixed(0)}`]),
    row([`${what}, restored`, ...cellsOf(undone), `$${costOf(undone).toFixed(0)}`]),
  ]);
  const sweeps = kinds.map(({ what, swept }) =>
    row([`${what}, swept`, ...cellsOf(swept), `$${((costOf(swept) + PACE) / 1_000_000).toFixed(2)}`]),
  );
  const head = ['policy reads', 'policy writes', 'S3 GET', 'S3 PUT', 'S3 LIST', 'SNS', 'SQS messages'];
  const inAll = (what: string, calls: Calls, dollars: number, digits: number) =>
    row([what, ...cellsOf(calls), `$${dollars.toFixed(digits)}`]);
  const burst = (what: string, calls: Calls) => inAll(what, calls, costOf(calls) / BURST, 0);
  const month = (what: string, calls: Calls, minutes: number) =>
    inAll(what, calls, (costOf(calls) / 1_000_000) * (MONTH_MINUTES / minutes), 2);
  const rule = row(['---', ...Array.from({ length: 8 }, () => '---:')]);
  return [
    row(['one event on a …', ...head, 'a million of them']),
    rule,
    ...millions,
    '',
    row(['10,000 targets, none changed', ...head, 'one sweep']),
    rule,
    ...sweeps,
    '',
    row([`${BURST} like findings in a burst`, ...head, 'a million findings']),
    rule,
    burst('each told by itself', bursts.alone),
    burst('told in groups, as deployed', bursts.grouped),
    '',
    row(['one tick with nothing to do', ...head, 'a month of them']),
    rule,
    month('groups that are due, every 5 minutes', ticks.held, 5),
    month('the sweep, every 15 minutes', ticks.sweep, 15),
  ];
}
