/** Gauges put into the page by bench.py: what was drawn, when it had been painted, and how many frames drew. */

(() => {
  const CALLS = ["putImageData", "drawImage", "clearRect", "fillRect"];
  const drawn = new Set();
  const frames = new Map();
  let began = null;
  let samples = [];
  let watched = "canvas";

  /** A message posted while a frame is prepared is delivered after that frame has been painted. */
  const painted = new MessageChannel();
  painted.port1.onmessage = () => {
    if (began) samples.push({ event: performance.now() - began.stamp, handler: performance.now() - began.seen });
    began = null;
  };

  for (const name of CALLS) {
    const original = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function call(...args) {
      note(this.canvas);
      return original.apply(this, args);
    };
  }

  function note(canvas) {
    const now = document.timeline.currentTime;
    for (const word of canvas.classList) frames.set(word, (frames.get(word) ?? new Set()).add(now));
    if (!began || drawn.has(began) || !canvas.matches(watched)) return;
    drawn.add(began);
    painted.port2.postMessage(null);
  }

  addEventListener("pointermove", (event) => (began ??= { stamp: event.timeStamp, seen: performance.now() }), {
    capture: true,
  });

  globalThis.gauges = {
    /** Measures from now on how long the canvases that match take to follow the pointer. */
    watch(selector) {
      watched = selector;
      began = null;
      samples = [];
    },
    samples: () => samples,
    startFrames: () => frames.clear(),
    frames: (word) => frames.get(word)?.size ?? 0,
    /** Milliseconds from the next pointer release until the text of an element changes. */
    answer(selector) {
      const element = document.querySelector(selector);
      return new Promise((resolve) => {
        addEventListener("pointerup", (event) => watchText(element, event.timeStamp, resolve), {
          capture: true,
          once: true,
        });
      });
    },
  };

  function watchText(element, from, resolve) {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve(performance.now() - from);
      requestAnimationFrame(() => channel.port2.postMessage(null));
    });
    observer.observe(element, { childList: true, characterData: true, subtree: true });
  }
})();
