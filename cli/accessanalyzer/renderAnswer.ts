/** A verdict as the AWS CLI prints the API's answer. */
import type { Verdict } from '../../shared/checks/verdict.ts';

/** The API's answer: it knows two results. Source: Access Analyzer API Reference, CheckNoNewAccess. */
type Answer = {
  readonly result: 'PASS' | 'FAIL';
  readonly message: string;
  readonly reasons?: readonly {
    readonly description: string;
    readonly statementIndex: number;
    readonly statementId?: string;
  }[];
};

/** Returns the answer; `failMessage` is that of a FAIL, for what could not be decided: AWS answers FAIL then. */
export function toAnswer(verdict: Verdict, failMessage: string): Answer {
  if (verdict.result === 'PASS') return { result: 'PASS', message: verdict.message };
  if (verdict.result === 'UNKNOWN') return { result: 'FAIL', message: failMessage, reasons: [] };
  const reasons = verdict.reasons.map(({ description, statementIndex, statementId }) => ({
    description,
    statementIndex,
    ...(statementId === undefined ? {} : { statementId }),
  }));
  return { result: 'FAIL', message: verdict.message, reasons };
}

export const OUTPUTS = ['json', 'text', 'yaml'] as const;

export type Output = (typeof OUTPUTS)[number];

/** Returns the text of an answer, or of what `--query` made of it. */
export async function renderAnswer(value: unknown, output: Output): Promise<string> {
  if (output === 'json') return `${JSON.stringify(value, undefined, 4)}\n`;
  if (output === 'yaml') return (await import('./yaml.ts')).stringify(value);
  return textOf(value, []);
}

/** The AWS CLI's text format: scalars of an object in one line by name, lists below it beneath their own name. */
function textOf(value: unknown, name: readonly string[]): string {
  if (value === null || value === undefined) return 'None\n';
  if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object' || one === null))
      return `${[...name, ...value.map(String)].join('\t')}\n`;
    return value.map((one: unknown) => textOf(one, name)).join('');
  }
  if (typeof value !== 'object') return `${String(value)}\n`;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const scalars = members.filter(([, member]) => typeof member !== 'object');
  const line =
    scalars.length === 0 ? '' : `${[...name, ...scalars.map(([, member]) => String(member))].join('\t')}\n`;
  const below = members.filter(([, member]) => typeof member === 'object');
  return line + below.map(([key, member]) => textOf(member, [key.toUpperCase()])).join('');
}
