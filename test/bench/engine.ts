/**
 * `npm run bench`: the engine over every real update, forward and in reverse, beside other solvers on a sample, and
 * how its time grows; single edits of public documents; Z3 alone. Prints tables and writes `dist/bench.json`.
 * Flags: `--sample N` (peers), `--edits N`, `--peer-edits N`, `--z3 N` (updates for Z3 alone), `--checks N` (memory).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { POLICY_TYPES } from '../../cli/input/policyTypes.ts';
import { createEngine, type Engine } from '../../shared/checks/index.ts';
import { noNewAccess } from '../../shared/checks/noNewAccess.ts';
import type { Verdict } from '../../shared/checks/verdict.ts';
import { toSmtLib } from '../../shared/formula/smtlib.ts';
import type { Policy, PolicyType } from '../../shared/policy/ast.ts';
import { parsePolicy } from '../../shared/policy/parsePolicy.ts';
import { type PolicySet, toSet } from '../../shared/policy/policySet.ts';
import { corpusPairs, type Pair } from './corpus.ts';
import { singleEdits } from './edits.ts';
import { askPeer, askWhole, installedPeers } from './peers.ts';
import { SCALINGS, type Side } from './scaling.ts';

const { values: flags } = parseArgs({
  options: {
    sample: { type: 'string' },
    checks: { type: 'string' },
    edits: { type: 'string' },
    'peer-edits': { type: 'string' },
    z3: { type: 'string' },
  },
});
const editCount = Number(flags.edits ?? 10_000);
const peerEdits = Number(flags['peer-edits'] ?? 200);
const z3Sample = Number(flags.z3 ?? 400);
const sampleSize = Number(flags.sample ?? 40);
const memoryChecks = Number(flags.checks ?? 100_000);
const TIMEOUT_MS = 10_000;

function parse(text: string, policyType: PolicyType = 'IDENTITY_POLICY'): Policy {
  const parsed = parsePolicy(text, { policyType });
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ message, path }) => `${path}: ${message}`).join('; '));
  return parsed.policy;
}

function readSide({ documents, boundary }: Side, policyType: PolicyType = 'IDENTITY_POLICY'): PolicySet {
  const read = (text: string, index: number) => ({
    name: `document ${index}`,
    policy: parse(text, policyType),
  });
  return {
    policies: documents.map(read),
    ...(boundary === undefined ? {} : { boundary: [boundary].map(read) }),
  };
}

type Summary = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly worst: number;
  readonly total: number;
};

function summarise(times: readonly number[]): Summary {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  return {
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    worst: at(1),
    total: times.reduce((sum, time) => sum + time, 0),
  };
}

const ms = (value: number) => (value < 10 ? value.toFixed(3) : value.toFixed(0));
const row = (name: string, { p50, p90, p99, worst, total }: Summary, more: object = {}) => ({
  what: name,
  'p50 ms': ms(p50),
  'p90 ms': ms(p90),
  'p99 ms': ms(p99),
  'worst ms': ms(worst),
  'total s': (total / 1000).toFixed(1),
  ...more,
});

/** How often each of them came. */
const countOf = (words: readonly string[]) =>
  Object.fromEntries(
    Map.groupBy(words, (word) => word)
      .entries()
      .map(([word, { length }]) => [word, length]),
  );

type Round = {
  readonly times: readonly number[];
  readonly results: { [result: string]: number };
  readonly decidedBy: { [solver: string]: number };
};

async function runCorpus(pairs: readonly Pair[], engine: Engine): Promise<Round> {
  const times: number[] = [];
  const verdicts: Verdict[] = [];
  for (const { before, after } of pairs) {
    const [existing, updated] = [parse(before), parse(after)];
    const start = performance.now();
    const verdict = await engine.checkNoNewAccess(existing, updated);
    times.push(performance.now() - start);
    verdicts.push(verdict);
  }
  return {
    times,
    results: countOf(verdicts.map(({ result }) => result)),
    decidedBy: countOf(verdicts.map(({ decidedBy }) => decidedBy)),
  };
}

/** After three rounds the times get no shorter. */
const WARM_UP = 3;
const ROUNDS = 4;

/** All times of the rounds together, and of each update the best: what it takes when nothing else disturbs the machine. */
async function runRounds(pairs: readonly Pair[], engine: Engine) {
  const first = await runCorpus(pairs, engine);
  for (let round = 1; round < WARM_UP; round++) await runCorpus(pairs, engine);
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await runCorpus(pairs, engine));
  const best = pairs.map((_, index) => Math.min(...rounds.map(({ times }) => times[index] ?? 0)));
  const [{ results, decidedBy } = { results: {}, decidedBy: {} }] = rounds;
  const all = { ...summarise(rounds.flatMap(({ times }) => times)), results, decidedBy };
  return { all, best: summarise(best), first: summarise(first.times) };
}

/** The questions of a pair as the engine asks them, each as a script. */
function scriptsOf({ before, after }: Pair): string[] {
  const check = noNewAccess(toSet(parse(before)), toSet(parse(after)), { linkPrincipal: false });
  return check.candidates.map(({ question }) => toSmtLib(question()).script);
}

async function comparePeers(pairs: readonly Pair[], engine: Engine) {
  const step = Math.max(1, Math.floor(pairs.length / sampleSize));
  // Textually equal statements ask nothing of any solver; only pairs that do are compared.
  const sample = pairs.filter((_, index) => index % step === 0).filter((pair) => scriptsOf(pair).length > 0);
  // Each solver takes the whole sample in its turn: between other processes' runs none would find its caches warm.
  const results = new Map<Pair, string>();
  const ours: number[] = [];
  for (const pair of [...sample, ...sample]) {
    const [existing, updated] = [parse(pair.before), parse(pair.after)];
    const start = performance.now();
    const { result } = await engine.checkNoNewAccess(existing, updated);
    ours.push(performance.now() - start);
    results.set(pair, result);
  }
  ours.splice(0, sample.length);
  const z3 = createEngine({ solver: 'z3', timeoutMs: TIMEOUT_MS });
  const z3Times: number[] = [];
  let z3Undecided = 0;
  for (const pair of sample) {
    const [existing, updated] = [parse(pair.before), parse(pair.after)];
    const start = performance.now();
    if ((await z3.checkNoNewAccess(existing, updated)).result === 'UNKNOWN') z3Undecided++;
    z3Times.push(performance.now() - start);
  }
  await z3.close();
  const peers = installedPeers().map((peer) => ({ peer, times: [] as number[], undecided: 0, differing: 0 }));
  for (const entry of peers) {
    for (const pair of sample) {
      const answers = scriptsOf(pair).map((script) => askPeer(entry.peer, script));
      entry.times.push(answers.reduce((sum, answer) => sum + answer.ms, 0));
      const says = answers.some(({ answer }) => answer === 'sat')
        ? 'FAIL'
        : answers.every(({ answer }) => answer === 'unsat')
          ? 'PASS'
          : 'UNKNOWN';
      if (says === 'UNKNOWN') entry.undecided++;
      else if (says !== results.get(pair)) entry.differing++;
    }
  }
  const own = summarise(ours);
  const ratio = (other: Summary) => ({
    'p50 ×': (other.p50 / own.p50).toFixed(0),
    'p99 ×': (other.p99 / own.p99).toFixed(0),
  });
  const z3Summary = summarise(z3Times);
  return [
    { ...row('ratchet', own), undecided: 0, differing: 0 },
    {
      ...row('z3-solver (all questions)', z3Summary, ratio(z3Summary)),
      undecided: z3Undecided,
      differing: 0,
    },
    ...peers.map(({ peer, times, undecided, differing }) => ({
      ...row(peer.name, summarise(times), ratio(summarise(times))),
      undecided,
      differing,
    })),
  ];
}

/** What a peer needs for all the questions of a check, a process each, in ms; undefined where none is installed. */
function peerTime(existing: PolicySet, updated: PolicySet): string | undefined {
  const [peer] = installedPeers();
  if (peer === undefined) return undefined;
  const { candidates } = noNewAccess(existing, updated, { linkPrincipal: false });
  // More processes than this only say the same again.
  const asked = candidates.slice(0, 20).map(({ question }) => askPeer(peer, toSmtLib(question()).script));
  const total = asked.reduce((sum, answer) => sum + answer.ms, 0);
  const unknown = asked.filter(({ answer }) => answer === 'unknown').length;
  return `${peer.name} ${ms(total)}${unknown > 0 ? `, ${unknown} unknown` : ''}`;
}

/** A short check is asked more often: one disturbed minute of the machine would else be taken for growth. */
const [LEAST_ROUNDS, MOST_ROUNDS, ENOUGH_MS] = [5, 100, 100];

/** Each size, its best time and verdict, a peer's time for the largest, and the exponent by which the time grows. */
async function runScaling(engine: Engine) {
  const rows: object[] = [];
  for (const { name, sizes, policyType, make } of SCALINGS) {
    const cells: { [size: string]: string } = {};
    const points: { readonly size: number; readonly time: number }[] = [];
    let peer: string | undefined;
    for (const size of sizes) {
      const times: number[] = [];
      let result = '';
      let spent = 0;
      for (let round = 0; round < LEAST_ROUNDS || (spent < ENOUGH_MS && round < MOST_ROUNDS); round++) {
        const [existing, updated] = make(size).map((side) => readSide(side, policyType));
        if (existing === undefined || updated === undefined) break;
        const start = performance.now();
        ({ result } = await engine.checkNoNewAccess(existing, updated));
        const time = performance.now() - start;
        times.push(time);
        spent += time;
        if (round === 0 && size === sizes.at(-1)) peer = peerTime(existing, updated);
      }
      const time = Math.min(...times);
      points.push({ size, time });
      cells[String(size)] = `${ms(time)} ${result}`;
    }
    rows.push({ what: name, ...cells, exponent: exponentOf(points), peer });
  }
  return rows;
}

/** The slope between the largest size and the one two before it, both scales logarithmic. */
function exponentOf(points: readonly { readonly size: number; readonly time: number }[]): string {
  const [from, to] = [points.at(-3), points.at(-1)];
  if (from === undefined || to === undefined) return '';
  return (Math.log(to.time / from.time) / Math.log(to.size / from.size)).toFixed(2);
}

/** Single edits of public documents, both directions; some of them by a peer as well. */
async function runEdits(engine: Engine) {
  const named: string[] = [];
  const [peer] = installedPeers();
  let compared = 0;
  const asked: {
    readonly id: string;
    readonly read: () => readonly [PolicySet, PolicySet] | undefined;
    readonly results: Verdict['result'][];
    readonly times: number[];
  }[] = [];
  for (const { id, policyType, before, after } of singleEdits(editCount))
    for (const texts of [
      [before, after],
      [after, before],
    ] as const) {
      // Read anew each time: what the engine remembers of a policy is not to be found here.
      const read = () => {
        const [existing, updated] = texts.map((text) => parsePolicy(text, POLICY_TYPES[policyType]));
        return existing?.ok && updated?.ok
          ? ([toSet(existing.policy), toSet(updated.policy)] as const)
          : undefined;
      };
      if (read() !== undefined) asked.push({ id, read, results: [], times: [] });
    }
  for (let round = 0; round <= ROUNDS; round++)
    for (const { read, results, times } of asked) {
      const sets = read();
      if (sets === undefined) continue;
      const start = performance.now();
      results.push((await engine.checkNoNewAccess(...sets)).result);
      times.push(performance.now() - start);
    }
  for (const { id, results } of asked)
    if (new Set(results).size > 1 || results[0] === 'UNKNOWN') named.push(`${id}: ${results.join(', ')}`);
  // Between other processes' runs no check would find its caches warm, so peers are asked when all are measured.
  const step = Math.max(1, Math.floor(asked.length / peerEdits));
  for (const { id, read, results } of asked.filter((_, index) => index % step === 0)) {
    const sets = read();
    if (peer === undefined || sets === undefined) break;
    const { candidates } = noNewAccess(...sets, { linkPrincipal: false });
    const answers = candidates.map(({ question }) => askWhole(peer, question()));
    if (answers.includes('unknown')) continue;
    compared++;
    if ((answers.includes('sat') ? 'FAIL' : 'PASS') !== results[0]) named.push(`${peer.name} differs: ${id}`);
  }
  return {
    first: summarise(asked.map(({ times }) => times[0] ?? 0)),
    all: {
      ...summarise(asked.flatMap(({ times }) => times.slice(1))),
      results: countOf(asked.map(({ results }) => results[0] ?? 'UNKNOWN')),
    },
    best: summarise(asked.map(({ times }) => Math.min(...times))),
    compared,
    named,
  };
}

/** Z3 alone, one budget a check: AWS's samples where they are at hand, and a fixed sample of real updates. */
async function runZ3(pairs: readonly Pair[]) {
  const z3 = createEngine({ solver: 'z3', timeoutMs: TIMEOUT_MS });
  const undecided: string[] = [];
  let asked = 0;
  const ask = async (id: string, existing: Policy, updated: Policy) => {
    asked++;
    const verdict = await z3.checkNoNewAccess(existing, updated);
    if (verdict.result === 'UNKNOWN') undecided.push(`${id}: ${verdict.cause}`);
  };
  const folder = new URL('../../../shared/vectors/', import.meta.url);
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
      const row = line.trim() === '' ? {} : JSON.parse(line);
      if (row.existing === undefined || row.new === undefined) continue;
      const [existing, updated] = [row.existing, row.new].map((document) =>
        parse(JSON.stringify(document), row.policyType),
      );
      if (existing !== undefined && updated !== undefined) await ask(row.id, existing, updated);
    }
  }
  const step = Math.max(1, Math.floor(pairs.length / z3Sample));
  for (const { id, before, after } of pairs.filter((_, index) => index % step === 0).slice(0, z3Sample))
    await ask(id, parse(before), parse(after));
  await z3.close();
  return { asked, undecided };
}

/** Resident memory in MB over checks by Z3 alone, measured eleven times: Z3's own heap is outside the process's. */
async function runZ3Memory(pairs: readonly Pair[]): Promise<number[]> {
  const z3 = createEngine({ solver: 'z3', timeoutMs: 1_000 });
  const sizes: number[] = [];
  for (let done = 0; done < z3Sample; done++) {
    const pair = pairs[done % pairs.length];
    if (pair !== undefined) await z3.checkNoNewAccess(parse(pair.before), parse(pair.after));
    if (done % Math.ceil(z3Sample / 10) === 0) sizes.push(residentMegabytes());
  }
  sizes.push(residentMegabytes());
  await z3.close();
  return sizes;
}

const residentMegabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20);

/** Live heap after a collection over many checks, in MB, measured eleven times: flat iff nothing is kept. */
async function runMemory(pairs: readonly Pair[], engine: Engine): Promise<number[]> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void; // What the flag puts into new contexts.
  const sizes: number[] = [];
  const measure = () => {
    collect();
    sizes.push(Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)));
  };
  for (let done = 0; done < memoryChecks; done++) {
    const pair = pairs[done % pairs.length];
    if (pair !== undefined) await engine.checkNoNewAccess(parse(pair.before), parse(pair.after));
    // The first round fills what is made once.
    if (done >= pairs.length && done % Math.ceil(memoryChecks / 10) === 0) measure();
  }
  measure();
  return sizes;
}

const engine = createEngine({ timeoutMs: TIMEOUT_MS });
const pairs = corpusPairs();
const reversed = pairs.map(({ id, before, after }) => ({ id, before: after, after: before }));
const forward = await runRounds(pairs, engine);
const backward = await runRounds(reversed, engine);
console.log(
  `${pairs.length} real updates, one thread, ${ROUNDS} rounds after ${WARM_UP} to warm up; node ${process.version}`,
);
console.table(
  [forward, backward].flatMap((side, index) => {
    const name = index === 0 ? 'forward' : 'reverse';
    const { results, decidedBy } = side.all;
    return [
      row(name, side.all, { results: JSON.stringify(results), by: JSON.stringify(decidedBy) }),
      row(`${name}, each at its best`, side.best),
      row(`${name}, the first time`, side.first),
    ];
  }),
);
const peers = await comparePeers(pairs, engine);
console.log('side by side, a sample of the updates that ask something');
console.table(peers);
const scaling = await runScaling(engine);
console.log('growth, ms and verdict by size');
for (const line of scaling) console.log(JSON.stringify(line));
const edits = await runEdits(engine);
console.log(`single edits of public documents, both directions; ${edits.compared} by a peer as well`);
console.table([
  row(`edits, ${ROUNDS} rounds`, edits.all, { results: JSON.stringify(edits.all.results) }),
  row('edits, each at its best', edits.best),
  row('edits, the first time', edits.first),
]);
for (const line of edits.named) console.log(line);
const alone = await runZ3(pairs);
console.log(
  `z3 alone: ${alone.undecided.length} of ${alone.asked} undecided within ${TIMEOUT_MS} ms a check`,
);
for (const line of alone.undecided) console.log(line);
const memory = await runMemory(pairs, engine);
console.log(
  `live heap over ${memoryChecks} checks, MB: ${memory.join(' ')}; peak resident ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`,
);
const z3Memory = await runZ3Memory(pairs);
console.log(`resident over ${z3Sample} checks by z3 alone, MB: ${z3Memory.join(' ')}`);
await engine.close();
mkdirSync('dist', { recursive: true });
writeFileSync(
  'dist/bench.json',
  `${JSON.stringify({ node: process.version, forward, backward, peers, scaling, edits, alone, memory, z3Memory }, undefined, 2)}\n`,
);
