/** What no policy may grant, old or new: the critical lists, the public, strangers. */
import type { Engine } from '../../../shared/checks/index.ts';
import { isGranted } from '../../../shared/checks/noNewAccess.ts';
import type { Verdict } from '../../../shared/checks/verdict.ts';
import type { Config } from '../../../shared/guard/config.ts';
import { accessOf } from '../../../shared/guard/config.ts';
import type { PolicySet } from '../../../shared/policy/policySet.ts';
import type { CheckName } from '../../output/checkResult.ts';
import { namesForeignSymbol } from '../document.ts';
import type { Facet } from '../facets.ts';
import { OWN_ACCOUNT } from '../symbols.ts';
import { unknown } from './newAccess.ts';
import { type Side, upperSide } from './side.ts';

export type Lists = {
  readonly engine: Engine;
  readonly config: Pick<Config, 'criticalAccess' | 'zoneOfTrust'>;
  readonly accountId: string | undefined;
};

type ListResult = { readonly check: CheckName; readonly listName?: string; readonly verdict: Verdict };

/** Returns what each question says; one that failed in the same way before is left out. */
export async function askLists(
  {
    before,
    after,
    facet,
  }: { readonly before: Side | undefined; readonly after: Side; readonly facet: Facet },
  lists: Lists,
): Promise<ListResult[]> {
  const results: ListResult[] = [];
  for (const { check, listName, ask } of questions(facet, lists)) {
    const named = listName === undefined ? { check } : { check, listName };
    const verdict = await ask(after.set);
    if (verdict.result === 'FAIL') {
      const isOld =
        before !== undefined &&
        isGranted(before.set, verdict.witness) &&
        (await ask(before.set)).result === 'FAIL';
      if (!isOld) results.push({ ...named, verdict: foreign(verdict) });
      continue;
    }
    results.push({
      ...named,
      verdict: verdict.result === 'PASS' ? await bounded(verdict, before, after, ask) : verdict,
    });
  }
  return results;
}

/** Whose account a parameter names, only the deployment tells. */
function foreign(verdict: Extract<Verdict, { result: 'FAIL' }>): Verdict {
  const { principal } = verdict.witness;
  const who = principal !== undefined && 'value' in principal ? principal.value : '';
  return namesForeignSymbol(who)
    ? unknown('whom it lets in depends on a value that is not in the file')
    : verdict;
}

/** A PASS must hold for the most that the statements may be, unless those stood there before. */
async function bounded(
  verdict: Verdict,
  before: Side | undefined,
  after: Side,
  ask: (set: PolicySet) => Promise<Verdict>,
): Promise<Verdict> {
  const old = new Set(before?.statements.map(({ key }) => key));
  const open = after.statements.find(
    ({ upper, effect, key }) => upper !== undefined && effect !== 'Deny' && !old.has(key),
  );
  if (open === undefined) return verdict;
  const most = await ask(upperSide(after).set);
  return most.result === 'PASS' ? verdict : unknown(open.why ?? 'a value is not in the file');
}

type Question = ListResult & { readonly ask: (set: PolicySet) => Promise<Verdict> };

function questions(facet: Facet, { engine, config, accountId }: Lists): Omit<Question, 'verdict'>[] {
  const asked: Omit<Question, 'verdict'>[] = config.criticalAccess
    .filter(({ kinds }) => kinds === undefined || kinds.some((kind) => kind === facet.kind))
    .map((list) => ({
      check: 'check-access-not-granted',
      listName: list.name,
      ask: (set) => engine.checkAccessNotGranted(set, accessOf(list)),
    }));
  if (!facet.namesPrincipals) return asked;
  asked.push({
    check: 'check-no-public-access',
    ask: (set) => engine.checkNoPublicAccess(set, facet.resourceType),
  });
  const { zoneOfTrust } = config;
  // Without a zone of trust everybody but the public would be outside it.
  if (zoneOfTrust.accounts.length + zoneOfTrust.organizations.length === 0) return asked;
  const accounts = [...zoneOfTrust.accounts, OWN_ACCOUNT, ...(accountId === undefined ? [] : [accountId])];
  asked.push({
    check: 'check-no-external-access',
    ask: (set) => engine.checkNoExternalAccess(set, { ...zoneOfTrust, accounts }),
  });
  return asked;
}
