/** Where a parse collects what it finds wrong. Places are looked up only for what was reported. */
import type { PolicyProblem, Position } from './ast.ts';
import { characterName } from './jsonDocument.ts';

export type Reporter = {
  readonly problems: PolicyProblem[];
  readonly warnings: PolicyProblem[];
  /** Counts reports and requests for a number's text. What is read without either does not depend on its place. */
  readonly said: number;
  /** True iff `${…}` is a variable in this document. */
  variables: boolean;
  problem(path: string, message: string): void;
  warning(path: string, message: string): void;
  /** A problem in a document that a person submits, a warning in one that AWS holds. */
  refusal(path: string, message: string): void;
  /** Reports characters that a policy may not hold. */
  characters(text: string, path: string): void;
  /** The exact text of a number. */
  numberText(value: number, path: string): string;
  /** Returns a reporter with problems of its own; warnings are the same. */
  apart(): Reporter;
};

export type Places = {
  readonly sourceName?: string;
  readonly locate?: (path: string) => Position | undefined;
  readonly numberText?: (path: string) => string | undefined;
};

type ReporterOptions = {
  readonly held: boolean;
  readonly warnings?: PolicyProblem[];
  readonly variables?: boolean;
};

/** A document that is wrong everywhere need not be told of all of it. */
export const MAX_PROBLEMS = 100;

/** Returns an empty reporter; `held` of a document that AWS holds. */
export function createReporter(
  places: Places,
  { held, warnings = [], variables = false }: ReporterOptions,
): Reporter {
  const problems: PolicyProblem[] = [];
  let said = 0;
  const add = (list: PolicyProblem[], path: string, message: string) => {
    said++;
    if (list.length >= MAX_PROBLEMS) return;
    const position = places.locate?.(path);
    list.push({
      message,
      path,
      ...(position === undefined ? {} : { position }),
      ...(places.sourceName === undefined ? {} : { sourceName: places.sourceName }),
    });
  };
  const refused = held ? warnings : problems;
  return {
    problems,
    warnings,
    get said() {
      return said;
    },
    variables,
    problem: (path, message) => add(problems, path, message),
    warning: (path, message) => add(warnings, path, message),
    refusal: (path, message) => add(refused, path, message),
    characters(text, path) {
      if (!FORBIDDEN.test(text)) return;
      const [bad = ''] = FORBIDDEN.exec(text) ?? [];
      add(
        refused,
        path,
        `character ${characterName(bad)} is not allowed in a policy; only tab, line ends and U+0020 to U+00FF may`,
      );
    },
    numberText(value, path) {
      said++;
      return places.numberText?.(path) ?? String(value);
    },
    apart() {
      return createReporter(places, { held, warnings, variables: this.variables });
    },
  };
}

const FORBIDDEN = /[^\t\n\r\u0020-\u00ff]/u;

/** Returns true iff the value is a JSON object. */
export function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
