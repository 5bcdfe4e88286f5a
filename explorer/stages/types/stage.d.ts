/** A stage, its networks and its modes. Types of this folder are global: no script imports them. */

/** A mode that has been loaded, with its places; `later` resolves when it may be loaded again. */
interface Loaded {
  places: Record<string, HTMLElement>;
  pictures: MechanismPictures;
  mode: Partial<ModeModule> & { id?: string };
  instance: Mode;
  /** Ends what it follows. */
  end: () => void;
  later?: Promise<void>;
}

type Loader = ((id: string) => Promise<Loaded>) & { forget(): () => void };

/** An entry of the navigation, with the modes that share it. */
interface ModeEntry {
  id: string;
  title: string;
  group?: string;
  modes: ModeTitle[];
}

/** What the header of a stage shows, and what its parts do. */
interface HeaderParts {
  /** The key of the store that the switch shows, and its name. */
  key: string;
  label: string;
  choices: [string, string][];
  modes: ModeTitle[];
  /** Name of the tab; begins the ids of the modes, and of the panel that they control. */
  id: string;
  title: string;
  /** What the tab asks. */
  question: string;
  /** True if the tab has a story. */
  hasStory: boolean;
  onChoose(value: string): void;
  /** Opens a mode by hand. */
  open(mode: string): void;
  /** True if a mode is answered once it is opened. */
  answers?(mode: string): boolean;
  /** False for a choice that would do nothing in a mode; it is not offered. */
  chooses?(mode: string, choice: string): boolean;
}

/** What Gradio gives a component's script. */
interface Mounted {
  element: HTMLElement;
  props: { value: StageValue };
  server: Server;
  /** Calls `hear` whenever Gradio sets a property. */
  watch(property: string, hear: () => void): void;
  /** Address of the static files. */
  base: string;
  /** For a stage that is not on the page: hears what asks ahead for it, and nothing is laid out. */
  elsewhere?(ahead: AskAheadOf | null): void;
}

/** Asks ahead what a state of a stage needs, and the values that it moves through. */
type AskAheadOf = (search: string, moves: Moves | null) => AskedAhead;

/** What a stage has of its own. */
interface StageOwn {
  /** True if it shows the shared questions, which are put to `columnsOf(net, state)`. */
  asks?: boolean;
  columnsOf(net: Net, state: State): Column[];
  /** The choice in the store, its name, and what there is to choose. */
  key: string;
  label: string;
  choicesOf(value: StageValue): Record<string, Net>;
  chooses?(mode: string, choice: string): boolean;
  /** Changes in the store with the network. */
  onNet?: Partial<State>;
  /** Settings of `lesson/tour.js`. */
  tour?: Partial<HostingSettings>;
  storeOf(initial: State, fields: Record<string, Field>): Store;
  // deno-lint-ignore no-explicit-any -- each stage shares its own
  placesOf(id: string, ctx: any): Record<string, HTMLElement>;
  /** Adds what the modes of this stage share: `parts` are updated every display frame, and tests ask for the others. */
  // deno-lint-ignore no-explicit-any -- each stage shares its own
  extend(ctx: any): { parts?: Part[]; [key: string]: any };
  /** False where a copy of a mode must not run out of sight: what it shares is on the page once. */
  asksAhead?: boolean;
}

/** What a copy of a mode needs of its stage. */
interface AheadOf extends Pick<StageOwn, "columnsOf" | "extend"> {
  netOf(state: State): Net;
  importMode(id: string): Promise<{ default: ModeModule }>;
}

/** What is asked ahead: until it is all answered, or ended. */
interface AskedAhead {
  done: Promise<void>;
  end(): void;
}

/** Values of a key, as in an address. */
interface Moves {
  key: string;
  through: string[];
}

/** A part of a mechanism as Python declares it: its formula or name, the mode that it opens, and those that light it. */
interface MechanismPart {
  name: string;
  symbol: string;
  kind: string;
  label: string;
  mode: string;
  lit: string[];
  /** The sign of the arrow before it. */
  arrow: string;
  /** Name of the picture that it shows. */
  shows?: string;
  tells?: string;
  /** Name of the picture that it is computed from, where no arrow leads from there. */
  source?: string;
  /** Name of the part through which it comes back. */
  through?: string;
}

/** A network that a visitor has opened, as Python tells of it. */
interface OpenedNet {
  net: string;
  tab: string;
  key: string;
  title: string;
  value: Net;
  dataset: string;
  column?: Column;
}

/** A mode on a stage; each member is called if it is there. */
interface Mode {
  enter?(): void;
  leave?(): void;
  update?(changed: Set<string>): void;
  again?(): void;
  /** The mode that works under its card. */
  inner?: Mode;
  /** The key of the place that its film writes. */
  placed?: string;
  // deno-lint-ignore no-explicit-any -- what tests ask of a mode
  [key: string]: any;
}

/** A network as Python tells of it; what else it tells depends on the tab. */
interface Net {
  name: string;
  title: string;
  dataset: string;
  column: Column;
  classes: string[];
  error?: string;
  points?: boolean;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio
  [key: string]: any;
}

/** A network in one setting, to which the shared questions are put. */
interface Column {
  net: string;
  title: string;
  family: string;
  space: string;
  can: Record<string, boolean>;
  cannot: Record<string, string>;
  error?: string;
  setting?: string;
  /** What was measured of the network. */
  // deno-lint-ignore no-explicit-any -- the edge to Gradio
  card?: any;
  parameters?: number;
  /** By its answer for p(x), as in the navigation. */
  group?: string;
  /** How its pixels are. */
  pixels?: string;
  /** What was measured at the moments of its training that were kept. */
  moments?: Record<string, number>[];
  /** How many images a completion of it takes. */
  completing?: number;
  /** The settings of a column of `withSettings`. */
  // deno-lint-ignore no-explicit-any -- each mode has its own
  settings?: Record<string, any>;
  /** The tab into which its images lead; null for none. */
  tab?: string | null;
  lit?: boolean;
}

/** The value of a stage's component, which `to_props` of each tab makes. */
interface StageValue {
  /** Folders of recorded films that a browser may keep, by the server function whose answers they are. */
  films?: Record<string, string>;
  tab: string;
  title: string;
  question: string;
  modes: ModeTitle[];
  nets: Record<string, Net>;
  fields: Record<string, Field>;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio: each tab adds its own
  [key: string]: any;
}

/** A mode as Python names it; modes of one `entry` share a place in the navigation, and a `group` stands together. */
interface ModeTitle {
  id: string;
  title: string;
  group?: string;
  entry?: string | null;
  module?: string;
}

/** The module of a mode: its hint, and how it is created. */
interface ModeModule {
  hint?: string | ((ctx: Ctx, id: string) => string);
  create(ctx: Ctx): Mode;
}

/** What each mode is given: its stage, its places on it, and ways to the server. */
interface Ctx {
  root: HTMLElement;
  store: Store;
  fields: Record<string, Field>;
  say: Say;
  server: Server;
  ask: Ask;
  /** Films of a mode's own, which end when it is left. */
  stream?(name: string, argument: unknown, handlers: FilmHandlers): { stop(): void };
  /** Address of the static files. */
  base: string;
  /** The link as it was opened. */
  arrived?: string;
  value(): StageValue;
  net(): Net;
  columns(): Column[];
  readonly assets: TestImages;
  imagesOf(dataset: string): TestImages;
  images(dataset: string, img?: number): Promise<TestImages | null>;
  picture(): PictureAsked | null;
  /** True if the mode on screen was opened in the navigation, not by an address. */
  isByHand(): boolean;
  prefersReducedMotion(): boolean;
  theme(): "dark" | "light";
  colours(): Colours;
  hint(text: string): void;
  describe(text: string): void;
  refresh?(...keys: string[]): void;
  again?(): void;
  sayProblem?(): void;
  mechanism: Mechanism;
  /** A mode's own name, and that of the mode under whose card it works. */
  id?: string;
  entered?: string;
  panel: HTMLElement;
  main?: HTMLElement;
  /** Gives a picture to the mechanism. */
  show?(name: string, source: Picturable): void;
}

/** What a place of the mechanism may show: 784 values, or the middle of a canvas. */
type Picturable = ArrayLike<number> | HTMLCanvasElement | null;

/** The pictures of one mode in the mechanism. */
interface MechanismPictures {
  canvases: Map<string, HTMLCanvasElement>;
  /** What the flow has last seen of each, and what it saw before. */
  known: Map<string, { before: ImageData | null; now: ImageData }>;
  show(name: string, source: Picturable): void;
}

/** What moves through a mechanism: `note` says that a picture may have changed, `follow` whose pictures are on screen. */
interface MechanismFlow {
  note(of: MechanismPictures, name: string): void;
  follow(pictures: MechanismPictures): void;
}

/** The picture of a mechanism; `enter` shows which mode is on screen. */
interface Mechanism {
  element: HTMLElement | null;
  pictures(): MechanismPictures;
  enter(id: string, pictures: MechanismPictures): void;
}

/** The panel of a mode as Python declares it: the server function, its question, its controls and its sentences. */
interface Panel {
  ask: string;
  /** The keys of the address that answer each part of the question. */
  request: Record<string, string>;
  nets: string[];
  says: Record<string, string>;
  /** Figures, or lists of them by name, with names of values in braces. */
  rows: FigureRow[] | Record<string, FigureRow[]>;
  // deno-lint-ignore no-explicit-any -- the edge to Gradio: each panel declares more
  [key: string]: any;
}

/** What tests and other scripts may ask of a stage. */
interface Explorer {
  store: Store;
  mode(): Mode;
  // deno-lint-ignore no-explicit-any -- further members are those of one stage
  [key: string]: any;
}
