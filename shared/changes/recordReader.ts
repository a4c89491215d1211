/** CloudTrail records → changes. Reads what a record says and never throws: a record that cannot be read says where. */

import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { parseArn, partitionOf } from '../policy/arn.ts';
import { decodePolicyDocument } from '../policy/parsePolicy.ts';
import type { TargetRef } from '../targets/target.ts';
import type { Actor, Change, ChangeEvent, RecordReading } from './change.ts';
import { type Edit, hidden } from './edit.ts';
import {
  type EventRow,
  type NamedEvents,
  namesEvent,
  type SelfProtectionRow,
  type ServiceEvents,
} from './eventRow.ts';
import type { EventFields, Fields } from './fields.ts';

const fields = v.record(v.string(), v.unknown());

/** What every record of an API call has. Source: CloudTrail User Guide, "CloudTrail record contents". */
const recordSchema = v.object({
  /** Records of the first format lack it now and then. */
  eventID: v.optional(v.string()),
  eventName: v.string(),
  eventSource: v.string(),
  eventTime: v.string(),
  awsRegion: v.string(),
  sharedEventID: v.optional(v.string()),
  recipientAccountId: v.optional(v.string()),
  errorCode: v.optional(v.string()),
  readOnly: v.optional(v.union([v.boolean(), v.string()])),
  requestParameters: v.nullish(fields),
  responseElements: v.nullish(fields),
  resources: v.nullish(v.array(fields)),
  userIdentity: v.optional(fields),
  sourceIPAddress: v.optional(v.string()),
  userAgent: v.optional(v.string()),
});

type CloudTrailRecord = v.InferOutput<typeof recordSchema>;

/** What the reader knows of events: the services' tables, and the calls that may touch the guard itself. */
type EventTables = {
  readonly services: readonly ServiceEvents[];
  readonly named: readonly NamedEvents[];
  readonly selfProtection: readonly SelfProtectionRow[];
};

/** Returns a reader that says what a record (bare, or as `detail` of an EventBridge event) is. */
export function recordReader({
  services,
  named,
  selfProtection,
}: EventTables): (value: unknown) => RecordReading {
  const namedBySource = new Map(named.map(({ source, names }) => [source, names]));
  const bySource = new Map(services.map((service) => [service.source, service]));
  const ownBySource = Map.groupBy(selfProtection, ({ source }) => source);
  return (value) => {
    const bare = unwrap(value);
    const quick = v.safeParse(v.object({ eventName: v.string(), eventSource: v.string() }), bare);
    if (!quick.success) return malformed(quick.issues);
    const { eventName, eventSource } = quick.output;
    const { rows: all = [] } = bySource.get(eventSource) ?? {};
    const rows = all.filter(({ name }) => namesEvent(name, eventName));
    const ownRows =
      rows.length > 0
        ? []
        : (ownBySource.get(eventSource) ?? []).filter(({ name }) => namesEvent(name, eventName));
    const isNamed = (namedBySource.get(eventSource) ?? []).some((name) => namesEvent(name, eventName));
    if (rows.length === 0 && ownRows.length === 0) {
      if (hasError(bare)) return { kind: 'ignored', cause: 'failed-call' };
      return isNamed
        ? { kind: 'not-covered', eventSource, eventName }
        : { kind: 'ignored', cause: 'not-a-policy-event' };
    }
    const parsed = v.safeParse(recordSchema, bare);
    if (!parsed.success) return malformed(parsed.issues);
    const reading = toChange(parsed.output, rows, ownRows);
    return isNamed && reading.kind === 'change'
      ? { kind: 'change', change: { ...reading.change, isNamed } }
      : reading;
  };
}

function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('detail' in value) || 'eventName' in value)
    return value;
  return value.detail;
}

function hasError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'errorCode' in value && value.errorCode !== undefined;
}

function malformed(issues: readonly v.BaseIssue<unknown>[]): RecordReading {
  const [issue] = issues;
  const path = issue === undefined ? null : v.getDotPath(issue as v.BaseIssue<unknown>);
  return {
    kind: 'malformed',
    path: path === null ? '$' : `$.${path}`,
    message: 'not a cloudtrail record: a field is missing or of the wrong type',
  };
}

function toChange(
  record: CloudTrailRecord,
  rows: readonly EventRow[],
  ownRows: readonly SelfProtectionRow[],
): RecordReading {
  if (record.errorCode !== undefined) return { kind: 'ignored', cause: 'failed-call' };
  const identity = record.userIdentity ?? {};
  const accountId =
    record.recipientAccountId ?? textOf(identity['accountId']) ?? accountOf(textOf(identity['arn']));
  if (accountId === undefined) {
    return {
      kind: 'malformed',
      path: '$.recipientAccountId',
      message: 'the record does not say in which account it happened',
    };
  }
  const request = record.requestParameters ?? {};
  const parametersOmitted = isOmitted(request);
  const region = record.awsRegion;
  const found: EventFields = {
    request,
    response: record.responseElements ?? {},
    resources: (record.resources ?? []).flatMap(({ ARN: arn }) => (typeof arn === 'string' ? [arn] : [])),
    accountId,
    region,
    partition: partitionOf(region),
  };
  const targets: TargetRef[] = [];
  const edits: Edit[] = [];
  for (const row of rows) {
    const arn = row.target(found);
    const owner = arn === undefined ? undefined : ownerOf(arn, record.resources ?? []);
    // A call across accounts is recorded in both; whoever owns the resource can read it, and judges it.
    if (owner !== undefined && owner !== accountId)
      return { kind: 'ignored', cause: 'resource-of-another-account' };
    // Cut parameters name nothing; the change is told all the same, with no target to look at.
    if (arn !== undefined) {
      targets.push({ kind: row.kind, arn, accountId, region });
      edits.push((parametersOmitted ? hidden : (row.edit ?? hidden))(found));
    } else if (!parametersOmitted) {
      return {
        kind: 'malformed',
        path: `$.${row.needs}`,
        message: `\`${record.eventName}\` without \`${row.needs}\` does not say what changed`,
      };
    }
  }
  const touched = ownRows.flatMap((row) => row.touched(found)).filter((arn) => arn !== undefined);
  return {
    kind: 'change',
    change: {
      event: toEvent(record, accountId, identity),
      targets,
      ...(ownRows.length === 0 ? {} : { touched }),
      edits,
      ...shownBy(edits[0]),
      // What changes no policy hides none.
      parametersOmitted: parametersOmitted && rows.length > 0,
    },
  };
}

/** Returns the document inside the event, as the first target's edit has it. */
function shownBy(edit: Edit | undefined): Pick<Change, 'document'> {
  const [to] = (edit?.touches ?? []).flatMap((touch) => (typeof touch.to === 'object' ? [touch.to] : []));
  return to !== undefined && 'document' in to ? { document: decodePolicyDocument(to.document) } : {};
}

/**
 * Returns the account that owns the resource, where its ARN or the record's list of resources says.
 * Source: CloudTrail User Guide, "CloudTrail record contents": `resources`, `sharedEventID`.
 */
function ownerOf(arn: string, resources: readonly Fields[]): string | undefined {
  const named = parseArn(arn).accountId;
  if (/^\d{12}$/.test(named)) return named;
  return textOf(resources.find((resource) => resource['ARN'] === arn)?.['accountId']);
}

function toEvent(record: CloudTrailRecord, accountId: string, identity: Fields): ChangeEvent {
  return {
    eventId: record.eventID ?? digestOf(record),
    ...(record.sharedEventID === undefined ? {} : { sharedEventId: record.sharedEventID }),
    eventName: record.eventName,
    eventSource: record.eventSource,
    eventTime: record.eventTime,
    accountId,
    region: record.awsRegion,
    actor: toActor(identity, record),
  };
}

/** A name for a record without one: equal for equal records, so that a repeat is still a repeat. */
function digestOf(record: CloudTrailRecord): string {
  return createHash('sha256').update(JSON.stringify(record)).digest('hex').slice(0, 32);
}

/** A role's session is the role's doing: its issuer is the actor, the session's name is told beside it. */
function toActor(identity: Fields, record: CloudTrailRecord): Actor {
  const context = asFields(identity['sessionContext']);
  const issuer = asFields(context['sessionIssuer']);
  const principalId = textOf(identity['principalId']) ?? '';
  const [uniqueId = '', sessionName] = principalId.split(':');
  const invokedBy = textOf(identity['invokedBy']);
  return {
    arn: textOf(issuer['arn']) ?? textOf(identity['arn']) ?? '',
    uniqueId:
      textOf(issuer['principalId']) ?? (uniqueId === '' ? (textOf(identity['accountId']) ?? '') : uniqueId),
    ...(sessionName === undefined ? {} : { sessionName }),
    ...(invokedBy === undefined ? {} : { invokedBy }),
    ...(record.sourceIPAddress === undefined ? {} : { sourceIp: record.sourceIPAddress }),
    ...(record.userAgent === undefined ? {} : { userAgent: record.userAgent }),
  };
}

/** CloudTrail's marker for parameters over its limit; `omitted` has been seen as a boolean and as a text. */
function isOmitted(request: Fields): boolean {
  return (
    (request['omitted'] === true || request['omitted'] === 'true') && typeof request['reason'] === 'string'
  );
}

function accountOf(arn: string | undefined): string | undefined {
  const { accountId } = parseArn(arn ?? '');
  return accountId === '' ? undefined : accountId;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
