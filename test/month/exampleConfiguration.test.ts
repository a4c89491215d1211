/** That the shipped example says nothing foolish of a healthy month, but for its zone of trust, which is the account's. */
import { readFileSync } from 'node:fs';
import { evaluate, parse } from '@humanwhocodes/momoa';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyCounts, type ReplayCounts } from '../../cli/replay/runReplay.ts';
import { nameOf } from '../../shared/findings/consequence.ts';
import { MONTH_CONFIGURATION, makeMonth } from './makeMonth.ts';
import { playMonth } from './playMonth.ts';

const { records, planted } = makeMonth({ seed: 1 });
const harmful = new Set(planted.map(({ eventId }) => eventId));
const healthy = records.filter(({ eventID }) => !harmful.has(eventID));
const text = readFileSync(new URL('../../shared/runtime/config.example.jsonc', import.meta.url), 'utf8');
const example = evaluate(parse(text, { mode: 'jsonc', allowTrailingCommas: true })) as object;
let counts: ReplayCounts = emptyCounts();

beforeAll(async () => {
  const { zoneOfTrust, deployers } = MONTH_CONFIGURATION;
  counts = await playMonth(healthy, { ...example, zoneOfTrust, deployers });
}, 600_000);

/** Whoever administers the account: each is on the list of administration, rightly. */
const ADMINISTRATORS = [
  'acme-ops-automation',
  'acme-terraform',
  'break-glass',
  'cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1',
];
const isAdministrator = (name: string) =>
  ADMINISTRATORS.includes(name) || /^(AWSReservedSSO_PlatformAdmin_|ps-6a61f57b62b347d1$)/.test(name);

describe('the example configuration on a healthy month', () => {
  it('names on its lists administrators only', () => {
    const listed = [...counts.findings.values()].filter(({ additions = [] }) =>
      additions.some(({ check }) => check === 'access-not-granted'),
    );

    expect(listed.map(({ target }) => nameOf(target.arn)).filter((name) => !isAdministrator(name))).toEqual(
      [],
    );
    expect(listed.length).toBeGreaterThan(0);
  });

  it('tells the first look in one message', () => {
    const looks = counts.told.filter(({ findingIds }) =>
      findingIds.some((id) => counts.findings.get(id)?.change === undefined),
    );

    expect(looks.filter(({ form }) => form === 'burst' || form === 'interrupt')).toHaveLength(1);
  });

  it('interrupts for no more than the month’s own configuration does', () => {
    const interrupts = counts.told.filter(({ form }) => form === 'interrupt' || form === 'burst');

    expect(interrupts.length).toBeLessThanOrEqual(4);
  });

  it('restores nothing', () => {
    const restores = [...counts.findings.values()].filter(
      ({ status, action }) =>
        status === 'ROLLED_BACK' || ['done', 'planned', 'partial'].includes(action.kind),
    );

    expect(restores.map(({ title }) => title)).toEqual([]);
  });
});
