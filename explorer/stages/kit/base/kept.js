/** Values stored in this browser and nowhere else, if it has storage. */

/** Value kept under a key; null where there is nothing that can be read. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Keeps something that JSON can say; whether it could be kept. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
