/** What the formats for machines are made of: one judged document each, with places in the file that a person keeps. */
import type { Verdict } from '../../shared/checks/verdict.ts';
import type { Grade } from '../../shared/consequences/grade.ts';
import type { Policy } from '../../shared/policy/ast.ts';
import { createLocator } from '../../shared/policy/jsonDocument.ts';
import { describeWitness } from './describeWitness.ts';
import { withKeyNames } from './keyNames.ts';
import { marksOf, statementPath } from './marks.ts';

export type CheckName =
  | 'check-no-new-access'
  | 'check-access-not-granted'
  | 'check-no-public-access'
  | 'check-no-external-access';

/** Lines and columns count from 1; `endColumn` is the first behind. */
export type Region = {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
};

/** What is shown at one place of a file. */
export type Annotation = {
  readonly check: CheckName;
  readonly level: 'error' | 'warning';
  /** Path as given; undefined where the document came from no file. */
  readonly file: string | undefined;
  /** Absent: the file as a whole. */
  readonly region?: Region;
  /** A few words. */
  readonly title: string;
  /** Sentences. */
  readonly message: string;
  /** What stays the same when lines move: the same for the same result in the next run. */
  readonly fingerprint: string;
  /** How grave it is, in the words of findings. */
  readonly severity?: Grade;
  /** A text that grants nothing new, for the place where the document stands. */
  readonly fix?: Fix;
};

export type Fix = { readonly description: string; readonly region: Region; readonly text: string };

export type CheckResult = {
  readonly check: CheckName;
  readonly verdict: Verdict;
  /** The policy whose statements the reasons name. */
  readonly policy: Policy;
  /** Path of its file; undefined where it came from no file. */
  readonly file: string | undefined;
  /** What it is called where a file holds several: `Resources.Role.Properties.Policies[0]`. */
  readonly subject?: string;
  /** Where a statement stands in the file; absent: as in the policy's own text. */
  readonly regionOf?: (statementIndex: number) => Region | undefined;
};

const TITLES: { readonly [check in CheckName]: string } = {
  'check-no-new-access': 'New access',
  'check-access-not-granted': 'Critical access',
  'check-no-public-access': 'Public access',
  'check-no-external-access': 'Access from outside the zone of trust',
};

/** Returns nothing for a PASS, a warning for an UNKNOWN, an error a statement for a FAIL, one at least. */
export function annotationsOf({
  check,
  verdict,
  policy,
  file,
  subject,
  regionOf = regionsOf(verdict, policy),
}: CheckResult): Annotation[] {
  if (verdict.result === 'PASS') return [];
  const where = subject === undefined ? '' : ` (${subject})`;
  const common = { check, file, title: `${TITLES[check]}${where}` };
  const identity = [check, file ?? '', subject ?? ''];
  if (verdict.result === 'UNKNOWN') {
    const message = `${verdict.message} ${verdict.cause}`;
    const title = `${TITLES[check]}: not decided${where}`;
    return [{ ...common, title, level: 'warning', message, fingerprint: [...identity, 'UNKNOWN'].join('|') }];
  }
  const witness = describeWitness(withKeyNames(verdict.witness, [policy]), {
    isNew: check === 'check-no-new-access',
    isPublic: check === 'check-no-public-access',
    possible: verdict.possible,
    policies: [policy],
  });
  const named = subject === undefined ? [] : [`${subject}:`];
  const denies = (verdict.removedDenies ?? []).map(({ description }) => description);
  // No statement shows what a lost Deny lets through.
  if (verdict.reasons.length === 0) {
    const message = [...named, verdict.message, witness, ...denies];
    const fingerprint = [...identity, 'FAIL'].join('|');
    return [{ ...common, level: 'error', message: message.join(' '), fingerprint }];
  }
  return verdict.reasons.map(({ description, statementIndex, statementId }) => {
    const region = regionOf(statementIndex);
    return {
      ...common,
      level: 'error',
      ...(region === undefined ? {} : { region }),
      message: [...named, description, witness, ...denies].join(' '),
      fingerprint: [...identity, statementId ?? statementIndex].join('|'),
    };
  });
}

/** The word that matters most in each statement: its action where one matches the witness, else the statement. */
function regionsOf(verdict: Verdict, policy: Policy): (statementIndex: number) => Region | undefined {
  const locator = createLocator(policy.source);
  const marks = verdict.result === 'FAIL' ? marksOf(policy, verdict.witness) : () => [];
  return (index) => {
    const statement = statementPath(locator, index);
    const action = marks(index).find(({ label }) => label === 'this action')?.path ?? '';
    const span = locator.locate(statement + action);
    if (span === undefined) return undefined;
    const { start, end } = span;
    return {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  };
}
