/** A file that cannot be used, in words for whoever chose it. */
export class PointsError extends Error {}
