/** Colours of the ten classes and of the visitor, distinct with each of the three colour blindnesses. */

/* Found by a search that maximises the smallest difference (CIEDE2000) between any two of the ten: with normal vision it
   is 26 on the light ground and 24 on the dark one, with protanopia, deuteranopia and tritanopia 14. None is an orange.
   The contrast with the ground is 3 and more on the light one, 4 on the dark one. */
const CLASSES = {
  light: [
    "#a22fea",
    "#9e8b8b",
    "#cf0e58",
    "#063884",
    "#549abe",
    "#809205",
    "#10735d",
    "#704f00",
    "#4a0034",
    "#15200c",
  ],
  dark: [
    "#b138f5",
    "#dfa5ac",
    "#e51d75",
    "#939dd7",
    "#15fff7",
    "#dff802",
    "#318782",
    "#a27401",
    "#ffe3b9",
    "#53c65d",
  ],
};
const YOU = { light: "#c2410c", dark: "#ff7a2f" };

/** Colours of up to a hundred classes: those beyond the tenth use the ten again. @param {string[]} colours */
const repeated = (colours) => Array.from({ length: 100 }, (_, label) => colours[label % colours.length]);

/** @type {WeakMap<Element, {look: string, colours: Colours}>} */
const KNOWN = new WeakMap(); // what was read last of an element: to read it has the page's style computed anew

/**
 * The colours of a theme; the neutral ones are those of the element, whose own text is quiet.
 * @param {"dark" | "light"} theme @param {Element} element @returns {Colours}
 */
export function palette(theme, element) {
  const look = `${theme} ${document.documentElement.className}`; // one who presents has other colours
  const known = KNOWN.get(element);
  if (known?.look === look) return known.colours;
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const dark = theme === "dark";
  const colours = {
    classes: repeated(CLASSES[theme]),
    you: YOU[theme],
    ink: read("--body-text-color", dark ? "#f3f4f6" : "#1f2937"),
    quiet: style.color,
    line: read("--border-color-primary", dark ? "#374151" : "#e5e7eb"),
    ground: read("--background-fill-primary", dark ? "#0b0f19" : "#ffffff"),
    manifold: dark ? 0xffffff : 0x000000,
  };
  if (read("--body-text-color")) KNOWN.set(element, { look, colours }); // before, the page has no style yet
  return colours;
}
