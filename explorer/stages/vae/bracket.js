/** Place of a β among measured ones. */

/** For ascending positive `betas`: the index at or below β, and how far log β is on its way to the next one. */
export function bracket(betas, beta) {
  const last = betas.length - 1;
  if (last < 1) return [0, 0];
  let k = 0;
  while (k < last - 1 && betas[k + 1] <= beta) k++;
  const share = Math.log(beta / betas[k]) / Math.log(betas[k + 1] / betas[k]);
  return [k, Math.max(0, Math.min(1, share))];
}
