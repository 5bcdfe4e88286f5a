/** The encoded images around a place. */

/** How many lie within `radius`, the commonest class among them, and the nearest one; index −1 before they are read. */
export function neighbourhood(ctx, z, radius) {
  const points = ctx.map.points();
  const { labels, classes } = ctx.assets;
  const near = { count: 0, of: labels?.length ?? 0, radius, index: -1, distance: Infinity, name: "", most: null };
  if (!points) return near;
  const tally = new Array(classes.length).fill(0);
  for (let i = 0; i < labels.length; i++) {
    const distance = Math.hypot(points.mu[2 * i] - z[0], points.mu[2 * i + 1] - z[1]);
    if (distance <= radius) tally[labels[i]] += 1;
    if (distance < near.distance) Object.assign(near, { index: i, distance });
  }
  near.count = tally.reduce((sum, count) => sum + count, 0);
  near.name = classes[labels[near.index]];
  const top = tally.indexOf(Math.max(...tally));
  near.most = { name: classes[top], count: tally[top] };
  return near;
}
