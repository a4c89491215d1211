/** The comparison for programs. */
import type { Comparison } from '../compare.ts';
import { resultOf } from '../judge/result.ts';
import { annotationsOf, describeSubject, sorted, worstSeverity } from './words.ts';

/** Returns the JSON text: what was judged, what became possible, and what could not be read. */
export function renderDiffJson(comparison: Comparison): string {
  const policies = sorted(comparison.judged).map((one) => ({
    file: one.file,
    subject: one.subject,
    type: one.type,
    facet: one.facet,
    description: describeSubject(one),
    change: one.change,
    result: resultOf(one),
    severity: worstSeverity(one),
    results: one.answers.map(({ check, listName, verdict, severity, worlds, regions }) => ({
      check,
      listName,
      severity,
      ...(worlds === '' ? {} : { worlds }),
      ...verdict,
      regions,
    })),
    means: one.means,
    grants: one.pieces,
    tightened: one.suggestions,
  }));
  const unread = comparison.unread.map(({ file, why, region }) => ({ file, message: why, region }));
  const annotations = annotationsOf(comparison).length;
  return `${JSON.stringify({ policies, unread, annotations }, undefined, 2)}\n`;
}
