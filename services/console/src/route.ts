/** Where in the console one is. */
import { signal } from "@preact/signals";
import { readPlace, writePlace, type Place } from "./place.ts";

export { writePlace } from "./place.ts";

export const place = signal<Place>(readPlace(window.location.hash));
window.addEventListener("hashchange", () => {
  place.value = readPlace(window.location.hash);
});

export function go(to: string): void {
  window.location.hash = to;
}

/** Changes the query of this place without a step in the history: filters are no pages. */
export function requery(query: Readonly<Record<string, string | undefined>>): void {
  const { view, id } = place.value;
  window.history.replaceState(undefined, "", writePlace(view, id, query));
  place.value = readPlace(window.location.hash);
}
