/** Retries while the line is down. */

const RETRY_MS = 3_000;

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
