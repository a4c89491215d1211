/** One deployment before and after → what it grants beyond what its templates say by themselves. */
import { mergeStated, type Stated } from '../entities.ts';
import type { FacetName } from '../facets.ts';
import { readStack } from '../formats/cloudformation/read.ts';
import { jointDomains, type Stack, stacksIn } from '../formats/cloudformation/stack.ts';
import type { Deployment } from '../formats/cloudformation/template.ts';
import { type Judged, judgeEntity } from '../judge/judgeEntity.ts';
import type { Lists } from '../judge/lists.ts';
import { type Result, resultOf } from '../judge/result.ts';
import { pairEntities } from '../pair.ts';
import { changedUnread, type Unread } from '../state.ts';
import type { Deployed } from './find.ts';

type Around = {
  readonly deployment: Deployment;
  readonly lists: Lists;
  /** Files that differ. */
  readonly changed: ReadonlySet<string>;
  /** What the files said by themselves. */
  readonly judged: readonly Judged[];
  readonly unread: readonly Unread[];
};

/** Returns the facets that change by the deployment and that nothing said before it tells as badly. */
export async function compareDeployed(
  { file, name, before, after, isSure }: Deployed,
  { deployment, lists, changed, judged, unread }: Around,
): Promise<{ readonly judged: readonly Judged[]; readonly unread: readonly Unread[] }> {
  const domains = jointDomains([before, after].flatMap((each) => (each === undefined ? [] : stacksIn(each))));
  const state = (stack: Stack | undefined): Stated =>
    stack === undefined ? NOTHING : mergeStated([readStack(stack, { domains, deployment })]);
  const [old, now] = [state(before), state(after)];
  const found: Judged[] = [];
  const told = new Map(judged.map((each) => [keyOf(each), RANK[resultOf(each)]]));
  // What fails by itself fails here too, and is not asked again.
  const isWanted = (facet: FacetName, shown: Pick<Judged, 'file' | 'subject' | 'type'>) =>
    told.get(keyOf({ ...shown, facet })) !== RANK.FAIL;
  for (const pair of pairEntities(old.entities, now.entities))
    found.push(...(await judgeEntity(pair, lists, isWanted)));
  const worse = found.filter((each) => RANK[resultOf(each)] > (told.get(keyOf(each)) ?? 0));
  const more = changedUnread(old.unread, now.unread).filter(
    (each) => !unread.some((one) => one.file === each.file && one.why === each.why),
  );
  if (!isSure) {
    const [first] = worse.filter((each) => resultOf(each) !== 'PASS');
    const template = after?.file ?? before?.file ?? '';
    const why = `it does not tell which template it gives values to; \`${template}\` would grant more with them`;
    return { judged: [], unread: first === undefined ? [] : [{ file, key: template, why }] };
  }
  const by = name === '' ? file : `${file} (${name})`;
  return { judged: worse.map((each) => shownIn(each, { file, by, changed })), unread: more };
}

const NOTHING: Stated = { entities: [], unread: [] };

const RANK: { readonly [result in Result]: number } = { PASS: 1, UNKNOWN: 2, FAIL: 3 };

/** The same resource, whatever makes its stack. */
const keyOf = ({ file, subject, facet, type }: Pick<Judged, 'file' | 'subject' | 'facet' | 'type'>) =>
  JSON.stringify([file, subject.replace(/^.*[.]/, ''), facet, type]);

/** Places are shown in files that differ: in others nobody reads them. */
function shownIn(
  judged: Judged,
  {
    file,
    by,
    changed,
  }: { readonly file: string; readonly by: string; readonly changed: ReadonlySet<string> },
): Judged {
  const deployed = { ...judged, deployedBy: by };
  if (changed.has(judged.file) || !changed.has(file)) return deployed;
  return {
    ...deployed,
    file,
    region: undefined,
    answers: judged.answers.map((answer) => ({ ...answer, regions: answer.regions.map(() => undefined) })),
    suggestions: judged.suggestions.map(({ region: _, ...suggestion }) => suggestion),
  };
}
