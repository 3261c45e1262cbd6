/** Walking through lists by keys: j, k and arrows go to the next and previous row, wherever the rows stand. */

const ROW = "[data-row]";

/** Moves the focus among rows; says whether there was one to go to. */
export function walk(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>(`main ${ROW}`)];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = here < 0 ? rows.at(step > 0 ? 0 : -1) : rows[here + step];
  if (next === undefined) return false;
  const target = next.matches("a, button")
    ? next
    : (next.querySelector<HTMLElement>("[data-main]") ?? next);
  target.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Whether the keyboard writes into a field now. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && target.type !== "checkbox" && target.type !== "radio"))
  );
}
