/** Retries while the line is down. */

const RETRY_MS = 3_000;
const GATEWAYS = [502, 503, 504]; // a proxy answers, and the app does not

/** What is said where a question does not reach the server. */
export const NEEDS_SERVER = "No connection to the server, which computes this. It is asked again when the connection " +
  "is back.";

/** Resolves some time later, or when the line is back. @returns {Promise<void>} */
export const lineBack = () =>
  new Promise((resolve) => {
    const timer = setTimeout(done, RETRY_MS);
    addEventListener("online", done);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
  });

/**
 * Result of `work`; where a fetch of it fails, which is a TypeError, `lost()` is called and it is tried again.
 * @template Result @param {() => Promise<Result>} work @param {() => void} lost @returns {Promise<Result>}
 */
export async function untilItComes(work, lost) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      console.warn(error.message);
      lost();
      await lineBack();
    }
  }
}

/** True if the server answers; what a browser keeps does not answer this. @returns {Promise<boolean>} */
export async function isReached() {
  try {
    const { status } = await fetch(`${gradio_config.root}/robots.txt`, { method: "HEAD", cache: "no-store" });
    return !GATEWAYS.includes(status);
  } catch {
    return false;
  }
}

/** @type {Promise<void> | null} */
let seeking = null;

/** Resolves once the server answers; whoever waits meanwhile waits for the same. @returns {Promise<void>} */
export function reached() {
  seeking ??= (async () => {
    do await lineBack(); while (!(await isReached()));
    seeking = null;
  })();
  return seeking;
}
