/** The encoded images around a place. */

/**
 * Number of codes within `radius`, the commonest class among them, and the nearest one.
 * @param {import("./map.js").VaeCtx} ctx @param {Point} z @param {number} radius
 */
export function neighbourhood(ctx, z, radius) {
  const points = ctx.map.points();
  const { labels, classes } = ctx.assets;
  /** @type {{radius: number, index: number, distance?: number, count?: number, name?: string, most?: {name: string, count: number}}} */
  const near = { radius, index: -1 };
  const tally = new Array(classes.length).fill(0);
  let smallest = Infinity;
  for (let i = 0; i < labels.length; i++) {
    const squared = (points.mu[2 * i] - z[0]) ** 2 + (points.mu[2 * i + 1] - z[1]) ** 2;
    if (squared <= radius * radius) tally[labels[i]] += 1;
    if (squared < smallest) [smallest, near.index] = [squared, i];
  }
  near.distance = Math.sqrt(smallest);
  near.count = tally.reduce((sum, count) => sum + count, 0);
  near.name = classes[labels[near.index]];
  const top = tally.indexOf(Math.max(...tally));
  near.most = { name: classes[top], count: tally[top] };
  return near;
}
