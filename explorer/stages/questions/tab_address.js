/** The addresses at which a family's own tab shows the images that are drawn here. */

const IMAGES = 4;

/** The tab's state with what is asked put in; what is not asked for is left out. */
function addressOf(family, known) {
  const query = new URLSearchParams({ tab: family.tab });
  for (const [key, template] of Object.entries(family.address)) {
    const name = /^\{(\w+)\}$/.exec(template)?.[1];
    const value = name ? known[name] : template;
    if (value !== null && value !== undefined) query.set(key, value);
  }
  return `?${query}`;
}

/**
 * One for each of the four images; null where no tab shows the family.
 * @param {Column & {address?: any}} family
 * @param {{data: string, net?: string, seed?: number, label?: number | null}} about
 */
export function addressesOf(family, { data, net, seed, label }) {
  if (!family.tab || !family.address) return null;
  return Array.from({ length: IMAGES }, (_, image) => addressOf(family, { dataset: data, net, seed, label, image }));
}
