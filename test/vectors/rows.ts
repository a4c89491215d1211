/** The rows of the language's vectors. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Request } from '../../shared/evaluator/request.ts';
import type { PolicyType } from '../../shared/policy/ast.ts';

type Common = {
  readonly name: string;
  /** The page that says so, or `own reading` where none does. */
  readonly source: string;
  readonly policyType: PolicyType;
  /** An object, or the text itself where places matter. */
  readonly policy: unknown;
};

/** A document that is taken, and what it says of a request. */
export type GrantRow = Common & {
  readonly request: Request;
  readonly expected: 'granted' | 'not-granted';
};

/** A document that is refused, with all its problems from top to bottom. */
export type ProblemRow = Common & {
  readonly problems: readonly {
    readonly path: string;
    readonly line: number;
    readonly column: number;
    readonly messageIncludes: string;
  }[];
};

const folder = new URL('./language/', import.meta.url);

/** The files of the language's vectors. */
export const LANGUAGE_FILES: readonly string[] = readdirSync(folder).filter((name) =>
  name.endsWith('.jsonl'),
);

/** Returns the rows of a file. */
export function rowsOf(file: string): (GrantRow | ProblemRow)[] {
  const lines = readFileSync(new URL(file, folder), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Returns the document as text. */
export function textOf({ policy }: GrantRow | ProblemRow): string {
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}
