/**
 * `npm run simulate -- --histories 10000 --seed 1`: plays histories and holds the laws against each. Ends with status
 * 1 at the first breach, with the seed, the path and the history that is left of it when nothing more can be left out.
 * Each of `--workers` (one a core) plays a part of them with a seed of its own: SEED, SEED + 1, and so on.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { editionOf } from './edition.ts';
import { history, play } from './history.ts';
import { breachesOf } from './laws.ts';
import { differencesOf, shuffled } from './shuffled.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** A checkout of another edition, whose guard is played against instead. */
    handlers: { type: 'string' },
    /** Goes on after a breach, leaves nothing out of a history, and counts the histories that breach each law. */
    survey: { type: 'boolean', default: false },
    /** Plays histories whose events all come after all changes, each in so many orders, and compares the ends. */
    orders: { type: 'string' },
    /** As a failure prints it: plays that one history only. */
    path: { type: 'string' },
    workers: { type: 'string' },
    /** Plays until a history breaches the law of that number, in which case the status is 0. */
    until: { type: 'string' },
  },
});

const edition = values.handlers === undefined ? undefined : await editionOf(values.handlers);
const histories = Number(values.histories);
const seed = Number(values.seed);
const isWhole = values.path !== undefined || values.until !== undefined;
const workers = Number(values.workers ?? (isWhole ? 1 : availableParallelism()));
if (workers > 1 && histories >= 2 * workers) process.exit(await divide(workers));
const counts = { played: 0, changes: 0, writes: 0, findings: 0, grouped: 0, calls: 0 };
const breached = new Map<string, number>();
const began = performance.now();

const details = await fc.check(
  (values.orders === undefined
    ? againstLaws()
    : inOrders(Number(values.orders))) as fc.IAsyncProperty<unknown>,
  {
    numRuns: values.path === undefined ? histories : 1,
    seed,
    // A survey leaves nothing out: what it played then would be no history of its seed, and be counted as one.
    endOnFailure: values.survey || values.path !== undefined,
  },
);
tell();
if (values.until !== undefined) process.exit(1);
for (const [law, count] of breached) console.log(`${count} histories breach: ${law}`);
if (details.failed) {
  console.error(`seed ${details.seed}, path ${values.path ?? details.counterexamplePath}`);
  console.error(JSON.stringify(details.counterexample, undefined, 1));
  console.error(String(details.errorInstance));
  process.exitCode = 1;
}

/** Returns the status to end with: 1 iff a part failed. The others are ended then, since none of them says more. */
async function divide(parts: number): Promise<number> {
  const started = Array.from({ length: parts }, (_, index) => {
    const share = Math.floor(histories / parts) + (index < histories % parts ? 1 : 0);
    const own = ['--histories', String(share), '--seed', String(seed + index), '--workers', '1'];
    const flags = [
      ...(values.handlers === undefined ? [] : ['--handlers', values.handlers]),
      ...(values.orders === undefined ? [] : ['--orders', values.orders]),
      ...(values.survey ? ['--survey'] : []),
    ];
    const file = fileURLToPath(import.meta.url);
    return spawn(process.execPath, [file, ...own, ...flags], { stdio: 'inherit' });
  });
  const ended = started.map(
    (child) =>
      new Promise<number>((resolve) =>
        child.on('exit', (status) => {
          if (status === 1) for (const other of started) other.kill();
          resolve(status ?? 0);
        }),
      ),
  );
  return Math.max(...(await Promise.all(ended)));
}

/** Only what the path leads to, if there is one: a check that is given the path plays all that stands beside it too. */
function drawn<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  const { path } = values;
  return path === undefined
    ? arbitrary
    : fc.constantFrom(...fc.sample(arbitrary, { seed, path, numRuns: 1 }));
}

function againstLaws() {
  return fc.asyncProperty(drawn(history), async (one) => {
    const played = await play(one, edition);
    const { witness, scheduler } = played.world;
    counts.played++;
    counts.changes += [...witness.held.values()].flat().filter(({ by }) => by !== 'start').length;
    counts.writes += witness.writes.length;
    counts.findings += witness.findings.size;
    counts.grouped += witness.published.filter(({ isGrouped }) => isGrouped).length;
    counts.calls += scheduler.happened();
    if (counts.played % 500 === 0) tell();
    const breaches = breachesOf(played, edition === undefined ? 'state' : 'content');
    if (values.survey || values.until !== undefined) survey(breaches);
    else if (breaches.length > 0) throw new Error(breaches.join('\n'));
  });
}

function inOrders(orders: number) {
  return fc.asyncProperty(drawn(shuffled), async (one) => {
    counts.played++;
    if (counts.played % 100 === 0) tell();
    const differences = await differencesOf(one, orders);
    if (values.survey || values.until !== undefined)
      survey(differences.map((difference) => `law 1, the order of events matters: ${difference}`));
    else if (differences.length > 0) throw new Error(differences.join('\n'));
  });
}

/** Counts the laws that are breached, and shows the first breach of each in every history. */
function survey(breaches: readonly string[]): void {
  const laws = new Set(breaches.map((breach) => breach.slice(0, breach.indexOf(': '))));
  for (const law of laws) {
    const count = (breached.get(law) ?? 0) + 1;
    breached.set(law, count);
    console.log(`history ${counts.played}: ${breaches.find((breach) => breach.startsWith(law))}`);
    const numbers = law.slice(0, law.indexOf(',')).split(' ');
    if (values.until !== undefined && numbers.includes(values.until)) process.exit(0);
  }
}

function tell(): void {
  const seconds = Math.round((performance.now() - began) / 1_000);
  const megabytes = Math.round(process.memoryUsage().rss / 1_048_576);
  const counted = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`seed ${seed}: ${counted.join(', ')}; ${seconds} s, ${megabytes} MB`);
}
