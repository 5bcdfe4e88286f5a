/** Words as lines of at most `width`, in the font of the context. */
export function wrapped(context, words, width) {
  const lines = [""];
  for (const word of words.trim().split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines[0] ? lines : lines.slice(1);
}
