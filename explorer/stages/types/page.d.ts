// deno-lint-ignore-file no-var
/** Elements of the page, and what is added to those of the browser. Types of this folder are global: no script imports them. */

/** What an element may hold; null, undefined and false are left out. */
type Child = Node | string | number | false | null | undefined | (() => string | number | null | undefined);
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

/* A number becomes a text there. */
interface CSSStyleDeclaration {
  setProperty(property: string, value: string | number | null, priority?: string): void;
}

/* Members of the global object, which `serving` and its Python set. */
declare var explorerAddress: {
  readonly href: string;
  readonly search: string;
  write(to: string | URL, how?: { step?: boolean }): void;
};
declare var explorerSay: (<Said>(text: Said) => Said) | undefined;
declare var explorerWords: Record<string, string> | undefined;
declare var explorerLanguage: string | undefined;
declare var explorerLanguages:
  | Record<string, { title: string; about: string; covers: Record<string, string[]> }>
  | undefined;
/** True if a language covers an address. */
declare var explorerCovers: (code: string, search: string) => boolean;
declare var explorerFind: () => Promise<void>;
/** True unless this browser has switched single keys off. */
declare var explorerKeys: () => boolean;
declare var explorerCollect: () => Promise<void>;
declare var explorerStory: (name?: string) => Promise<void>;
declare var explorerOpen: () => Promise<void>;
/** Bytes of the largest network that the server takes; none where it takes no network. */
declare var explorerOpens: number | undefined;
/** Opens a room for a class, or goes on with it. */
declare var explorerClass: () => Promise<void>;
declare var explorerReplay: () => Promise<void>;
/** Build that the browser may keep for use without a line; empty if it may keep none. */
declare var explorerBuild: string | undefined;
/** The open room; `next` goes on with the question of the lesson, and is false if there is nothing to go on with. */
declare var explorerRoom:
  | { next(): boolean; unfold(): void; readonly phase: string; readonly onMap: string[] }
  | undefined;
declare var explorerPresent: (() => Promise<void>) | undefined;
declare var tabOf: (search: string | URLSearchParams) => string;
declare var openTab: (name: string) => void;
declare var goTo: (search: string) => void;
declare var Plotly: Plotly | undefined;
// deno-lint-ignore no-explicit-any -- the edge to Gradio
declare var gradio_config: any;
