/** Whether EventBridge gets to see changes in a Region: it needs a trail that logs management events there. */
import {
  type AdvancedEventSelector,
  type CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';

type TrailReport = {
  readonly name: string;
  readonly isLogging: boolean;
  /** True iff it logs management events that write. */
  readonly logsWrites: boolean;
  /** Event sources that it leaves out: `kms.amazonaws.com`. */
  readonly excluded: readonly string[];
};

/** Returns the trails that cover the client's Region. Throws what AWS answers. */
export async function findTrails(
  client: Pick<CloudTrailClient, 'send'>,
  region: string,
): Promise<readonly TrailReport[]> {
  // With shadow trails: those of other Regions, and of the organization, that cover this one.
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({ includeShadowTrails: true }));
  const covering = trailList.filter((trail) => trail.IsMultiRegionTrail || trail.HomeRegion === region);
  const reports: TrailReport[] = [];
  for (const { TrailARN: name = '' } of covering) {
    const { IsLogging } = await client.send(new GetTrailStatusCommand({ Name: name }));
    const selectors = await client.send(new GetEventSelectorsCommand({ TrailName: name }));
    reports.push({
      name,
      isLogging: IsLogging === true,
      ...logged(selectors.EventSelectors ?? [], selectors.AdvancedEventSelectors ?? []),
    });
  }
  return reports;
}

/**
 * Returns what the selectors of a trail let through; one of either kind is enough.
 * Source: CloudTrail User Guide, "Logging management events".
 */
function logged(
  basic: readonly EventSelector[],
  advanced: readonly AdvancedEventSelector[],
): Pick<TrailReport, 'logsWrites' | 'excluded'> {
  const exclusions = [
    ...basic
      .filter(
        ({ IncludeManagementEvents, ReadWriteType }) =>
          IncludeManagementEvents !== false && ReadWriteType !== 'ReadOnly',
      )
      .map(({ ExcludeManagementEventSources }) => ExcludeManagementEventSources ?? []),
    ...advanced.flatMap(excludedBy),
  ];
  const [first = [], ...others] = exclusions;
  return {
    logsWrites: exclusions.length > 0,
    // What one selector leaves out another may let through.
    excluded: first.filter((source) => others.every((list) => list.includes(source))),
  };
}

/** A list with what the selector leaves out; no list iff it logs no management events that write. */
function excludedBy({ FieldSelectors = [] }: AdvancedEventSelector): readonly (readonly string[])[] {
  const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
  const isManagement = field('eventCategory')?.Equals?.includes('Management') === true;
  const writes = field('readOnly');
  if (!isManagement || (writes !== undefined && writes.Equals?.includes('false') !== true)) return [];
  return [field('eventSource')?.NotEquals ?? []];
}
