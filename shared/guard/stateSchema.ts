/** The state as JSON, and the codecs that a store needs to keep states and findings. */
import * as v from 'valibot';
import type { Finding } from '../findings/finding.ts';
import { findingSchema } from '../findings/findingSchema.ts';
import type { Codecs } from '../store/createStore.ts';
import { targetRefSchema } from '../store/targetSchema.ts';
import { STATE_SCHEMA_VERSION, type TargetState, type ToleratedVersion } from './state.ts';

const time = v.pipe(v.string(), v.isoTimestamp());

const kept = { contentHash: v.string(), snapshotHash: v.string(), at: time };
const accepted = v.strictObject({ ...kept, by: v.string(), why: v.string() });

const claim = v.strictObject({
  holder: v.string(),
  findingId: v.string(),
  offendingHash: v.string(),
  expectedHash: v.string(),
  expectedSnapshotHash: v.string(),
  startedAt: time,
  attempts: v.pipe(v.number(), v.integer(), v.minValue(1)),
  kind: v.picklist(['running', 'partial']),
});

const tolerated: v.GenericSchema<unknown, ToleratedVersion> = v.strictObject({
  ...kept,
  by: v.string(),
  isSole: v.exactOptional(v.literal(true)),
  under: v.exactOptional(v.lazy(() => tolerated)),
});

const stateSchema: v.GenericSchema<unknown, TargetState> = v.strictObject({
  schemaVersion: v.literal(STATE_SCHEMA_VERSION),
  target: targetRefSchema,
  uniqueId: v.exactOptional(v.string()),
  createdAt: v.exactOptional(v.string()),
  accepted: v.exactOptional(accepted),
  acceptedBefore: v.array(accepted),
  tolerated: v.exactOptional(tolerated),
  observed: v.exactOptional(v.strictObject(kept)),
  gone: v.exactOptional(v.strictObject({ at: time, accepted: v.exactOptional(accepted) })),
  openFindings: v.array(findingSchema),
  closedFindings: v.array(findingSchema),
  rollbacks: v.array(v.strictObject({ at: time, findingId: v.string() })),
  claim: v.exactOptional(claim),
});

/** What a store of the guard is made with. */
export const guardCodecs: Codecs<TargetState, Finding> = {
  state: { read: (value) => read(stateSchema, value) },
  entry: { read: (value) => read(findingSchema, value) },
};

function read<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown): Value {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`\`${v.getDotPath(issue) ?? '$'}\` does not fit schema version 1: ${issue.message}`);
}
