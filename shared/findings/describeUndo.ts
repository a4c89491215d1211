/**
 * What a person types to put the accepted content back by hand: AWS CLI commands, one for each part that differs.
 * `before.json` stands for the document as it was, which the store keeps.
 */
import { DEFINITIONS } from '../services/index.ts';
import type { DocumentCommand } from '../targets/kind.ts';
import type { Snapshot } from '../targets/target.ts';

/** More commands than this say no more. */
const MAX_COMMANDS = 5;

/** Where every part that differs is a text that stands elsewhere. */
const NOTHING_HERE = 'nothing here: the change is in a text that others also hold';

/** A read that came after other changes shows other settings. */
const NOT_READ = 'no read shows the settings before the change; remove what should not be granted';

/** Returns the commands with the documents that they read; none where the settings that are wanted were not read. */
export function undoCommands(
  live: Snapshot,
  wanted: Snapshot,
): readonly (Pick<DocumentCommand, 'command'> & Partial<DocumentCommand>)[] {
  if (!isRead(wanted)) return [];
  return DEFINITIONS[live.target.kind]
    .undo(live, wanted)
    .map((command) => (typeof command === 'string' ? { command } : command));
}

function isRead({ target, exists, restoreHints }: Snapshot): boolean {
  return !exists || restoreHints !== undefined || DEFINITIONS[target.kind].isWrittenAsRead !== true;
}

/** Returns the commands, joined by ` && `; one sentence where the version before is not known. */
export function describeUndo(live: Snapshot, accepted: Snapshot | undefined): string {
  if (accepted === undefined) return 'the version before is not known; remove what should not be granted';
  if (!isRead(accepted)) return NOT_READ;
  const told = undoCommands(live, accepted);
  if (told.length === 0) return NOTHING_HERE;
  if (accepted.parts.length === 0 && told.some((one) => 'document' in one && one.document === undefined))
    return 'there is no earlier version: delete it, or remove what it should not grant';
  const commands = told.map(({ command }) => command);
  const shown = commands.slice(0, MAX_COMMANDS).join(' && ');
  return commands.length > MAX_COMMANDS ? `${shown} && … ${commands.length - MAX_COMMANDS} more` : shown;
}
