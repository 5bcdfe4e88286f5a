/** The charts of a tab's evidence: nothing of them is read before they are about to come into sight. */

const NEAR = "400px";
const RETRY_MS = 3000;

/** Called once by Gradio for each mounted component. */
export function mount({ element, props, server, base }) {
  const root = element.querySelector(".stage");
  if (root.watched) return;
  root.watched = true;
  const watch = new IntersectionObserver((seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    if (!scrollY) return addEventListener("scroll", look, { once: true }); // the page is still being laid out
    watch.disconnect();
    import("./evidence.js").then(
      ({ default: show }) => show({ root, props, server, base }),
      () => setTimeout(() => watch.observe(root), RETRY_MS),
    );
  }, { rootMargin: NEAR });
  const look = () => {
    watch.unobserve(root);
    watch.observe(root);
  };
  look();
}
