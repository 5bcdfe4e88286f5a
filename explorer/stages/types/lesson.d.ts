/** Tours, exercises and courses. Types of this folder are global: no script imports them. */

/** A step of a tour: its words, its question, the index of the right choice, and the state that it sets. */
interface TourStep {
  title: string;
  predict: string;
  question: string;
  choices: string[];
  tempts: string[];
  answer: number;
  reveal: string;
  hides: boolean;
  state: Record<string, string>;
  after: Record<string, string>;
}

/** An exercise as Python declares it; `reads` are the keys of the state that answer one of kind "stage". */
interface Exercise {
  name: string;
  title: string;
  kind: "number" | "choice" | "stage";
  state: Record<string, string>;
  reads: string[];
}

/** An answer to an exercise that this browser keeps; `late` if it came after the worked answer. */
interface AnswerKept {
  exercise: string;
  seed: number;
  answer?: unknown;
  right?: boolean;
  tries?: number;
  hints?: number;
  worked?: boolean;
  late?: boolean;
  link?: string;
}

/** How a mode leads through others: its own name, the mode of a step that names none, and words of a tour. */
interface HostingSettings {
  name: string;
  first: string;
  key?: string;
  note?: string;
  veil?: string;
  loaderOf(ctx: Ctx): Loader;
}

/** A step of a course: a state in the address, a question to predict, and the speaker's notes. */
interface CourseStep {
  title: string;
  /** The state, as a query. */
  at: string;
  minutes: number;
  words: string;
  question: string;
  choices: string[];
  /** Why each choice is tempting; empty where the step does not say it. */
  tempts?: string[];
  answer: number | null;
  reveal: string;
  notes: string[];
  hides?: boolean;
  /** True if it may be left out once the course is late. */
  skips?: boolean;
  /** The lines of an exercise of a course of one's own. */
  exercise?: string;
}

/** A course as Python or a link tells it. */
interface CourseTold {
  title: string;
  minutes: number;
  steps: CourseStep[];
  origin?: string;
}

/** A step of a course of one's own, as a link and this browser keep it. */
type StepStored = [
  title: string,
  at: string,
  minutes: number,
  words?: string,
  question?: string,
  answers?: string[],
  exercise?: string,
  after?: string,
  notes?: string,
];

/** A scene of a story: a caption, a state in the address, and what is lit and moves meanwhile. */
interface Scene {
  words: string;
  at: string;
  seconds: number;
  look: string;
  glide: { key: string; through: string[]; steps: boolean } | null;
}

/** A story as Python tells it; `tab` is the last one on the stage, and `next` has the story after it. */
interface StoryTold {
  title: string;
  scenes: Scene[];
  tab: string;
  next: string | null;
}

/** A story that is told while it is filmed. */
interface StoryFilmed {
  /** The bar of the story, whose colours the film takes. */
  element: HTMLElement;
  title: string;
  /** Plays it from its start. */
  begin(): void;
  caption(): string;
  sceneOf(): number;
  /** True while a scene lasts, and not while it is prepared. */
  runs(): boolean;
  isOver(): boolean;
}

/** A copy of the stage on a canvas as large as a frame. */
interface StoryPaper {
  canvas: HTMLCanvasElement;
  elementOf(): HTMLElement | null;
  /** True if it shows this scene. */
  isOf(index: number): boolean;
  end(): void;
}

/** What a class makes instead of voting. */
type MadeKind = "points" | "drawing" | "trials" | "guesses";

/** A question as the server of a room takes it: choices in their displayed order, or a number with its histogram. */
interface ClassAsked {
  name: string;
  kind?: MadeKind;
  passage?: number;
  choices?: string[];
  right?: number | null;
  unit?: string;
  low?: number;
  high?: number;
  within?: number;
  slips?: number[];
}

/** A question of a lesson that a class can be asked; `reasons` stand beside the choices or the slips. */
interface ClassQuestion {
  asked: ClassAsked;
  title: string;
  reasons: string[];
  /** Tells the answer in the lesson. */
  reveal(): void;
  /** Completes `asked` and `reasons` before the class is asked. */
  prepare?(): Promise<void>;
}

/** A step of a class's log: a state of the page, and a question with both distributions where one was asked. */
interface LoggedStep {
  at: string;
  minute: number;
  name?: string;
  title?: string;
  asked?: ClassAsked;
  reasons?: string[];
  answered?: [number, number];
  shown?: [RoomVotes | null, RoomVotes | null];
}

/** The votes of a question as a room tells them; null while they are not displayed. */
interface RoomVotes {
  counts: number[];
  below?: number;
  above?: number;
  right?: number;
  slips?: number[];
}

/** What a room tells its lecturer. */
interface RoomWall {
  phase: "idle" | "open" | "shown" | "again" | "revealed";
  name: string;
  kind: MadeKind | "";
  /** How much phones have sent of the kind: the number of values, and that of the last change. */
  made?: { asked: number; values: number; change: number };
  phones: number;
  following: number;
  answered: [number, number];
  shown: [RoomVotes | null, RoomVotes | null];
  fewest: number;
}
