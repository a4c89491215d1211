/** A finding as JSON: the schema itself, cut to a size where a channel has one. */
import type { Finding } from './finding.ts';

/** Returns the finding as one line of JSON. */
export function renderJson(finding: Finding): string {
  return JSON.stringify(finding);
}

/**
 * Returns the finding with as much of its quotations and lists as fits into `maxBytes` of JSON in UTF-8, and a note
 * that says so when something was left out. What identifies it and what it means is never cut.
 */
export function fitFinding(finding: Finding, maxBytes: number): Finding {
  if (sizeOf(finding) <= maxBytes) return finding;
  const note =
    'this finding is too large for its channel: quotations and lists were shortened; the store holds the full finding';
  const unquoted = {
    ...finding,
    statements: finding.statements.map((statement) => ({ ...statement, lines: [] })),
    removedDenies: finding.removedDenies.map((statement) => ({ ...statement, lines: [] })),
    notes: [note, ...finding.notes],
  };
  if (sizeOf(unquoted) <= maxBytes) return unquoted;
  const { witness, ...short } = {
    ...unquoted,
    statements: unquoted.statements.slice(0, 20),
    removedDenies: unquoted.removedDenies.slice(0, 20),
    notes: [note],
    title: cut(finding.title),
    message: cut(finding.message),
    ...(finding.cause === undefined ? {} : { cause: cut(finding.cause) }),
    ...(finding.statusWhy === undefined ? {} : { statusWhy: cut(finding.statusWhy) }),
  };
  const whole = witness === undefined ? short : { ...short, witness };
  return sizeOf(whole) <= maxBytes ? whole : { ...short, statements: [], removedDenies: [] };
}

const MAX_SENTENCE = 2_000;

function cut(sentence: string): string {
  return sentence.length <= MAX_SENTENCE ? sentence : `${sentence.slice(0, MAX_SENTENCE)}…`;
}

function sizeOf(finding: Finding): number {
  return Buffer.byteLength(renderJson(finding), 'utf8');
}
