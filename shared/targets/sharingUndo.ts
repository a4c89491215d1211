/** Commands for people of the kinds that hold a list of those whom a resource is shared with. */
import { resourceName } from '../policy/arn.ts';
import type { UndoCommands } from './kind.ts';
import { partNames } from './undo.ts';

/** Takes off the list who was not on it, then restores who was. */
export function sharingCommands(
  command: (id: string, how: string, names: readonly string[]) => string,
  [add, remove]: readonly [add: string, remove: string],
): UndoCommands {
  return (live, wanted) => {
    const id = resourceName(live.target.arn);
    const [there, before] = [partNames(live), partNames(wanted)];
    const surplus = there.filter((name) => !before.includes(name));
    const missing = before.filter((name) => !there.includes(name));
    return [
      ...(surplus.length > 0 ? [command(id, remove, surplus)] : []),
      ...(missing.length > 0 ? [command(id, add, missing)] : []),
    ];
  };
}
