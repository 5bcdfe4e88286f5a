/**
 * The concept inventory on a phone: the student types a code of their own, answers the items, and hands them in.
 */

const SITTING_NAMES = { before: "Before the course", after: "After the course" };

/**
 * @param {(what: string, body: object) => Promise<{status: number, found: Record<string, any>}>} ask
 * @param {{get(name: string): any, set(name: string, text: any): void}} kept what this browser remembers of the room
 * @returns {{show(sitting: string): void}}
 */
export function createSurvey(ask, kept) {
  const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
  const [section, title, form, items, says] = ["survey", "survey-title", "own-code", "items", "survey-says"].map(find);
  const own = /** @type {HTMLInputElement} */ (find("own"));
  const save = /** @type {HTMLButtonElement} */ (find("save-answers"));
  let present = "";
  let isBusy = false;

  /** @param {string} tag @param {string} text @param {object} more */
  const made = (tag, text = "", more = {}) =>
    Object.assign(document.createElement(tag), { textContent: text, ...more });
  const chosen = () => Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (items)));
  const done = () => kept.get(`handed ${present}`);

  /** Asks the server; says what is wrong. @param {string} what @param {object} body */
  async function asked(what, body) {
    if (isBusy) return null;
    isBusy = true;
    says.textContent = "Sending …";
    try {
      const { status, found } = await ask(what, body);
      says.textContent = status === 200 ? "" : found.error;
      return status === 200 ? found : null;
    } catch {
      says.textContent = "The line is down. Try again.";
      return null;
    } finally {
      isBusy = false;
    }
  }

  /** @param {{question: string, choices: string[]}[]} found */
  function draw(found) {
    const before = kept.get(`chosen ${present}`) || {};
    const sets = found.map(({ question, choices }, place) => {
      const set = document.createElement("fieldset");
      const labels = choices.map((text, value) => {
        const label = document.createElement("label");
        const name = `item${place}`;
        const checked = before[name] === String(value);
        label.append(made("input", "", { type: "radio", name, value: String(value), checked }), made("span", text));
        return label;
      });
      set.append(made("legend", `${place + 1}. ${question}`), ...labels);
      return set;
    });
    items.replaceChildren(...sets, made("button", "Hand in", { type: "submit", className: "primary" }));
    items.dataset.count = String(found.length);
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const found = await asked("items", { own: own.value });
    if (!found) return;
    kept.set("own", own.value);
    form.hidden = true;
    draw(found.items);
  });
  items.addEventListener("change", () => kept.set(`chosen ${present}`, chosen()));
  items.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = chosen();
    const answers = Array.from({ length: Number(items.dataset.count) }, (_, place) => {
      const value = said[`item${place}`];
      return value === undefined ? null : Number(value);
    });
    const left = answers.filter((each) => each === null).length;
    if (left && says.dataset.left !== String(left)) {
      says.dataset.left = String(left);
      says.textContent = `${left} of ${answers.length} are not answered. Press again to hand in.`;
      return;
    }
    const found = await asked("handin", { own: own.value, sitting: present, answers });
    if (!found) return;
    kept.set(`handed ${present}`, found);
    tell();
  });
  save.addEventListener("click", () => {
    const href = URL.createObjectURL(new Blob([JSON.stringify(done())], { type: "application/json" }));
    made("a", "", { href, download: `inventory-${present}.json` }).click();
    URL.revokeObjectURL(href);
  });

  /** Shows what comes next: the code, the items, or that they are handed in. */
  function tell() {
    const found = done();
    form.hidden = Boolean(found);
    save.hidden = !found;
    items.replaceChildren();
    says.textContent = found ? `Handed in. Your pseudonym is ${found.handed[0].who}.` : "";
  }

  return {
    show(sitting) {
      if (sitting === present) return;
      present = sitting;
      section.hidden = !sitting;
      title.textContent = SITTING_NAMES[sitting] ?? "";
      own.value = kept.get("own");
      if (sitting) tell();
    },
  };
}
