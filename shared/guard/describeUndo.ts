/**
 * What a person types to put the accepted content back by hand: AWS CLI commands, one for each part that differs.
 * `before.json` stands for the document as it was, which the store keeps.
 */
import { DEFINITIONS } from '../services/index.ts';
import type { Snapshot } from '../targets/target.ts';

/** More commands than this say no more. */
const MAX_COMMANDS = 5;

/** Returns the commands, joined by ` && `; one sentence where nothing is known of what was there before. */
export function describeUndo(live: Snapshot, accepted: Snapshot | undefined): string {
  if (accepted === undefined)
    return 'nothing is known of what was there before; take away what should not be granted';
  const commands = DEFINITIONS[live.target.kind].undo(live, accepted);
  if (commands.length === 0) return 'nothing here: what changed is a text that others hold too';
  const shown = commands.slice(0, MAX_COMMANDS).join(' && ');
  return commands.length > MAX_COMMANDS ? `${shown} && … ${commands.length - MAX_COMMANDS} more` : shown;
}
