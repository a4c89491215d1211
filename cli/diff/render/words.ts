/** What a change grants, in words: the same for text, Markdown, annotations and SARIF. */
import type { NewAccessPiece } from '../../../shared/checks/index.ts';
import { GRADES, type Grade } from '../../../shared/consequences/grade.ts';
import type { Annotation, CheckName, Fix } from '../../output/checkResult.ts';
import { describeWitness } from '../../output/describeWitness.ts';
import { withKeyNames } from '../../output/keyNames.ts';
import type { Notification } from '../../output/renderSarif.ts';
import type { Comparison } from '../compare.ts';
import { FACETS } from '../facets.ts';
import type { Answer, Judged } from '../judge/judgeEntity.ts';
import { RESULTS, resultOf } from '../judge/result.ts';
import type { Suggestion } from '../judge/suggest.ts';
import { OWN_ACCOUNT } from '../symbols.ts';

const TITLES: { readonly [check in CheckName]: string } = {
  'check-no-new-access': 'New access',
  'check-access-not-granted': 'Critical access',
  'check-no-public-access': 'Public access',
  'check-no-external-access': 'Access from outside the zone of trust',
};

const TYPES: { readonly [type: string]: string } = {
  'policy-file': '',
  'policy-list': 'listed policies',
  'permission-set': 'permission set',
  'instance-profile': 'instance profile',
};

/** Returns "permissions of role `App`", "bucket policy of `Logs`"; the file where it is the policy. */
export function describeSubject(judged: Judged): string {
  const { deployedBy, file } = judged;
  const words = wordsOf(judged);
  return deployedBy === undefined || deployedBy === file
    ? words
    : `${words}, as \`${deployedBy}\` deploys it`;
}

function wordsOf({ facet, type, subject, file }: Judged): string {
  const name = subject === '' ? `\`${file}\`` : `\`${subject}\``;
  const { words } = FACETS[facet];
  if (type === 'policy-file') return `policy ${name}`;
  if (facet === 'permissions' || facet === 'trust' || facet === 'permission-set')
    return `${words} of ${TYPES[type] ?? type} ${name}`;
  return `${words} of ${name}`;
}

/** Returns the answer's title: "Public access (bucket policy of `Logs`)". */
export function titleOf(judged: Judged, { check, listName, verdict }: Answer): string {
  const what = listName === undefined ? TITLES[check] : `Critical access: ${listName}`;
  return `${what}${verdict.result === 'UNKNOWN' ? ', not decided' : ''} (${describeSubject(judged)})`;
}

/** Returns what the answer says, in sentences. */
export function sentencesOf(answer: Answer, means: readonly string[] = []): string[] {
  const { verdict, worlds, check, side } = answer;
  const where = worlds === '' ? [] : [`This holds ${worlds}.`];
  if (verdict.result === 'UNKNOWN') return [`${verdict.message} Why: ${readable(verdict.cause)}.`, ...where];
  if (verdict.result === 'PASS') return [];
  const policies = side.set.policies.map(({ policy }) => policy);
  const witness = describeWitness(withKeyNames(verdict.witness, policies), {
    isNew: check === 'check-no-new-access',
    isPublic: check === 'check-no-public-access',
    possible: verdict.possible,
    policies: side.documents.map(({ policy }) => policy),
  });
  const notes = (verdict.notes ?? []).map((note) => `${note.charAt(0).toUpperCase()}${note.slice(1)}.`);
  const denies = (verdict.removedDenies ?? []).map(({ description }) => description);
  const consequences = check === 'check-no-new-access' ? means.slice(0, MAX_MEANINGS) : [];
  return [
    ...consequences.map((says) => `Whoever holds it ${says}.`),
    readable(witness),
    ...where,
    ...notes,
    ...denies,
  ];
}

const MAX_MEANINGS = 3;

/** The account of the stack is no number. */
export function readable(text: string): string {
  return text.replaceAll(OWN_ACCOUNT, '<account>');
}

/** Returns one piece of new access in a line. */
export function describePiece({ actions, resources, principals, conditions }: NewAccessPiece): string {
  const shown = (list: readonly string[]) => {
    const few = list.slice(0, 6).map((each) => `\`${readable(each)}\``);
    return list.length > 6 ? `${few.join(', ')} and ${list.length - 6} more` : few.join(', ');
  };
  const who = principals === undefined ? '' : `${shown(principals)}: `;
  const when = conditions === undefined ? '' : `, if ${shown(conditions)}`;
  return `${who}${shown(actions)} on ${shown(resources)}${when}`;
}

/** Returns the gravest of the answers; undefined where none fails. */
export function worstSeverity({ answers }: Judged): Grade | undefined {
  const [worst] = answers
    .flatMap(({ severity }) => severity ?? [])
    .sort((a, b) => GRADES.indexOf(b) - GRADES.indexOf(a));
  return worst;
}

/** Returns the gravest first, then by file. */
export function sorted(judged: readonly Judged[]): Judged[] {
  const rank = (one: Judged) => {
    const severity = worstSeverity(one);
    return (
      RESULTS[resultOf(one)] * 10 + (severity === undefined ? 9 : GRADES.length - GRADES.indexOf(severity))
    );
  };
  return judged.toSorted((a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

/** Returns what a review shows at the lines of the files. */
export function annotationsOf({ judged, unread }: Comparison): Annotation[] {
  const found = sorted(judged).flatMap((one) =>
    one.answers.flatMap((answer): Annotation[] => {
      if (answer.verdict.result === 'PASS') return [];
      const { file } = one;
      const title = titleOf(one, answer);
      const message = sentencesOf(answer, one.means).join(' ');
      const by = one.deployedBy === undefined ? [] : [one.deployedBy];
      const identity = [answer.check, answer.listName ?? '', file, one.type, one.subject, one.facet, ...by];
      const base = {
        check: answer.check,
        file,
        title,
        ...(answer.severity === undefined ? {} : { severity: answer.severity }),
      };
      const at = (region: Annotation['region'] | undefined) => (region === undefined ? {} : { region });
      if (answer.verdict.result === 'UNKNOWN') {
        const [region = one.region] = answer.regions;
        return [
          {
            ...base,
            level: 'warning',
            message,
            fingerprint: [...identity, 'UNKNOWN'].join('|'),
            ...at(region),
          },
        ];
      }
      const { reasons } = answer.verdict;
      const fixes = answer.check === 'check-no-new-access' ? one.suggestions : [];
      if (reasons.length === 0)
        return [{ ...base, level: 'error', message, fingerprint: identity.join('|'), ...at(one.region) }];
      return reasons.map(({ description, document, statementIndex, statementId }, index) => ({
        ...base,
        level: 'error',
        message: `${reasonText(description, document)} ${message}`,
        fingerprint: [...identity, document ?? '', statementId ?? statementIndex].join('|'),
        ...at(answer.regions[index] ?? one.region),
        ...fixOf(fixes, document, one.file),
      }));
    }),
  );
  const unknown = unread.map(
    ({ file, why, key, region }): Annotation => ({
      check: 'check-no-new-access',
      level: 'warning',
      file,
      title: 'Not read',
      message: `This file may hold a policy, and ${why}.`,
      fingerprint: ['unread', file, why, key.length].join('|'),
      ...(region === undefined ? {} : { region }),
    }),
  );
  return [...found, ...unknown];
}

/** The text in place of the document that the reason speaks of. YAML takes JSON, on one line. */
function fixOf(
  suggestions: readonly Suggestion[],
  document: string | undefined,
  file: string,
): { fix?: Fix } {
  const found = suggestions.find(({ part }) => document === undefined || part === document);
  if (found?.region === undefined || found.text === undefined) return {};
  const { text, region, changes, losesOld } = found;
  const value: unknown = JSON.parse(text);
  const pad = ' '.repeat(region.startColumn - 1);
  const written = /\.ya?ml$/i.test(file)
    ? JSON.stringify(value)
    : JSON.stringify(value, undefined, 2).replaceAll(
        '\n',
        `\n${region.startLine === region.endLine ? '' : pad}`,
      );
  // A block of YAML ends where the next line begins.
  const end = region.endColumn === 1 && region.endLine > region.startLine ? '\n' : '';
  const words = changes.length === 0 ? 'back to the text before' : changes.join('; ');
  const warning = losesOld ? ' Access that was granted before may be lost.' : '';
  return { fix: { description: `Tighten: ${words}.${warning}`, region, text: `${written}${end}` } };
}

/** Returns what could not be read, for formats that keep it apart. */
export function notificationsOf({ unread }: Comparison): Notification[] {
  return unread.map(({ file, why, region }) => ({
    file,
    message: `This file may hold a policy, and ${why}.`,
    ...(region === undefined ? {} : { region }),
  }));
}

/** `document` is a name of ours where there is one document alone. */
function reasonText(description: string, document: string | undefined): string {
  const isOurs = document === undefined || document.startsWith('document') || description.includes(document);
  return isOurs ? description : `${document}: ${description}`;
}
