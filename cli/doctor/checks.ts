/** What a deployment needs in a Region, one check each: what is asked, how, and what to do where it is missing. */
import { GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeRuleCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { sweepProgressKey, sweepProgressSchema } from '../../functions/sweep/sweep.ts';
import type { Check, CheckReport, DoctorClients, Place, Seen } from './check.ts';
import { findTrails } from './findTrails.ts';
import { preflightChecks, type Wanted } from './preflight.ts';
import { type StackPart, stackParts } from './stackParts.ts';

const HOUR_MS = 3_600_000;
/** One begins each day, and may take several turns. */
const LOOK_MS = 48 * HOUR_MS;

const CHECKS: readonly Check[] = [
  {
    name: 'trail',
    remedy: 'create and start a multi-Region trail that logs management events; without one no event arrives',
    async ask({ cloudTrail }, { region }) {
      const trails = await findTrails(cloudTrail, region);
      const logging = trails.filter(({ isLogging, logsWrites }) => isLogging && logsWrites);
      if (logging.length > 0) return { ok: true, seen: logging.map(({ name }) => name).join(', ') };
      const why = trails.map(
        ({ name, isLogging }) =>
          `${name} ${isLogging ? 'logs no management events that write' : 'is stopped'}`,
      );
      return { ok: false, seen: why.join('; ') || 'no trail covers this Region' };
    },
  },
  {
    name: 'events left out',
    remedy: 'remove the exclusions from the trail; the guard never sees what it leaves out',
    async ask({ cloudTrail }, { region }) {
      const trails = await findTrails(cloudTrail, region);
      const logging = trails.filter(({ isLogging, logsWrites }) => isLogging && logsWrites);
      if (logging.length === 0) return { ok: false, seen: 'no trail logs' };
      const [first, ...others] = logging.map(({ excluded }) => excluded);
      const out = (first ?? []).filter((source) => others.every((list) => list.includes(source)));
      return { ok: out.length === 0, seen: out.length === 0 ? 'none' : out.join(', ') };
    },
  },
  {
    name: 'rules',
    remedy: 'enable the rules, or deploy the stack again where targets are gone',
    async ask({ eventBridge }, _, parts) {
      const rules = parts.filter(({ type }) => type === 'AWS::Events::Rule');
      const faults: string[] = [];
      for (const { id, physicalId } of rules) {
        // A rule of another bus than the default one is `bus|rule`.
        const [name = '', bus] = physicalId.split('|').reverse();
        const on = bus === undefined ? {} : { EventBusName: bus };
        const { State } = await eventBridge.send(new DescribeRuleCommand({ Name: name, ...on }));
        const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule: name, ...on }));
        if (State === 'DISABLED') faults.push(`${id} is disabled`);
        if (Targets.length === 0) faults.push(`${id} has no target`);
      }
      if (rules.length === 0) return { ok: false, seen: 'the stack has no rules' };
      return { ok: faults.length === 0, seen: faults.join('; ') || `${rules.length} enabled, with targets` };
    },
  },
  {
    name: 'subscriber',
    remedy: 'subscribe to the topic FindingsTopic and confirm; until then nobody gets the findings',
    async ask({ sns: client }, _, parts) {
      const TopicArn = partNamed(parts, 'FindingsTopic');
      let [confirmed, pending] = [0, 0];
      for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
        for (const { SubscriptionArn = '' } of Subscriptions) {
          // One that waits has words for an ARN.
          if (SubscriptionArn.startsWith('arn:')) confirmed++;
          else pending++;
        }
      }
      return { ok: confirmed > 0, seen: `${confirmed} confirmed, ${pending} not confirmed` };
    },
  },
  {
    name: 'dead letters',
    remedy: 'read the log of its function; docs/alarms.md says what to do for each queue',
    async ask({ sqs }, _, parts) {
      const queues = parts.filter(({ id }) => id.endsWith('DeadLetters'));
      const full: string[] = [];
      for (const { id, physicalId } of queues) {
        const { Attributes } = await sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl: physicalId,
            AttributeNames: ['ApproximateNumberOfMessages'],
          }),
        );
        const waiting = Number(Attributes?.['ApproximateNumberOfMessages'] ?? Number.NaN);
        if (waiting !== 0) full.push(`${id} holds ${waiting}`);
      }
      if (queues.length === 0) return { ok: false, seen: 'the stack has no queues for them' };
      return { ok: full.length === 0, seen: full.join('; ') || `${queues.length} queues, all empty` };
    },
  },
  {
    name: 'heartbeat',
    remedy: 'look at the schedule and the log of sweep; after a first deployment wait for 15 minutes',
    async ask({ cloudWatch }, { now, stack }) {
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: `Ratchet/${stack}`,
          MetricName: 'SweepTurns',
          StartTime: new Date(now.getTime() - HOUR_MS),
          EndTime: now,
          Period: 3600,
          Statistics: ['Sum'],
        }),
      );
      const turns = Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
      return { ok: turns > 0, seen: `${turns} turns of the sweep within the hour` };
    },
  },
  {
    name: 'last look',
    remedy: 'read the log of sweep',
    async ask({ s3 }, { accountId, region, now }, parts) {
      const at = {
        Bucket: partNamed(parts, 'VersionsBucket'),
        Key: sweepProgressKey({ accountId, region }),
      };
      const text = await s3.send(new GetObjectCommand(at)).then(
        ({ Body }) => Body?.transformToString('utf-8'),
        (error) => {
          if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
          throw error;
        },
      );
      if (text === undefined) {
        const remedy = 'wait for the first turn of the sweep, at most 15 minutes after the deployment';
        return { ok: false, seen: 'there was none yet', remedy };
      }
      const {
        startedAt,
        examined,
        faults,
        firstFault = '',
      } = v.parse(v.pipe(v.string(), v.parseJson(), sweepProgressSchema), text);
      const lost = faults === 0 ? 'none lost' : `${faults} could not be looked at, first ${firstFault}`;
      const seen = `begun ${startedAt}, ${examined} targets, ${lost}`;
      if (now.getTime() - Date.parse(startedAt) >= LOOK_MS) {
        const remedy =
          'see that the schedule is enabled and the sweep not throttled; its log says why a turn ended';
        return { ok: false, seen, remedy };
      }
      return { ok: faults === 0, seen, remedy: remedyOfFault(firstFault) };
    },
  },
];

/** What helps depends on what AWS answered. */
function remedyOfFault(fault: string): string {
  if (/AssumeRole/i.test(fault))
    return 'deploy the template of members into that account, or take it out of `members` of the configuration';
  if (/AccessDenied|not authorized/i.test(fault))
    return 'see which policy denies it: a control policy, or a resource policy that keeps the guard out';
  if (/Throttl|TooManyRequests|Rate exceeded/i.test(fault))
    return 'nothing if it is rare: the next sweep retries';
  return 'read the log of sweep; each target that could not be looked at has a line with what AWS answered';
}

function partNamed(parts: readonly StackPart[], name: string): string {
  const part = parts.find(({ id }) => id === name);
  if (part === undefined) throw new Error(`the stack has no \`${name}\``);
  return part.physicalId;
}

/** Returns the reports of one Region, in the order of the checks. Never throws for what AWS answers. */
export async function examineRegion(clients: DoctorClients, place: Place): Promise<readonly CheckReport[]> {
  const { region, stack } = place;
  let parts: readonly StackPart[];
  try {
    parts = await stackParts(clients.cloudFormation, stack);
  } catch (error) {
    const isAbsent = error instanceof Error && error.message.includes('does not exist');
    if (!isAbsent) {
      const remedy = 'use credentials that may call cloudformation:ListStackResources';
      return [{ region, check: 'stack', state: 'unknown', seen: say(error), remedy }];
    }
    const remedy = `deploy it with \`npm run deploy\`, or name another with --stack; below is what a deployment needs`;
    const absent: CheckReport = { region, check: 'stack', state: 'missing', seen: say(error), remedy };
    return [absent, ...(await examineBefore(clients, place)).filter(({ check }) => check !== 'stack')];
  }
  const reports: CheckReport[] = [
    { region, check: 'stack', state: 'ok', seen: `${stack}, ${parts.length} resources` },
  ];
  for (const { name, remedy, ask } of CHECKS)
    reports.push(await report(name, remedy, () => ask(clients, place, parts), region));
  return reports;
}

/** Returns the reports of a Region that the guard is to be deployed into. Never throws for what AWS answers. */
export async function examineBefore(
  clients: DoctorClients,
  place: Place,
  wanted?: Wanted,
): Promise<readonly CheckReport[]> {
  const reports: CheckReport[] = [];
  const ofTrails = CHECKS.filter(({ name }) => ['trail', 'events left out'].includes(name));
  for (const { name, remedy, ask } of [...preflightChecks(wanted), ...ofTrails])
    reports.push(await report(name, remedy, () => ask(clients, place, []), place.region));
  return reports;
}

async function report(
  check: string,
  remedy: string,
  ask: () => Promise<Seen>,
  region: string,
): Promise<CheckReport> {
  try {
    const { ok, seen, remedy: own = remedy } = await ask();
    return ok ? { region, check, state: 'ok', seen } : { region, check, state: 'missing', seen, remedy: own };
  } catch (error) {
    return { region, check, state: 'unknown', seen: say(error), remedy: remedyOfAnswer(error) };
  }
}

/** What helps where AWS did not answer a check. */
function remedyOfAnswer(error: unknown): string {
  const name = error instanceof Error ? `${error.name} ${error.message}` : '';
  if (/AccessDenied|not authorized|Unauthorized/i.test(name))
    return 'use credentials that may read it, such as those with `infra/deployer.json`';
  if (/ExpiredToken|InvalidClientTokenId|Credentials/i.test(name)) return 'sign in again';
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|Timeout/i.test(name))
    return 'AWS could not be reached: check the network or proxy and try again';
  return 'try again; if AWS gives the same answer, its message says what is wrong';
}

/** What AWS answered, in one line. */
export function say(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.replace(/\s+/g, ' ') : String(error);
}
