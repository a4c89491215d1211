/** One line of a batch → the check it asks for. Rows are independent: what is wrong with one is said in its answer. */
import * as v from 'valibot';
import { askOf, compare } from '../../shared/checks/controlPolicies.ts';
import type { Engine } from '../../shared/checks/index.ts';
import { type Verdict, withNotes } from '../../shared/checks/verdict.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import { locatePath, parseJson, pathOf } from '../../shared/policy/jsonDocument.ts';
import { isObject } from '../../shared/policy/reporter.ts';
import { accessSchema, notesOn } from '../input/parseAccess.ts';
import { resourceTypeSchema, trustedSchema } from '../input/parseNames.ts';
import { POLICY_TYPE_NAMES, type PolicyTypeName } from '../input/policyTypes.ts';
import { type DocumentProblem, readDocument } from './document.ts';

/** What a row is called in its answer; null when it gives no name that can be repeated. */
export type RowId = string | number | null;

export type Row = {
  readonly id: RowId;
  readonly ask: (engine: Engine) => Promise<Verdict>;
  readonly expected?: Verdict['result'];
  /** Statement indices, ascending. */
  readonly reasons?: readonly number[];
};

/** `column` counts from 1 in the line; `path` starts at the row. */
export type RowProblem = DocumentProblem;

export type RowReading =
  | { readonly ok: true; readonly row: Row }
  | { readonly ok: false; readonly id: RowId; readonly problems: readonly RowProblem[] };

/** A line read as JSON, or why it is none. */
type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly id: RowId; readonly problems: readonly RowProblem[] };

/** Returns the line's value, or its faults: not JSON, or keys written twice. */
export function readJson(text: string): JsonReading {
  const json = parseJson(text);
  if (json.ok) return json;
  const problems = json.problems.map(({ message, path, position }) => ({
    message,
    path,
    ...(position === undefined ? {} : { column: position.column }),
  }));
  // A key that is written twice leaves the row its name, unless that is the key.
  const isNamed = !json.problems.some(({ path }) => path === '$.id');
  return { ok: false, id: isNamed && 'value' in json ? idOf(json.value) : null, problems };
}

/** JSON's numbers beyond these lose digits: an answer would bear another id than its row. */
const isExact = (id: string | number) => typeof id === 'string' || !(Math.abs(id) > Number.MAX_SAFE_INTEGER);

const INDEX = 'must be the index of a statement, from 0';

const common = {
  id: v.pipe(
    v.union([v.string(), v.number()], 'must be a string or a number'),
    v.check(isExact, 'has more digits than a number keeps; write it as a string'),
  ),
  check: v.optional(v.string()),
  expected: v.optional(v.picklist(['PASS', 'FAIL', 'UNKNOWN'], 'must be PASS, FAIL or UNKNOWN')),
  reasons: v.optional(
    v.array(
      v.pipe(v.number(INDEX), v.integer(INDEX), v.minValue(0, INDEX)),
      'must be a list of statement indices',
    ),
  ),
  note: v.optional(v.unknown()),
  source: v.optional(v.unknown()),
};
/** What a row says that its verdict should be. */
const expectationSchema = v.pipe(
  v.object({ expected: common.expected, reasons: common.reasons }),
  v.transform(
    ({ expected, reasons }): Pick<Row, 'expected' | 'reasons'> => ({
      ...(expected === undefined ? {} : { expected }),
      ...(reasons === undefined ? {} : { reasons }),
    }),
  ),
);
const documentSchema = v.union(
  [v.string(), v.custom<object>((value) => typeof value === 'object' && value !== null)],
  'must be a policy document, or a string that holds one',
);
const typeSchema = v.picklist(POLICY_TYPE_NAMES, `must be one of ${POLICY_TYPE_NAMES.join(', ')}`);
const GROUPS = 'must be a list of groups, each with `actions`, `resources` or both';
const listSchema = v.pipe(v.array(accessSchema, GROUPS), v.minLength(1, GROUPS));
const groupSchema = v.pipe(
  accessSchema,
  v.transform((one) => [one]),
);
/** One group or a list of them; what is wrong within a group is said of its place. */
const groupsSchema = v.lazy((value): typeof listSchema | typeof groupSchema =>
  isObject(value) ? groupSchema : listSchema,
);

type Ask = Row['ask'];

/** Reads the document of a member; undefined when something is wrong with it, which is then kept. */
type ReadMember = (member: string, written: string | object, type: PolicyTypeName) => Policy | undefined;

type ReadRow = (value: unknown, context: { readonly id: RowId; readonly text: string }) => RowReading;

/** One kind of row: its members, and the question they make. */
function rowReader<Members extends v.ObjectEntries>(
  check: string,
  members: Members,
  toAsk: (row: v.InferOutput<v.StrictObjectSchema<Members, undefined>>, read: ReadMember) => Ask | undefined,
): ReadRow {
  const schema = v.strictObject(members);

  return (value, { id, text }) => {
    const parsed = v.safeParse(schema, value);
    if (!parsed.success) {
      return { ok: false, id, problems: parsed.issues.map((issue) => toProblem(issue, { text, check })) };
    }
    const problems: RowProblem[] = [];
    const ask = toAsk(parsed.output, (member, written, type) => {
      const isReference = member === 'existing';
      const document = readDocument(written, { path: `$.${member}`, text, type, isReference });
      if (document.ok) return document.policy;
      problems.push(...document.problems);
      return undefined;
    });
    if (ask === undefined) return { ok: false, id, problems };
    return { ok: true, row: { id, ask, ...v.parse(expectationSchema, parsed.output) } };
  };
}

const ROW_READERS: { readonly [check: string]: ReadRow } = {
  'no-new-access': rowReader(
    'no-new-access',
    { ...common, policyType: typeSchema, existing: documentSchema, new: documentSchema },
    (row, read) => {
      const existing = read('existing', row.existing, row.policyType);
      const updated = read('new', row.new, row.policyType);
      if (existing === undefined || updated === undefined) return undefined;
      return (engine) => compare(engine, existing, updated);
    },
  ),
  'access-not-granted': rowReader(
    'access-not-granted',
    { ...common, policyType: typeSchema, policy: documentSchema, access: groupsSchema },
    (row, read) => {
      const policy = read('policy', row.policy, row.policyType);
      return (
        policy &&
        (async (engine) =>
          withNotes(
            await askOf(policy, (asked) => engine.checkAccessNotGranted(asked, row.access)),
            notesOn(row.access),
          ))
      );
    },
  ),
  'no-public-access': rowReader(
    'no-public-access',
    {
      ...common,
      policyType: v.optional(v.literal('RESOURCE_POLICY', 'must be RESOURCE_POLICY'), 'RESOURCE_POLICY'),
      policy: documentSchema,
      resourceType: resourceTypeSchema,
    },
    (row, read) => {
      const policy = read('policy', row.policy, row.policyType);
      return policy && ((engine) => engine.checkNoPublicAccess(policy, row.resourceType));
    },
  ),
  'no-external-access': rowReader(
    'no-external-access',
    {
      ...common,
      policyType: v.optional(typeSchema, 'RESOURCE_POLICY'),
      policy: documentSchema,
      trusted: trustedSchema,
    },
    (row, read) => {
      const policy = read('policy', row.policy, row.policyType);
      return (
        policy && ((engine) => askOf(policy, (asked) => engine.checkNoExternalAccess(asked, row.trusted)))
      );
    },
  ),
};

/** Returns the check that the value of a line asks for, or what is wrong with it. `text` is the line, for places. */
export function readRow(value: unknown, text: string): RowReading {
  const id = idOf(value);
  const refuse = (problem: RowProblem): RowReading => ({ ok: false, id, problems: [problem] });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse({ message: 'a row must be a JSON object', path: '$', column: 1 });
  }
  const check = 'check' in value ? value.check : 'no-new-access';
  const read =
    typeof check === 'string' && Object.hasOwn(ROW_READERS, check) ? ROW_READERS[check] : undefined;
  if (read !== undefined) return read(value, { id, text });
  return refuse({
    message: `the check must be one of ${Object.keys(ROW_READERS).join(', ')}`,
    ...placeOf(text, '$.check'),
  });
}

/** Returns the name that the value of a line gives its row; null where it gives none that can be repeated. */
export function idOf(value: unknown): RowId {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  return (typeof value.id === 'string' || typeof value.id === 'number') && isExact(value.id)
    ? value.id
    : null;
}

function toProblem(
  issue: v.BaseIssue<unknown>,
  { text, check }: { text: string; check: string },
): RowProblem {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const path = keys.reduce<string>(
    (parent, key) => (typeof key === 'number' ? `${parent}[${key}]` : pathOf(parent, String(key))),
    '$',
  );
  const name = String(keys.at(-1));
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const where = keys.length > 1 ? 'known here' : `of a row for ${check}`;
    return { message: `\`${name}\` is no member ${where}`, ...placeOf(text, path) };
  }
  if (issue.input === undefined) return { message: `\`${name}\` is missing`, path, column: 1 };
  return { message: issue.message, ...placeOf(text, path) };
}

function placeOf(text: string, path: string): { path: string; column: number } {
  return { path, column: locatePath(text, path)?.start.column ?? 1 };
}
