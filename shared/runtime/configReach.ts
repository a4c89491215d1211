/** Lists of critical access, held to what the service reference has: one that can never fire looks like a check that passes. */
import type { ConfigProblem, ConfigResult } from './loadConfig.ts';

/**
 * Returns the same, or with its problems where a listed resource is one that no request names. An action that the
 * reference lacks is a warning, and so are actions that take no resource of their list: AWS may have other ones since. The reference is loaded iff the configuration lists anything.
 */
export async function heldToReach(loaded: ConfigResult): Promise<ConfigResult> {
  if (!loaded.ok || loaded.listed.length === 0) return loaded;
  const { loadReach } = await import('../reference/reach.ts');
  const { resourceProblem, actionProblem, pairProblem } = await loadReach();
  const problemsOf = (member: 'actions' | 'resources', problemOf: typeof resourceProblem) =>
    loaded.listed.flatMap(({ member: own, text, ...place }): ConfigProblem[] => {
      const problem = own === member ? problemOf(text) : undefined;
      return problem === undefined ? [] : [{ ...place, message: `\`${text}\` ${problem}` }];
    });
  const problems = problemsOf('resources', resourceProblem);
  if (problems.length > 0) return { ok: false, problems };
  const unknown = problemsOf('actions', actionProblem).map((one) => ({
    ...one,
    message: `${one.message}; is it spelled so?`,
  }));
  const byList = Map.groupBy(loaded.listed, ({ path }) => path.slice(0, path.indexOf(']') + 1));
  const pairs = [...byList].flatMap(([path, entries]): ConfigProblem[] => {
    const textsOf = (member: 'actions' | 'resources') =>
      entries.flatMap((one) => (one.member === member ? [one.text] : []));
    const message = pairProblem(textsOf('actions'), textsOf('resources'));
    const [first] = entries;
    if (message === undefined || first === undefined) return [];
    const { member: _, text: __, ...place } = first;
    return [{ ...place, path, message }];
  });
  return { ...loaded, warnings: [...loaded.warnings, ...unknown, ...pairs] };
}
