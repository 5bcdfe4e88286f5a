// deno-lint-ignore-file no-var
/** What a service worker has, and a page has not. */

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface ExtendableMessageEvent extends ExtendableEvent {
  // deno-lint-ignore no-explicit-any -- the sender's
  readonly data: any;
}

interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

declare function skipWaiting(): Promise<void>;
declare var registration: ServiceWorkerRegistration;
declare var clients: { claim(): Promise<void> };
