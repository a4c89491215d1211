/** The kinds' commands, each with its own document, and in the target's Region. Pure. */
import { describeUndo } from '../../shared/guard/describeUndo.ts';
import type { Snapshot } from '../../shared/targets/target.ts';
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
  const told = describeUndo(live, wanted);
  if (!told.startsWith('aws ')) throw new InputError([{ message: told }]);
  const documents: { name: string; text: string }[] = [];
  const commands = told.split(' && ').map((command) => {
    const withRegion = command.includes(' --region ') ? command : `${command} --region ${live.target.region}`;
    if (!command.includes(PLACE)) return withRegion;
    const document = documentOf(command, { live, wanted });
    const name = `document-${documents.length + 1}.json`;
    documents.push({ name, text: inAttributes(command) ? JSON.stringify({ Policy: document }) : document });
    return withRegion.replace(PLACE, `file://${folder}/${name}`);
  });
  return { commands, documents };
}

/** Stands in the kinds' commands for the document. */
const PLACE = 'file://before.json';

/** SQS takes a policy among a queue's attributes. */
const inAttributes = (command: string) => command.includes(`--attributes ${PLACE}`);

/** The document that the command writes: of the part that it names, or the only one that differs. */
function documentOf(command: string, { live, wanted }: Pick<Wanted, 'live' | 'wanted'>): string {
  const texts = new Map(live.parts.map(({ id, document }) => [id, document]));
  const written = wanted.parts.filter(({ id, document }) => texts.get(id) !== document);
  const words = command.split(' ');
  const named = written.find(({ id }) => words.includes(id.slice(id.indexOf(':') + 1)));
  const document = (named ?? written[0])?.document;
  if (document === undefined)
    throw new InputError([{ message: `\`${command}\`: the store does not hold its document` }]);
  return document;
}
