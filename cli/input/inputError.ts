/** What a person gave and we cannot use: one problem or many, each with its place. Ends in exit status 2. */

/** Lines and columns count from 1. */
export type InputProblem = {
  /** One lower-case sentence without a full stop. */
  readonly message: string;
  /** File name, or the flag that carried the text. */
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
  /** JSON path. */
  readonly path?: string;
};

/** Thrown where input is read; caught once, in `main`. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly code = 'BAD_INPUT';
  readonly problems: readonly InputProblem[];
  constructor(problems: readonly InputProblem[]) {
    super(problems.map(renderProblem).join('\n'));
    this.problems = problems;
  }
}

/** Returns `file:line:column: $.path: message`, leaving out what is not known. */
export function renderProblem({ message, source, line, column, path }: InputProblem): string {
  const place = [source, line, column].filter((part) => part !== undefined).join(':');
  return [place, path, message].filter((part) => part !== undefined && part !== '').join(': ');
}

/** Returns the problems of a parse in the shape above. */
export function toInputProblems(
  problems: readonly {
    readonly message: string;
    readonly path: string;
    readonly position?: { readonly line: number; readonly column: number };
    readonly sourceName?: string;
  }[],
): InputProblem[] {
  return problems.map(({ message, path, position, sourceName }) => ({
    message,
    path,
    ...(sourceName === undefined ? {} : { source: sourceName }),
    ...(position === undefined ? {} : { line: position.line, column: position.column }),
  }));
}
