/** What the card measured, read at any β. */

/** Distortion and rate at β, in nats, from the measured curve; null where nothing was measured or the rate is undefined. */
export function rates(entry, beta) {
  const curve = entry.curve ?? [];
  if (beta === 0) return { distortion: entry.beta_zero?.distortion ?? null, rate: null };
  if (!curve.length) return { distortion: null, rate: null };
  let k = 0;
  while (k < curve.length - 2 && curve[k + 1].beta <= beta) k++;
  const [from, to] = [curve[k], curve[Math.min(k + 1, curve.length - 1)]];
  const share = from === to ? 0 : Math.log(beta / from.beta) / Math.log(to.beta / from.beta);
  const t = Math.max(0, Math.min(1, share));
  const between = (key) => from[key] + t * (to[key] - from[key]);
  return { distortion: between("distortion"), rate: between("rate") };
}

/** β with three significant digits and no trailing noise. */
export function formatBeta(beta) {
  if (beta === 0) return "0";
  return beta >= 100 ? beta.toFixed(0) : beta >= 10 ? beta.toFixed(1) : beta >= 1 ? beta.toFixed(2) : beta.toFixed(beta >= 0.1 ? 3 : 4);
}
