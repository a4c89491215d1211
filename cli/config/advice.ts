/** What is allowed in a configuration and hardly meant: lists that let everybody through, or that match nothing. Pure. */
import { type Config, matchName, ruleOf } from '../../shared/guard/config.ts';
import type { TargetRef } from '../../shared/targets/target.ts';

/** A target that a store knows, and who changed it. */
export type SeenTarget = { readonly target: TargetRef; readonly actors: readonly string[] };

/** Returns one sentence for each. `seen`: absent, no store is looked at. */
export function adviceOn(config: Config, seen: readonly SeenTarget[] | undefined): string[] {
  const { deployers, breakGlass, targets, exceptions } = config;
  const actors = { deployers, breakGlass };
  const everybody = Object.entries(actors).flatMap(([list, patterns]) =>
    patterns
      .filter((pattern) => ANY.test(pattern))
      .map(
        (pattern) => `\`${list}\`: \`${pattern}\` matches everybody, so nothing is ever restored; name roles`,
      ),
  );
  if (seen === undefined) return everybody;
  const known = seen.flatMap((one) => one.actors);
  const idle = [
    ...Object.entries(actors).flatMap(([list, patterns]) =>
      patterns
        .filter((pattern) => !known.some((arn) => matchName(pattern, arn)))
        .map((pattern) => `\`${list}\`: \`${pattern}\` matches nobody who caused a finding in the store`),
    ),
    ...targets
      .filter((rule) => !seen.some(({ target }) => ruleOf(config, target) === rule))
      .map(({ match }) => `\`targets\`: the rule \`${match}\` applies to no target in the store`),
    ...exceptions
      .filter(({ match }) => !seen.some(({ target }) => matchName(match, target.arn)))
      .map(({ match }) => `\`exceptions\`: \`${match}\` matches no target in the store`),
  ];
  return [...everybody, ...idle];
}

/** Whatever the account and name. */
const ANY = /^(\*+|arn:[^:]*:(iam|sts|\*)::[*\d]*:(\*|(role|user|assumed-role)\/\*|\*\/\*))$/;
