/** A mode that is about some networks takes the first of them where another one is in use; `more` is set with it. */
export function takeNet({ store }, nets, more = {}) {
  const { net } = store.get();
  store.set({ net: nets.includes(net) ? net : nets[0], ...more });
}
