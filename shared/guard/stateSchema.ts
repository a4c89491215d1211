/** The state as JSON, and the codecs that a store needs to keep states and findings. */
import * as v from 'valibot';
import { DOCUMENT_ROLES } from '../checks/proveRestore.ts';
import type { Finding } from '../findings/finding.ts';
import { findingChangeSchema, findingSchema } from '../findings/findingSchema.ts';
import type { Codecs } from '../store/createStore.ts';
import { targetRefSchema } from '../store/targetSchema.ts';
import { migrateFinding, migrateState } from './migrate.ts';
import { STATE_SCHEMA_VERSION, type TargetState } from './state.ts';

const ms = v.number();
const part = v.strictObject({
  id: v.string(),
  role: v.picklist(DOCUMENT_ROLES),
  uid: v.exactOptional(v.string()),
  text: v.string(),
  form: v.string(),
  statements: v.exactOptional(v.array(v.string())),
  without: v.exactOptional(v.array(v.string())),
});
const content = v.strictObject({
  exists: v.boolean(),
  uniqueId: v.exactOptional(v.string()),
  parts: v.array(part),
  snapshot: v.exactOptional(v.string()),
});
const read = v.strictObject({
  kind: v.literal('read'),
  at: ms,
  content,
  createdAt: v.exactOptional(ms),
});
const edit = v.strictObject({
  kind: v.literal('edit'),
  at: ms,
  change: findingChangeSchema,
  life: v.picklist(['made', 'found-or-made', 'ended', 'kept']),
  isWhole: v.boolean(),
  uniqueId: v.exactOptional(v.string()),
  isOwn: v.exactOptional(v.literal(true)),
  touches: v.array(
    v.strictObject({
      part: v.string(),
      to: v.union([v.literal('gone'), v.literal('hidden'), part]),
      adds: v.exactOptional(v.string()),
      statements: v.exactOptional(v.array(v.string())),
      addsOnly: v.exactOptional(v.literal(true)),
      lacks: v.exactOptional(v.string()),
      takes: v.exactOptional(part),
      heldBy: v.exactOptional(v.string()),
      names: v.exactOptional(v.strictObject({ comes: v.array(v.string()), goes: v.array(v.string()) })),
    }),
  ),
});
const writer = v.strictObject({
  at: ms,
  by: v.array(findingChangeSchema),
  isShown: v.boolean(),
  isBeside: v.exactOptional(v.literal(true)),
});

const timeline = v.strictObject({
  horizon: v.variant('kind', [
    v.strictObject({
      kind: v.literal('read'),
      read,
      lives: v.number(),
      predecessor: v.exactOptional(content),
    }),
    v.strictObject({ kind: v.literal('nothing'), since: ms }),
    v.strictObject({ kind: v.literal('unknown') }),
  ]),
  entries: v.array(v.variant('kind', [edit, read])),
  writers: v.record(v.string(), writer),
  foldedIds: v.array(v.string()),
});

const stateSchema: v.GenericSchema<unknown, TargetState> = v.strictObject({
  schemaVersion: v.literal(STATE_SCHEMA_VERSION),
  target: targetRefSchema,
  timeline,
  legacy: v.exactOptional(v.strictObject({ snapshot: v.string(), at: ms })),
  openFindings: v.array(findingSchema),
  closedFindings: v.array(findingSchema),
  // A state from before they were kept has its approvals in its closed findings, for a day.
  approvals: v.optional(v.record(v.string(), ms), {}),
  restores: v.array(
    v.strictObject({
      at: ms,
      findingIds: v.array(v.string()),
      says: v.exactOptional(v.string()),
      forms: v.exactOptional(v.string()),
      isUnsent: v.exactOptional(v.literal(true)),
      isUnwritten: v.exactOptional(v.literal(true)),
    }),
  ),
  claim: v.exactOptional(
    v.strictObject({
      holder: v.string(),
      digest: v.string(),
      findingIds: v.array(v.string()),
      startedAt: ms,
    }),
  ),
  goneSince: v.exactOptional(ms),
  mode: v.strictObject({ mode: v.picklist(['observe', 'rollback']), since: ms }),
  settings: v.array(
    v.strictObject({
      since: ms,
      hash: v.string(),
      questions: v.record(v.string(), v.string()),
      // A state without it was written before it was remembered.
      groupingMs: v.optional(ms, 900_000),
    }),
  ),
});

/** What a store of the guard is made with. States and findings of the first edition are read as what they mean now. */
export const guardCodecs: Codecs<TargetState, Finding> = {
  state: { read: (value) => parse(stateSchema, migrateState(value)) },
  entry: { read: (value) => parse(findingSchema, migrateFinding(value)) },
};

function parse<Value>(schema: v.GenericSchema<unknown, Value>, value: unknown): Value {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(
    `\`${v.getDotPath(issue) ?? '$'}\` does not fit schema version ${STATE_SCHEMA_VERSION}: ${issue.message}`,
  );
}
