/** Colours of the ten classes and of "you", for both themes; told apart by people with any of the three colour blindnesses. */

/* Found by a search that maximises the smallest distance (OKLab) between any two of the eleven, as seen with normal
   vision, protanopia, deuteranopia and tritanopia, at a contrast of 2.6 (light) and 3.5 (dark) with the ground. */
const CLASSES = {
  light: ["#41a3f8", "#a42e76", "#529754", "#3742a5", "#e875c3", "#6f5d34", "#785dd0", "#2b4608", "#a16f91", "#5a235b"],
  dark: ["#4d9bfd", "#f3bd24", "#49857a", "#c97eba", "#6bfef7", "#b35820", "#a7c4f7", "#9daf86", "#885bcc", "#bffa7a"],
};
const YOU = { light: "#c2410c", dark: "#ff7a2f" };

/** The colours of a theme; the neutral ones are those of the element, whose own text is quiet. */
export function palette(theme, element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  const dark = theme === "dark";
  return {
    classes: CLASSES[theme],
    you: YOU[theme],
    ink: read("--body-text-color", dark ? "#f3f4f6" : "#1f2937"),
    quiet: style.color,
    line: read("--border-color-primary", dark ? "#374151" : "#e5e7eb"),
    ground: read("--background-fill-primary", dark ? "#0b0f19" : "#ffffff"),
    manifold: dark ? 0xffffff : 0x000000,
  };
}
