/**
 * Undoes what mail, chat and a sentence's end do to a link. `mended` of links.py does the same, and one test holds both
 * to it.
 */
{
  const AMPERSAND = /&(?:amp(?:;|%3b))+/gi;
  const SEPARATOR = /;(?=[a-z_][\w-]*=)/gi;
  const ENCODED = "0[9ad]|2[0279c]|3[abef]|5d|60|7[cd]|c2%(?:a0|bb)|e2%80%(?:9[9d]|a6)";
  const TAIL = new RegExp(`(?:[)\\].>,;:!?'"*}|\`+\\s]|%(?:${ENCODED}))+$`, "i");
  const SURE = /[);].*$/s; // in a tail that may be part of a text: what the page itself would have encoded
  const NAMES = /(^|&)(tab|mode|__\w+|course|page|step|handout|story|scene)=([^&]*)/gi;
  const OWN = /^(?:~|%7e)/i; // a course that is in its name

  /** True if the last value of a query is a text, which may end in any sign. */
  function endsInText(query, texts) {
    const [key] = query.slice(query.lastIndexOf("&") + 1).split("=");
    return texts.includes(key.toLowerCase());
  }

  /** A query with its names in small letters and nothing after its last value; `texts` are the keys of texts. */
  globalThis.explorerMend = (search, texts) => {
    const query = search.replace(/^\?/, "").replace(AMPERSAND, "&");
    const isText = endsInText(query, texts);
    const ended = query.replace(TAIL, (tail) => isText ? tail.replace(SURE, "") : "").replace(SEPARATOR, "&");
    return ended.replace(
      NAMES,
      (_, before, key, value) => `${before}${key.toLowerCase()}=${OWN.test(value) ? value : value.toLowerCase()}`,
    );
  };
}
