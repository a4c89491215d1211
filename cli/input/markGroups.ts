/** Where each `--access` begins in the arguments. */

/** Stands in the argument list where a further `--access` begins: the parser of flags runs all their values together. */
export const GROUP_START = '\u0000access';

/** Returns the arguments with a mark after each `--access`. */
export function markGroups(argv: readonly string[]): string[] {
  return argv.flatMap((argument) => {
    if (argument === '--access') return [argument, GROUP_START];
    const [, joined] = /^--access=(.*)$/s.exec(argument) ?? [];
    return joined === undefined ? [argument] : ['--access', GROUP_START, joined];
  });
}
