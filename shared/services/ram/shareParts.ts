/**
 * The parts that tell what a resource share is made of. Each is there or not and grants nothing by itself: what they grant
 * together stands in the share's document. So a call that grants nothing yet is seen, and whose each of them is.
 */

/** Whom it is shared with. */
export const WITH = 'with:';
/** What is shared. */
export const SHARED = 'shared:';
/** What for: its document tells the version. */
export const HELD_BY = 'permission:';
/** It may be shared outside the organization. */
export const EXTERNAL = 'external';
