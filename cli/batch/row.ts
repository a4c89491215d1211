/** One line of a batch → the check it asks for. Rows are independent: what is wrong with one is said in its answer. */
import * as v from 'valibot';
import type { Engine } from '../../shared/checks/index.ts';
import type { Verdict } from '../../shared/checks/verdict.ts';
import { locatePath, parseJson, pathOf } from '../../shared/policy/jsonDocument.ts';
import { accessSchema } from '../input/parseAccess.ts';
import { resourceTypeSchema, trustedSchema } from '../input/parseNames.ts';
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
export type JsonReading =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly id: RowId; readonly problems: readonly RowProblem[] };

/** Returns the line's value, or its first fault: not JSON, or a key written twice. */
export function readJson(text: string): JsonReading {
  const json = parseJson(text);
  if (json.ok) return json;
  const { message, path, position } = json.problem;
  const column = position === undefined ? {} : { column: position.column };
  return { ok: false, id: null, problems: [{ message, path, ...column }] };
}

const common = {
  id: v.union([v.string(), v.number()], 'must be a string or a number'),
  check: v.optional(v.string()),
  expected: v.optional(v.picklist(['PASS', 'FAIL', 'UNKNOWN'], 'must be PASS, FAIL or UNKNOWN')),
  reasons: v.optional(
    v.array(v.pipe(v.number(), v.integer(), v.minValue(0)), 'must be a list of statement indices'),
  ),
  note: v.optional(v.unknown()),
  source: v.optional(v.unknown()),
};
const documentSchema = v.union(
  [v.string(), v.custom<object>((value) => typeof value === 'object' && value !== null)],
  'must be a policy document, or a string that holds one',
);
const POLICY_TYPES = ['IDENTITY_POLICY', 'RESOURCE_POLICY'] as const;
const typeSchema = v.picklist(POLICY_TYPES, 'must be IDENTITY_POLICY or RESOURCE_POLICY');
const resourcePolicyType = v.optional(
  v.literal('RESOURCE_POLICY', 'must be RESOURCE_POLICY'),
  'RESOURCE_POLICY',
);

const ROWS = {
  'no-new-access': v.strictObject({
    ...common,
    policyType: typeSchema,
    existing: documentSchema,
    new: documentSchema,
  }),
  'access-not-granted': v.strictObject({
    ...common,
    policyType: typeSchema,
    policy: documentSchema,
    access: v.union(
      [
        v.pipe(v.array(accessSchema), v.minLength(1)),
        v.pipe(
          accessSchema,
          v.transform((one) => [one]),
        ),
      ],
      'must be a list of groups, each with `actions`, `resources` or both',
    ),
  }),
  'no-public-access': v.strictObject({
    ...common,
    policyType: resourcePolicyType,
    policy: documentSchema,
    resourceType: resourceTypeSchema,
  }),
  'no-external-access': v.strictObject({
    ...common,
    policyType: v.optional(typeSchema, 'RESOURCE_POLICY'),
    policy: documentSchema,
    trusted: trustedSchema,
  }),
};

type CheckName = keyof typeof ROWS;

const CHECKS = Object.keys(ROWS).join(', ');

/** Returns the check that the value of a line asks for, or what is wrong with it. `text` is the line, for places. */
export function readRow(value: unknown, text: string): RowReading {
  const id = idOf(value);
  const refuse = (...problems: RowProblem[]): RowReading => ({ ok: false, id, problems });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse({ message: 'a row must be a JSON object', path: '$', column: 1 });
  }
  const check = 'check' in value ? value.check : 'no-new-access';
  if (!isCheck(check)) return refuse({ message: `must be one of ${CHECKS}`, ...placeOf(text, '$.check') });
  const problems: RowProblem[] = [];
  const document = (member: string, written: string | object, policyType: (typeof POLICY_TYPES)[number]) => {
    const read = readDocument(written, { path: `$.${member}`, text, policyType });
    if (read.ok) return read.policy;
    problems.push(...read.problems);
    return undefined;
  };
  const ready = (
    ask: Row['ask'],
    { expected, reasons }: Pick<v.InferOutput<(typeof ROWS)[CheckName]>, 'expected' | 'reasons'>,
  ): RowReading => ({
    ok: true,
    row: {
      id,
      ask,
      ...(expected === undefined ? {} : { expected }),
      ...(reasons === undefined ? {} : { reasons }),
    },
  });
  switch (check) {
    case 'no-new-access': {
      const row = v.safeParse(ROWS[check], value);
      if (!row.success) return refuse(...row.issues.map((issue) => toProblem(issue, { text, check })));
      const existing = document('existing', row.output.existing, row.output.policyType);
      const updated = document('new', row.output.new, row.output.policyType);
      if (existing === undefined || updated === undefined) return refuse(...problems);
      return ready((engine) => engine.checkNoNewAccess(existing, updated), row.output);
    }
    case 'access-not-granted': {
      const row = v.safeParse(ROWS[check], value);
      if (!row.success) return refuse(...row.issues.map((issue) => toProblem(issue, { text, check })));
      const policy = document('policy', row.output.policy, row.output.policyType);
      if (policy === undefined) return refuse(...problems);
      const { access } = row.output;
      return ready((engine) => engine.checkAccessNotGranted(policy, access), row.output);
    }
    case 'no-public-access': {
      const row = v.safeParse(ROWS[check], value);
      if (!row.success) return refuse(...row.issues.map((issue) => toProblem(issue, { text, check })));
      const policy = document('policy', row.output.policy, row.output.policyType);
      if (policy === undefined) return refuse(...problems);
      const { resourceType } = row.output;
      return ready((engine) => engine.checkNoPublicAccess(policy, resourceType), row.output);
    }
    case 'no-external-access': {
      const row = v.safeParse(ROWS[check], value);
      if (!row.success) return refuse(...row.issues.map((issue) => toProblem(issue, { text, check })));
      const policy = document('policy', row.output.policy, row.output.policyType);
      if (policy === undefined) return refuse(...problems);
      const { trusted } = row.output;
      return ready((engine) => engine.checkNoExternalAccess(policy, trusted), row.output);
    }
  }
}

function isCheck(value: unknown): value is CheckName {
  return typeof value === 'string' && Object.hasOwn(ROWS, value);
}

function idOf(value: unknown): RowId {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null;
  return typeof value.id === 'string' || typeof value.id === 'number' ? value.id : null;
}

function toProblem(
  issue: v.BaseIssue<unknown>,
  { text, check }: { text: string; check: CheckName },
): RowProblem {
  const keys = (issue.path ?? []).map(({ key }) => key);
  const path = keys.reduce<string>(
    (parent, key) => (typeof key === 'number' ? `${parent}[${key}]` : pathOf(parent, String(key))),
    '$',
  );
  const name = String(keys.at(-1));
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return { message: `\`${name}\` is no member of a ${check} row`, ...placeOf(text, path) };
  }
  if (issue.input === undefined) return { message: `\`${name}\` is missing`, path, column: 1 };
  return { message: issue.message, ...placeOf(text, path) };
}

function placeOf(text: string, path: string): { path: string; column: number } {
  return { path, column: locatePath(text, path)?.start.column ?? 1 };
}
