/** What a person types about a finding, complete for where the finding is kept: a deployed guard, or a store at a desk. */
import { quoted } from '../targets/undo.ts';
import type { Finding } from './finding.ts';

/** Where a finding is kept. */
export type Home =
  | {
      readonly kind: 'deployed';
      /** The function that approves. */
      readonly approveFunction: string;
      /** Of the guard, which may be another than the target's. */
      readonly accountId: string;
      readonly region: string;
      readonly bucket: string;
    }
  /** A folder, or `s3://BUCKET`. */
  | { readonly kind: 'store'; readonly place: string };

/** Returns the command that brings back the version before the change, iff a restore of it ended early. */
export function bringBackWith({ status, action, undoWith }: Finding): string | undefined {
  const isEarly = status === 'ROLLED_BACK' && action.kind === 'partial';
  return isEarly && undoWith.startsWith('ratchet restore ') ? `${undoWith} --previous` : undefined;
}

/**
 * Returns the finding with commands that run as they are printed, by whoever is signed in to the guard's account. Words
 * that are no command stay as they are.
 */
export function withCommands(finding: Finding, home: Home): Finding {
  const { id, undoWith } = finding;
  const place = home.kind === 'deployed' ? `s3://${home.bucket}` : quoted(home.place);
  const restore = `ratchet restore ${id} --store ${place}`;
  const signedIn = home.kind === 'deployed' ? ` --account ${home.accountId} --region ${home.region}` : '';
  return {
    ...finding,
    acceptWith:
      home.kind === 'deployed'
        ? `ratchet approve ${id} --function ${home.approveFunction}${signedIn}`
        : `ratchet approve ${id} --store ${place}`,
    undoWith: undoWith.startsWith('aws ') ? `${restore}${signedIn}` : undoWith,
  };
}
