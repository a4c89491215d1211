/** What the command says to a script. Part of the interface: never renumbered. */

export const EXIT_STATUS = {
  /** PASS, or the work is done. */
  pass: 0,
  /** FAIL. */
  fail: 1,
  /** What was given cannot be used: flags, files, documents. */
  badInput: 2,
  /** UNKNOWN: neither proved nor disproved. */
  unknown: 3,
  /** The world or this program failed; nothing is known. */
  fault: 4,
} as const;

export type ExitStatus = (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];

/** Returns the status of a verdict. */
export function statusOf(result: 'PASS' | 'FAIL' | 'UNKNOWN'): ExitStatus {
  return { PASS: EXIT_STATUS.pass, FAIL: EXIT_STATUS.fail, UNKNOWN: EXIT_STATUS.unknown }[result];
}
