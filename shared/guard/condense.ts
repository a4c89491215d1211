/**
 * One change, one finding: what several checks say of the same content is told once, by the gravest, with the others
 * as notes. Public access is external and new access as well; three mails about it are read less than one. Pure.
 */
import type { Finding, FindingCheck } from '../findings/finding.ts';

const GRAVITY: { readonly [check in FindingCheck]?: number } = {
  'no-public-access': 4,
  'access-not-granted': 3,
  'no-external-access': 2,
  'no-new-access': 1,
};

/**
 * Returns the findings that are told of one content. What an exception covers (`isExcepted`) hides nothing and is
 * hidden by nothing: each of those stays a finding of its own. A proof is told before a doubt.
 */
export function condense(findings: readonly Finding[], isExcepted: (finding: Finding) => boolean): Finding[] {
  const excepted = findings.filter((finding) => finding.result === 'FAIL' && isExcepted(finding));
  const loud = findings.filter((finding) => !excepted.includes(finding));
  const [first, ...others] = loud.toSorted((a, b) => weigh(b) - weigh(a));
  return first === undefined ? excepted : [withOthers(first, others), ...excepted];
}

function weigh({ result, check }: Finding): number {
  return (result === 'FAIL' ? 10 : 0) + (GRAVITY[check] ?? 0);
}

function withOthers(first: Finding, others: readonly Finding[]): Finding {
  const denies = [first, ...others].find(({ removedDenies }) => removedDenies.length > 0);
  const notes = others.map(({ result, title, check, listName, cause = '' }) =>
    result === 'FAIL' ? title : `not decided (${listName ?? check}): ${cause}`,
  );
  return { ...first, removedDenies: denies?.removedDenies ?? [], notes: [...first.notes, ...notes] };
}
