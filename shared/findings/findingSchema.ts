/** The finding as JSON: what is kept, published and read back. A value that does not fit is refused, not mended. */
import * as v from 'valibot';
import { LEVELS } from '../reference/reference.ts';
import { targetRefSchema } from '../store/targetSchema.ts';
import { FINDING_SCHEMA_VERSION, type Finding, SEVERITIES } from './finding.ts';

const time = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const texts = v.array(v.string());

const line = v.strictObject({ number: v.exactOptional(count), text: v.string() });

const statement = v.strictObject({
  document: v.exactOptional(v.string()),
  statementIndex: count,
  statementId: v.exactOptional(v.string()),
  description: v.string(),
  lines: v.array(line),
});

const request = v.strictObject({
  principal: v.exactOptional(
    v.strictObject({
      type: v.picklist(['AWS', 'Service', 'Federated', 'CanonicalUser', 'Anonymous']),
      value: v.string(),
    }),
  ),
  action: v.string(),
  resource: v.string(),
  context: v.record(v.string(), texts),
});

/** Who and when, as a finding and a timeline keep it. */
export const findingChangeSchema = v.strictObject({
  eventId: v.string(),
  eventName: v.string(),
  eventSource: v.string(),
  eventTime: v.string(),
  actorArn: v.string(),
  actorId: v.string(),
  sessionName: v.exactOptional(v.string()),
  invokedBy: v.exactOptional(v.string()),
  sourceIp: v.exactOptional(v.string()),
});

const action = v.strictObject({
  kind: v.picklist(['observed', 'waiting', 'planned', 'done', 'partial', 'declined']),
  why: v.string(),
  isOpen: v.exactOptional(v.literal(true)),
  calls: v.exactOptional(texts),
  at: time,
});

const severity = v.picklist(SEVERITIES);

const told = {
  grade: severity,
  sources: texts,
  title: v.string(),
  message: v.string(),
  witness: v.exactOptional(request),
  statements: v.array(statement),
  removedDenies: v.array(statement),
  notes: texts,
  consequences: v.exactOptional(
    v.array(
      v.strictObject({
        id: v.string(),
        grade: severity,
        says: v.string(),
        isWhole: v.exactOptional(v.literal(true)),
        technique: v.string(),
        calls: v.array(request),
      }),
    ),
  ),
  added: v.exactOptional(
    v.array(
      v.strictObject({
        grade: severity,
        service: v.string(),
        level: v.picklist(LEVELS),
        isOnEverything: v.boolean(),
        actions: texts,
        resources: texts,
        call: request,
      }),
    ),
  ),
};

/** What a step is asked; a finding may also be about the guard's own work. */
const QUESTIONS = [
  'no-new-access',
  'access-not-granted',
  'no-public-access',
  'no-external-access',
  'dormant-access',
  'document',
] as const;

const addition = v.strictObject({
  check: v.picklist(QUESTIONS),
  listName: v.exactOptional(v.string()),
  result: v.picklist(['FAIL', 'UNKNOWN']),
  possible: v.boolean(),
  by: v.exactOptional(v.array(v.string())),
  isInitial: v.exactOptional(v.literal(true)),
  isGuess: v.exactOptional(v.literal(true)),
  isBeside: v.exactOptional(v.literal(true)),
  count: v.exactOptional(v.number()),
  versions: v.strictObject({ before: v.exactOptional(v.string()), after: v.string() }),
  now: v.picklist(['granted', 'dormant', 'gone', 'unknown']),
  cause: v.exactOptional(v.string()),
  decidedBy: v.exactOptional(v.picklist(['atoms', 'z3'])),
  ...told,
  left: v.exactOptional(v.strictObject(told)),
});

const step = v.strictObject({
  life: v.string(),
  parts: texts,
  at: time,
  firstAt: v.exactOptional(time),
  isNew: v.exactOptional(v.literal(true)),
  isGuess: v.exactOptional(v.literal(true)),
});

export const findingSchema: v.GenericSchema<unknown, Finding> = v.strictObject({
  schemaVersion: v.literal(FINDING_SCHEMA_VERSION),
  id: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  target: targetRefSchema,
  check: v.picklist([
    ...QUESTIONS,
    'parameters-omitted',
    'guard-touched',
    'expired-exception',
    'rollback-breaker',
  ]),
  listName: v.exactOptional(v.string()),
  result: v.picklist(['FAIL', 'UNKNOWN', 'NOTICE']),
  severity,
  status: v.picklist(['ACTIVE', 'RESOLVED', 'ROLLED_BACK', 'APPROVED', 'SUPPRESSED', 'SUPERSEDED']),
  statusWhy: v.exactOptional(v.string()),
  title: v.string(),
  message: v.string(),
  cause: v.exactOptional(v.string()),
  witness: v.exactOptional(request),
  statements: v.array(statement),
  removedDenies: v.array(statement),
  notes: texts,
  decidedBy: v.exactOptional(v.picklist(['atoms', 'z3'])),
  acceptedHash: v.string(),
  liveHash: v.string(),
  versions: v.exactOptional(v.strictObject({ accepted: v.exactOptional(v.string()), live: v.string() })),
  step: v.exactOptional(step),
  additions: v.exactOptional(v.array(addition)),
  change: v.exactOptional(findingChangeSchema),
  others: v.exactOptional(v.array(findingChangeSchema)),
  carriers: v.exactOptional(v.array(findingChangeSchema)),
  holders: v.exactOptional(texts),
  action,
  suppression: v.exactOptional(
    v.strictObject({ owner: v.string(), reason: v.string(), expires: v.string() }),
  ),
  approval: v.exactOptional(v.strictObject({ who: v.string(), why: v.string(), at: time })),
  acceptWith: v.string(),
  undoWith: v.string(),
  openedAt: time,
  updatedAt: time,
  closedAt: v.exactOptional(time),
  occurrences: count,
  revision: count,
  newsRevision: v.exactOptional(count),
  publishedRevision: count,
  publishedTo: v.exactOptional(v.record(v.string(), count)),
});
