/** Colours of the ten classes and of "you", told apart by people with any of the three colour blindnesses. */

/* Found by a search that maximises the smallest difference (CIEDE2000) between any two of the ten, as seen with normal
   vision, protanopia, deuteranopia and tritanopia. It is 14 on the light ground at a contrast of 2.6, and 15 on the dark
   one at a contrast of 4; the fourth is a blue on both. */
const CLASSES = {
  light: [
    "#a80091",
    "#b998a2",
    "#5700ff",
    "#4976f1",
    "#0caed7",
    "#8da370",
    "#7d7a70",
    "#b26296",
    "#6c4d5f",
    "#30603d",
  ],
  dark: [
    "#b14f93",
    "#d9a382",
    "#5e69fc",
    "#72aff7",
    "#2cfdce",
    "#efe808",
    "#797c6e",
    "#d6ddf9",
    "#eb090c",
    "#97a6a9",
  ],
};
const YOU = { light: "#c2410c", dark: "#ff7a2f" };

/** Colours of up to a hundred classes: those beyond the tenth use the ten again. */
const repeated = (colours) => Array.from({ length: 100 }, (_, label) => colours[label % colours.length]);

/** The colours of a theme; the neutral ones are those of the element, whose own text is quiet. */
export function palette(theme, element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const dark = theme === "dark";
  return {
    classes: repeated(CLASSES[theme]),
    you: YOU[theme],
    ink: read("--body-text-color", dark ? "#f3f4f6" : "#1f2937"),
    quiet: style.color,
    line: read("--border-color-primary", dark ? "#374151" : "#e5e7eb"),
    ground: read("--background-fill-primary", dark ? "#0b0f19" : "#ffffff"),
    manifold: dark ? 0xffffff : 0x000000,
  };
}
