/** Requests whose Regions were made up to fit, with Regions that there are. They are proposals; whoever takes one has it confirmed. */
import type { Request } from '../evaluator/request.ts';
import { parseArn, regionsOf } from '../policy/arn.ts';

/** Returns the Regions of the request, in its resource and in keys that hold one, which its partition does not have. */
export function regionsMadeUp({ resource, context }: Request): string[] {
  const { partition, region } = parseArn(resource);
  const held = Object.entries(context).flatMap(([key, values]) => (HOLDS_REGION.test(key) ? values : []));
  const known = regionsOf(partitionOrUsual(partition));
  return [...new Set([region, ...held])].filter((one) => one !== '' && !known.includes(one));
}

/** `aws:RequestedRegion`, `ec2:Region`, `kms:ReplicaRegion`, `s3:LocationConstraint`. */
const HOLDS_REGION = /region$|:locationconstraint$/i;

/** Yields the request with each Region of its partition in the place of the one made up: everywhere, then one place at a time. */
export function* withRegions({ resource, context }: Request, madeUp: string): Iterable<Partial<Request>> {
  const { partition } = parseArn(resource);
  const regions = regionsOf(partitionOrUsual(partition));
  const inResource = (region: string) => {
    const parts = resource.split(':');
    return parts[3] === madeUp ? parts.with(3, region).join(':') : resource;
  };
  const inKey = ([key, values]: [string, readonly string[]], region: string): [string, readonly string[]] => [
    key,
    values.map((value) => (value === madeUp ? region : value)),
  ];
  const held = Object.entries(context);
  for (const region of regions) {
    yield {
      // A variable may have it in the resource's name too.
      resource: resource.replaceAll(madeUp, region),
      context: Object.fromEntries(held.map((entry) => inKey(entry, region))),
    };
  }
  for (const region of regions) yield { resource: inResource(region) };
  for (const entry of held) {
    for (const region of regions)
      yield { context: { ...context, ...Object.fromEntries([inKey(entry, region)]) } };
  }
}

/** A call without a resource tells no partition. */
function partitionOrUsual(partition: string): string {
  return partition === '' ? 'aws' : partition;
}
