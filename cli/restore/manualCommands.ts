/** The kinds' commands, each with its own document, and in the target's Region. Pure. */
import { describeUndo, undoCommands } from '../../shared/findings/describeUndo.ts';
import type { Snapshot } from '../../shared/targets/target.ts';
import { quoted } from '../../shared/targets/undo.ts';
import { InputError } from '../input/inputError.ts';

type ManualCommands = {
  /** In the order they are to be run. */
  readonly commands: readonly string[];
  /** What they read, in the folder. */
  readonly documents: readonly { readonly name: string; readonly text: string }[];
};

type Wanted = {
  readonly live: Snapshot;
  readonly wanted: Snapshot;
  readonly folder: string;
};

/** Returns the commands. Throws `InputError` where there is nothing that could be run. */
export function manualCommands({ live, wanted, folder }: Wanted): ManualCommands {
  const told = undoCommands(live, wanted);
  if (told.length === 0) throw new InputError([{ message: describeUndo(live, wanted) }]);
  const documents: { name: string; text: string }[] = [];
  const commands = told.map(({ command, ...rest }) => {
    const withRegion = command.includes(' --region ') ? command : `${command} --region ${live.target.region}`;
    if (!('document' in rest)) return withRegion;
    if (rest.document === undefined)
      throw new InputError([{ message: `\`${command}\`: the store does not hold its document` }]);
    const name = `document-${documents.length + 1}.json`;
    documents.push({ name, text: rest.document });
    return withRegion.replace('file://before.json', quoted(`file://${folder}/${name}`));
  });
  return { commands, documents };
}
