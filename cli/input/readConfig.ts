/** A configuration file named on the command line → the configuration, or every problem in its place. */
import type { Config } from '../../shared/guard/config.ts';
import { heldToReach } from '../../shared/runtime/configReach.ts';
import { defaultConfig, loadConfig, renderConfigProblem } from '../../shared/runtime/loadConfig.ts';
import type { Console } from '../output/console.ts';
import { InputError } from './inputError.ts';
import { readSources } from './readSources.ts';

/** Returns the configuration of the file; without one, every default. Throws `InputError`. */
export async function readConfig(
  { flag, file }: { readonly flag: string; readonly file: string | undefined },
  { stdin, err }: Pick<Console, 'stdin' | 'err'>,
): Promise<Config> {
  if (file === undefined) return defaultConfig();
  const [source] = await readSources([{ flag, argument: file }], stdin);
  if (source === undefined) throw new Error('a configuration was read');
  const loaded = await heldToReach(loadConfig(source.text, source.name));
  if (loaded.ok) {
    for (const warning of loaded.warnings) err(`${renderConfigProblem(warning)}\n`);
    return loaded.config;
  }
  throw new InputError(
    loaded.problems.map(({ message, path, line, column }) => ({
      message,
      path,
      line,
      column,
      source: source.name,
    })),
  );
}
