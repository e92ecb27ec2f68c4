/** A file of points that cannot be used. The message is for the user. */
export class PointsError extends Error {}
