/** Elements of the page, and what is added to those of the browser. Types of this folder are global: no script imports them. */

/** What an element may hold; null, undefined and false are left out. */
type Child = Node | string | number | false | null | undefined;
type Children = (Child | Child[])[];

/** Attributes and listeners of a new element, as `h` takes them. */
// deno-lint-ignore no-explicit-any -- each listener knows the type of its event
type Attributes = Record<string, string | number | boolean | URL | null | undefined | ((event: any) => unknown)>;

/** How a button looks: its title, its class, and its states. */
interface ButtonLook {
  title?: string;
  kind?: string;
  pressed?: boolean;
  disabled?: boolean;
}

/** A number with its name and its unit, as `figures` sets them in a row. */
type FigureRow = [name: string, value: string | number, unit?: string];

/** A list of a menu, which can be closed. */
interface MenuList extends HTMLElement {
  close(): void;
}

/** Rows of a table; the first are its heads. */
type TableRows = (string | number | null | undefined)[][];

/* The page is made of HTML elements; who looks for an SVG element says so. */
interface ParentNode {
  querySelector<K extends keyof HTMLElementTagNameMap>(selector: K): HTMLElementTagNameMap[K] | null;
  querySelector<E extends Element = HTMLElement>(selector: string): E | null;
  querySelectorAll<K extends keyof HTMLElementTagNameMap>(selector: K): NodeListOf<HTMLElementTagNameMap[K]>;
  querySelectorAll<E extends Element = HTMLElement>(selector: string): NodeListOf<E>;
}

/* An event's target is an element, or the document or the window, which have neither. */
interface EventTarget {
  closest?<E extends Element = HTMLElement>(selector: string): E | null;
  matches?(selector: string): boolean;
}

interface Element {
  closest<E extends Element = HTMLElement>(selector: string): E | null;
  /** A stage's own, once it is mounted. */
  explorer?: Explorer;
}

interface Window {
  explorerSay?: (text: string) => string;
}
