/**
 * A month of one account as a CloudTrail trail: an ordinary company's Terraform, CDK, EKS and Identity Center, and
 * eight harmful changes among them. It is made from public shapes of such events, and knows nothing of how a finding
 * is graded.
 */
import { createDice } from '../../scripts/dice.ts';
import {
  ACCOUNT,
  type Actor,
  DEPLOYERS,
  MONITORING,
  ORGANIZATION,
  REGION,
  SECURITY,
  TOOLING,
  uuid,
} from './account.ts';
import type { Call, Draw, Run } from './calls.ts';
import { ISSUER, runCluster } from './cluster.ts';
import { plant, repairs } from './harm.ts';
import { noise } from './noise.ts';
import { runIdentityCenter } from './permissionSets.ts';
import { changePlatform, setUpPlatform } from './platform.ts';
import { changeServices, firstServices, makeServices } from './services.ts';
import { deployStacks } from './stacks.ts';

export const MONTH_DAYS = 30;
const FROM = Date.parse('2026-10-01T00:00:00Z');
/** The first of October 2026 is a Thursday. */
const isWorkingDay = (day: number) => ![0, 6].includes((day + 4) % 7);

export type MonthRecord = {
  readonly eventID: string;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string;
  readonly requestParameters: unknown;
  readonly [field: string]: unknown;
};
export type Planted = { readonly eventId: string; readonly what: string; readonly why: string };
export type Month = { readonly records: readonly MonthRecord[]; readonly planted: readonly Planted[] };

/** What a configuration of the account says of it. */
export const MONTH_CONFIGURATION = {
  zoneOfTrust: {
    accounts: [ACCOUNT, TOOLING, SECURITY, MONITORING],
    organizations: [ORGANIZATION],
    services: ['*.amazonaws.com'],
    identityProviders: [
      { provider: 'token.actions.githubusercontent.com', claims: { sub: ['repo:acme-corp/*'] } },
      { provider: ISSUER },
    ],
  },
  deployers: DEPLOYERS,
  breakGlass: [`arn:aws:iam::${ACCOUNT}:role/break-glass`],
} as const;

/** Returns the month. Shape: records in order of time. The same seed gives the same month. */
export function makeMonth({ seed }: { readonly seed: number } = { seed: 1 }): Month {
  const dice = createDice(seed);
  const below = (limit: number) => Math.floor(dice() * limit);
  const draw: Draw = {
    number: below,
    one: (values) => values[below(values.length)] as (typeof values)[number], // invariant: nobody draws from nothing
  };
  const services = firstServices();
  const runs = [
    ...setUpPlatform(),
    ...runIdentityCenter(),
    ...makeServices(services),
    ...deployStacks(draw),
    ...runCluster(),
    ...changePlatform(),
    ...repairs(),
  ];
  for (let day = 0; day < MONTH_DAYS; day++) {
    if (day > 1 && isWorkingDay(day)) runs.push(...changeServices(services, day, draw));
    runs.push(...plant(day, services), ...noise(day, draw));
  }
  return recordsOf(runs);
}

/** A call takes a few seconds; runs that overlap do so in the records as well. */
function recordsOf(runs: readonly Run[]): Month {
  const timed = runs.flatMap(({ minute, actor, calls }) =>
    calls.map((call, index) => ({ time: FROM + minute * 60_000 + index * 3_000, actor, call })),
  );
  const planted: Planted[] = [];
  const records = timed
    .toSorted((one, other) => one.time - other.time)
    .map(({ time, actor, call }, index) => {
      const eventId = uuid(`event/${index}`);
      if (call.harm !== undefined) planted.push({ eventId, ...call.harm });
      return toRecord(eventId, time, actor, call);
    });
  return { records, planted };
}

function toRecord(eventID: string, time: number, actor: Actor, call: Call): MonthRecord {
  const { source, name, request, response, resources, isRead, errorCode, errorMessage } = call;
  return {
    eventVersion: '1.11',
    userIdentity: actor.identity,
    eventTime: new Date(time).toISOString().replace('.000', ''),
    eventSource: source,
    eventName: name,
    awsRegion: source === 'iam.amazonaws.com' ? 'us-east-1' : REGION,
    sourceIPAddress: actor.ip,
    userAgent: actor.agent,
    ...(errorCode === undefined ? {} : { errorCode, errorMessage }),
    requestParameters: request === null ? null : restyle(request, actor.style),
    responseElements: response ?? null,
    ...(resources === undefined ? {} : { resources }),
    requestID: uuid(`request/${eventID}`),
    eventID,
    readOnly: isRead === true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
  };
}

/** Policies are text in most requests, and each tool writes them in its own way. */
function restyle(value: unknown, style: Actor['style']): unknown {
  if (typeof value === 'string') return value.startsWith('{"Version"') ? rewritten(value, style) : value;
  if (Array.isArray(value)) return value.map((one) => restyle(one, style));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, restyle(one, style)]));
}

function rewritten(text: string, style: Actor['style']): string {
  if (style === 'plain') return text;
  if (style === 'console') return JSON.stringify(JSON.parse(text), null, 4);
  return JSON.stringify(sorted(JSON.parse(text)));
}

/** Terraform's `jsonencode` sorts the members of objects. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
