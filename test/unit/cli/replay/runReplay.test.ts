import { describe, expect, it } from 'vitest';
import type { TrailRecord } from '../../../../cli/replay/readTrailFile.ts';
import { emptyCounts, type ReplayDependencies, runReplay } from '../../../../cli/replay/runReplay.ts';
import { renderSummary, summarizeReplay } from '../../../../cli/replay/summary.ts';
import type { Change } from '../../../../shared/changes/change.ts';
import type { RollbackOutcome } from '../../../../shared/guard/contract.ts';
import { madeFinding } from '../finding.ts';

const TARGET = madeFinding().target;
const ROLLBACK = { target: TARGET, findingIds: ['f'], digest: 'd' };
const CHANGE: Change = {
  event: {
    eventId: '1',
    eventName: 'PutBucketPolicy',
    eventSource: 's3.amazonaws.com',
    eventTime: '2026-01-01T00:00:00Z',
    accountId: '111122223333',
    region: 'us-east-1',
    actor: { arn: '', uniqueId: '' },
  },
  targets: [TARGET],
  edits: [{ life: 'kept', isWhole: false, touches: [{ part: '*', to: 'hidden' }] }],
  parametersOmitted: false,
};

type World = {
  readonly log: string[];
  readonly dependencies: ReplayDependencies;
};

/** A guard that answers each record by its name, and logs what it is asked. */
function world({
  rollback = true,
  outcomes = [],
}: {
  rollback?: boolean;
  outcomes?: RollbackOutcome[];
} = {}): World {
  const log: string[] = [];
  let writes: string[] = [];
  const guard: ReplayDependencies['guard'] = {
    publishHeld: async () => 0,
    sweep: async () => ({ examined: 0, findings: 0, rollbacks: [], faults: [] }),
    async handleRecord(record) {
      log.push(`handle ${String(record)}`);
      switch (record) {
        case 'change':
          return {
            kind: 'examined',
            change: CHANGE,
            targets: [{ target: TARGET, kind: 'findings', findings: [], rollback: ROLLBACK, unpublished: 0 }],
          };
        case 'odd':
          return { kind: 'malformed', path: '$.eventName', message: 'is missing' };
        case 'key':
          return { kind: 'not-covered', eventSource: 'kms.amazonaws.com', eventName: 'PutKeyPolicy' };
        case 'failed':
          return { kind: 'ignored', cause: 'failed-call' };
        case 'fault':
          throw new Error('the disk is full');
        default:
          return { kind: 'ignored', cause: 'not-a-policy-event' };
      }
    },
    async rollback() {
      log.push('roll back');
      writes.push('own write');
      return outcomes.shift() ?? { kind: 'rolled-back', finding: madeFinding(), calls: [] };
    },
  };
  return {
    log,
    dependencies: {
      guard,
      account: {
        applyRecord: (record) => {
          log.push(`apply ${String(record)}`);
        },
        takeWrites() {
          const taken = writes;
          writes = [];
          return taken;
        },
      },
      setTime: (milliseconds) => {
        log.push(`time ${milliseconds}`);
      },
      rollback,
      onBadRecord: ({ source, path, message }) => {
        log.push(`bad ${source} ${path} ${message}`);
      },
      onFault: ({ source }, error) => {
        log.push(`fault ${source} ${error instanceof Error ? error.message : ''}`);
      },
    },
  };
}

async function* trail(...values: string[]): AsyncGenerator<TrailRecord> {
  for (const [index, value] of values.entries()) {
    yield {
      time: index * 1000,
      eventId: `${index}`,
      value,
      place: { source: 'a.json', path: `$.Records[${index}]` },
    };
  }
}

describe('runReplay', () => {
  it('sets the time, lets the account do what the record says, then asks the guard', async () => {
    const { log, dependencies } = world();

    await runReplay(trail('other'), emptyCounts(), dependencies);

    expect(log.slice(0, 3)).toEqual(['time 0', 'apply other', 'handle other']);
  });

  it('carries a rollback out and gives the guard its own writes as records', async () => {
    const { log, dependencies } = world();
    const counts = emptyCounts();

    await runReplay(trail('change'), counts, dependencies);

    expect(log.slice(2, 5)).toEqual(['handle change', 'roll back', 'handle own write']);
    expect(counts.rollbacks).toMatchObject({ done: 1 });
  });

  it('lets the hours pass in which digests fall due', async () => {
    const { log, dependencies } = world();

    await runReplay(trail('other'), emptyCounts(), dependencies);

    expect(log.filter((line) => line.startsWith('time '))).toHaveLength(1 + 48);
  });

  it('carries nothing out when not told to', async () => {
    const { log, dependencies } = world({ rollback: false });

    await runReplay(trail('change'), emptyCounts(), dependencies);

    expect(log).not.toContain('roll back');
  });

  it('takes a partial restore up again, but not for ever', async () => {
    const partial: RollbackOutcome = { kind: 'partial', finding: madeFinding(), why: 'throttled' };
    const once = world({ outcomes: [partial] });
    const always = world({ outcomes: [partial, partial, partial, partial] });
    const [first, second] = [emptyCounts(), emptyCounts()];

    await runReplay(trail('change'), first, once.dependencies);
    await runReplay(trail('change'), second, always.dependencies);

    expect(first.rollbacks).toMatchObject({ done: 1, partial: 0 });
    expect(second.rollbacks).toMatchObject({ done: 0, partial: 1 });
    expect(always.log.filter((entry) => entry === 'roll back')).toHaveLength(3);
  });

  it('tells a bad record and a fault with their place, and goes on', async () => {
    const { log, dependencies } = world();
    const counts = emptyCounts();

    await runReplay(trail('odd', 'fault', 'failed', 'key', 'key', 'other'), counts, dependencies);

    expect(log).toContain('bad a.json $.Records[0].eventName is missing');
    expect(log).toContain('fault a.json the disk is full');
    expect(counts).toMatchObject({
      records: 6,
      badRecords: 1,
      faults: 1,
      failedCalls: 1,
      otherEvents: 1,
      lastTime: 5000,
    });
    expect([...counts.notCovered]).toEqual([['kms.amazonaws.com PutKeyPolicy', 2]]);
  });
});

describe('renderSummary', () => {
  it('says what was read, judged, found and not covered', () => {
    const counts = emptyCounts();
    counts.records = 3;
    counts.firstTime = 0;
    counts.lastTime = 1000;
    counts.notCovered.set('kms.amazonaws.com PutKeyPolicy', 2);
    counts.findings.set('a', madeFinding());

    expect(renderSummary(summarizeReplay(counts, { files: 1, bad: 0 }), 80)).toBe(
      `Read         3 records from 1 file, 1970-01-01T00:00:00Z to 1970-01-01T00:00:01Z
Judged       0 changes, 0 targets examined
Findings     1 ACTIVE
Not covered  kms.amazonaws.com PutKeyPolicy (2 times)
Skipped      0 failed calls, 0 other events
`,
    );
  });
});
