/** Requests that hold several findings: as many as a service takes at once. Pure. */

type BatchLimits<Item> = {
  readonly maxItems: number;
  /** Of one batch; an item that is larger alone is a batch of its own. */
  readonly maxBytes?: number;
  readonly bytesOf?: (item: Item) => number;
};

/** Returns the items in their order, cut into batches within the limits. None for no items. */
export function inBatches<Item>(
  items: readonly Item[],
  { maxItems, maxBytes = Number.POSITIVE_INFINITY, bytesOf = () => 0 }: BatchLimits<Item>,
): Item[][] {
  const batches: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    const last = batches.at(-1);
    if (last === undefined || last.length === maxItems || bytes > room) {
      batches.push([item]);
      room = maxBytes - bytes;
    } else {
      last.push(item);
      room -= bytes;
    }
  }
  return batches;
}
