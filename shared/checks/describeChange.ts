/** What tightening did to a statement, in words. */
import { membersOf, principalsOf, type StatementJson } from './intersect.ts';

/** One change to a text. */
export type StatementChange = {
  /** Counts from 0: in the new text, or for a Deny that comes back, in the existing one. */
  readonly statementIndex: number;
  readonly statementId?: string;
  /** `takes out the actions iam:PassRole, iam:CreateRole`. */
  readonly description: string;
};

/** What became of a statement: the pieces that stand in its place, none where it is gone. */
export function describeNarrowing(
  index: number,
  statement: StatementJson,
  pieces: readonly StatementJson[],
): StatementChange {
  return { ...placeOf(index, statement), description: describe(statement, pieces) };
}

/** A Deny of the existing text that stands in the tightened one again. */
export function describeDenyAdded(index: number, statement: StatementJson): StatementChange {
  return { ...placeOf(index, statement), description: 'adds this Deny of the existing text back' };
}

function placeOf(statementIndex: number, { Sid: sid }: StatementJson): Omit<StatementChange, 'description'> {
  return { statementIndex, ...(typeof sid === 'string' && sid !== '' ? { statementId: sid } : {}) };
}

const WORDS: readonly { readonly element: string; readonly one: string; readonly many: string }[] = [
  { element: 'Action', one: 'action', many: 'actions' },
  { element: 'NotAction', one: 'excepted action', many: 'excepted actions' },
  { element: 'Resource', one: 'resource', many: 'resources' },
  { element: 'NotResource', one: 'excepted resource', many: 'excepted resources' },
  { element: 'Principal', one: 'principal', many: 'principals' },
];

function describe(statement: StatementJson, pieces: readonly StatementJson[]): string {
  if (pieces.length === 0) return 'removes the whole statement';
  const said = WORDS.flatMap(({ element, one, many }) => {
    const old = textsOf(element, statement);
    const now = [...new Set(pieces.flatMap((piece) => textsOf(element, piece)))];
    const gone = old.filter((text) => !now.includes(text));
    const added = now.filter((text) => !old.includes(text));
    const name = (list: readonly string[]) => `${list.length === 1 ? one : many} ${list.join(', ')}`;
    if (gone.length > 0 && added.length > 0) return [`narrows the ${name(gone)} to ${added.join(', ')}`];
    if (gone.length > 0) return [`removes the ${name(gone)}`];
    return added.length > 0 ? [`keeps only the ${name(added)}`] : [];
  });
  const condition = JSON.stringify(statement['Condition']);
  if (pieces.some((piece) => JSON.stringify(piece['Condition']) !== condition)) said.push('adds conditions');
  if (pieces.length > 1) said.push(`splits the statement into ${pieces.length}`);
  return said.join('; ');
}

function textsOf(element: string, statement: StatementJson): string[] {
  if (!(element in statement)) return [];
  if (element === 'Principal')
    return principalsOf(statement[element]).map(({ kind, value }) =>
      kind === '*' || kind === 'AWS' ? value : `${kind} ${value}`,
    );
  return membersOf(statement[element]).map(String);
}
