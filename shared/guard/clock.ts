/** Time, as something that is passed in: functions, replay and tests bring their own. */
export type Clock = { now(): Date };
