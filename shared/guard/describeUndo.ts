/**
 * What a person types to put the accepted content back by hand: AWS CLI commands, one for each part that differs.
 * `before.json` stands for the document as it was, which the store keeps.
 */
import { DEFINITIONS } from '../services/index.ts';
import type { Snapshot } from '../targets/target.ts';
import { rebase } from './rebase.ts';

/** More commands than this say no more. */
const MAX_COMMANDS = 5;

/** Returns the commands, joined by ` && `; one sentence where there is no accepted version to go back to. */
export function describeUndo(live: Snapshot, accepted: Snapshot | undefined): string {
  if (accepted === undefined) return 'there is no accepted version; take away what should not be granted';
  const commands = DEFINITIONS[live.target.kind].undo(live, rebase(accepted, live));
  const shown = commands.slice(0, MAX_COMMANDS).join(' && ');
  return commands.length > MAX_COMMANDS ? `${shown} && … ${commands.length - MAX_COMMANDS} more` : shown;
}
