/**
 * The page in another language. `explorerSay(text)` looks a text up in the words that came with the page: by the text
 * itself, with `{#}` for each number and, in some keys, `{*}` for anything, which is looked up in its turn. A text
 * without an entry is looked up sentence by sentence; what is not found stays English.
 */
{
  const WORDS = globalThis.explorerWords;
  const NUMBER = String.raw`\d+(?:[.,]\d+)*`;
  const NUMBERS = new RegExp(NUMBER, "g");
  const LETTERS = /[a-z]{2}/i;
  const BETWEEN = /(?<=[.!?…:;]|·) +(?!·)|(?<=\S) +(?=·)/; // two sentences, or two parts of a line
  const SEEN = 5000; // texts kept, so that a figure that changes with the pointer is looked up once
  const seen = new Map();
  const missing = new Set();
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern = (key) =>
    new RegExp(`^${escaped(key).replaceAll(escaped("{#}"), `(${NUMBER})`).replaceAll(escaped("{*}"), "(.+?)")}$`, "s");
  /** @type {[RegExp, string, string[]][]} */
  const patterns = Object.entries(WORDS ?? {}).filter(([key]) => key.includes("{*}"))
    .map(([key, said]) => [pattern(key), said, [...key.matchAll(/\{[#*]\}/g)].map(([each]) => each[1])]);

  /** A translation with the parts of its text: `{#}` takes the next number, `{#2}` the second, and so for `{*}`. */
  function filled(said, parts) {
    const next = { "#": 0, "*": 0 };
    return said.replace(/\{([#*])(\d?)\}/g, (_, kind, at) => parts[kind][at ? at - 1 : next[kind]++] ?? "");
  }

  /** The translation of a text by its entry, or undefined. */
  function entry(text) {
    const numbers = text.match(NUMBERS) ?? [];
    const said = WORDS[text.replace(NUMBERS, "{#}")];
    if (said !== undefined) return filled(said, { "#": numbers, "*": [] });
    for (const [form, other, kinds] of patterns) {
      const found = form.exec(text)?.slice(1);
      if (!found) continue;
      const of = (kind) => found.filter((_, i) => kinds[i] === kind);
      return filled(other, { "#": of("#"), "*": of("*").map(say) });
    }
  }

  /** The translation of a text without the space around it. */
  function translated(text) {
    const found = entry(text);
    if (found !== undefined) return found;
    const parts = text.split(BETWEEN);
    if (parts.length > 1) return parts.map(say).join(" ");
    missing.add(text);
    return text;
  }

  /** A text in the language of the page. */
  function say(text) {
    if (!WORDS || typeof text !== "string" || !LETTERS.test(text)) return text;
    if (!seen.has(text)) {
      if (seen.size >= SEEN) seen.clear();
      const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/s.exec(text);
      seen.set(text, before + translated(inner) + after);
    }
    return seen.get(text);
  }
  globalThis.explorerSay = say;

  const root = document.documentElement;
  /** Gradio gives the document the language of the browser. */
  function keepLanguage() {
    const language = globalThis.explorerLanguage;
    if (language && root.lang !== language) root.lang = language;
    document.body.lang = language;
  }
  keepLanguage();
  if (globalThis.MutationObserver) {
    new MutationObserver(keepLanguage).observe(root, { attributes: true, attributeFilter: ["lang"] });
  }

  /** True if a language covers an address, as `Language.has` of languages.py has it. */
  globalThis.explorerCovers = (code, search) => {
    const query = new URLSearchParams(search);
    const tab = globalThis.tabOf(search);
    const { covers } = globalThis.explorerLanguages[code];
    if (!covers[tab] || covers[tab].includes(query.get("mode")) || query.has("course")) return code === "en";
    return (query.get("story") ?? tab) in covers;
  };

  /** The language of an address. */
  const languageOf = (search) => {
    const named = new URLSearchParams(search).get("__lang");
    return Object.hasOwn(globalThis.explorerLanguages, named ?? "") && globalThis.explorerCovers(named, search)
      ? named
      : "en";
  };

  /** Loads the page again where an address has come to be of another language than the page. */
  globalThis.explorerFollowLanguage = (search) => {
    if (languageOf(search) !== globalThis.explorerLanguage) location.reload();
  };

  /** Displayed texts without an entry: for those who translate. */
  globalThis.explorerMissing = () => [...missing].sort();

  /** A paragraph of Markdown, an item of a list or a heading, looked up as one text; of a table, each cell. */
  function block(markdown) {
    const [, sign, text, anchor] = /^(\s*(?:[-*] |\d+\. |#+ )?)(.*?)( <a class="anchor".*)?$/s.exec(markdown);
    const line = text.replace(/<span class="term"[^>]*>(.*?)<\/span>/gs, "$1").replace(/\s*\n\s*/g, " ").trim();
    if (line.startsWith("|")) return line.split("|").map(say).join("|");
    const found = entry(line);
    if (found === undefined && LETTERS.test(line)) missing.add(line);
    const link = (anchor ?? "").replace(/(?<=title=")[^"]*/, say);
    return found === undefined ? markdown : sign + found + link;
  }
  const ITEMS = /(\n(?=\s*(?:[-*] |\d+\. |\|)))/;
  const CODE = /(^```.*?^```|\n{2,})/ms;

  /** A text in Markdown, without the definitions of its terms; code stays. */
  const whole = (markdown) =>
    markdown.split(CODE).map((part) => part.startsWith("```") ? part : part.split(ITEMS).map(block).join("")).join("");
  const template = (html) => html.replace(/(?<=>)[^<]+(?=<)|(?<=(?:aria-label|title)=")[^"]+/g, say);

  /** Components of Gradio in the language of the page: their texts, and no data of a stage. */
  globalThis.explorerTranslate = (components) => {
    if (!WORDS) return;
    for (const { type, props } of components) {
      if (typeof props.value === "string") {
        props.value = { markdown: whole, html: template }[type]?.(props.value) ?? props.value;
      }
      if (typeof props.label === "string") props.label = say(props.label);
      if (typeof props.html_template === "string") props.html_template = template(props.html_template);
    }
  };
  globalThis.explorerTranslate(globalThis.gradio_config.components);
}
